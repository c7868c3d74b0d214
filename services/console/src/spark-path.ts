export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** Keeps what a line of the last minutes needs: points within the time, and the one before them. */
export function addPoint(points: readonly Point[], point: Point, windowMs: number): Point[] {
  const kept = [...points, point];
  const oldest = point.atMs - windowMs;
  while (kept.length > 2 && kept[1]!.atMs < oldest) kept.shift();
  return kept;
}

/** An SVG path of steps: stock stays as it is until it changes. Empty while there is nothing to draw. */
export function sparkPath(
  points: readonly Point[],
  nowMs: number,
  windowMs: number,
  width: number,
  height: number,
): string {
  if (points.length === 0) return '';
  const values = points.map(({ value }) => value);
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const x = (atMs: number) => round(Math.max(0, ((atMs - (nowMs - windowMs)) / windowMs) * width));
  const y = (value: number) => round(height - 2 - ((value - low) / span) * (height - 4));
  let path = `M${x(points[0]!.atMs)} ${y(points[0]!.value)}`;
  for (const { atMs, value } of points.slice(1)) path += `H${x(atMs)}V${y(value)}`;
  return `${path}H${width}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
