const KEPT = 256;
const keptMs = new Float64Array(KEPT).fill(Number.NaN);
const keptTexts: string[] = Array.from({ length: KEPT }, () => '');

/** RFC 3339, UTC. Records of a batch have few append times among them, and writing one out is slow. */
export function instantOf(ms: number): string {
  const place = ms & (KEPT - 1);
  if (keptMs[place] !== ms) {
    keptTexts[place] = new Date(ms).toISOString();
    keptMs[place] = ms;
  }
  return keptTexts[place]!;
}
