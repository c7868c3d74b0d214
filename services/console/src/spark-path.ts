export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** Points closer together than this share of the time would share a pixel. */
const FINEST_SHARE = 1 / 200;

/** Keeps what a line of the last minutes needs: points within the time, and the one before them; about 200 at most. */
export function addPoint(points: readonly Point[], point: Point, windowMs: number): readonly Point[] {
  const newest = points.at(-1);
  const oldestMs = point.atMs - windowMs;
  const kept = points.filter((_, i) => (points[i + 1]?.atMs ?? Number.POSITIVE_INFINITY) >= oldestMs);
  if (newest && points.length > 1 && point.atMs - newest.atMs < windowMs * FINEST_SHARE)
    kept[kept.length - 1] = { atMs: newest.atMs, value: point.value };
  else kept.push(point);
  return kept;
}

export interface SparkFrame {
  readonly nowMs: number;
  readonly windowMs: number;
  readonly width: number;
  readonly height: number;
}

const MARGIN_PX = 3;

/**
 * An SVG path of steps: stock stays as it is until it changes. The top is the most there was; the bottom is 0 where that
 * is near, so that a small change of a large stock can still be seen. Empty while there is nothing to draw.
 */
export function sparkPath(points: readonly Point[], { nowMs, windowMs, width, height }: SparkFrame): string {
  if (points.length === 0) return '';
  const values = points.map(({ value }) => value);
  const most = Math.max(...values);
  const least = Math.min(...values);
  const bottom = least < (most - least) * 2 ? 0 : least - (most - least) / 2;
  const span = most - bottom || 1;
  const x = (atMs: number) => round(Math.min(width, Math.max(0, ((atMs - (nowMs - windowMs)) / windowMs) * width)));
  const y = (value: number) => round(height - MARGIN_PX - ((value - bottom) / span) * (height - 2 * MARGIN_PX));
  let path = `M${x(points[0]!.atMs)} ${y(points[0]!.value)}`;
  for (const { atMs, value } of points.slice(1)) path += `H${x(atMs)}V${y(value)}`;
  return `${path}H${width}`;
}

/** The area under that line, down to the bottom. */
export function sparkArea(points: readonly Point[], frame: SparkFrame): string {
  const line = sparkPath(points, frame);
  return line === '' ? '' : `${line}V${frame.height}H${/^M([\d.]+)/.exec(line)![1]}Z`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
