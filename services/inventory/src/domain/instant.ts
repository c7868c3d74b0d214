let lastMs = Number.NaN;
let lastText = '';

/** RFC 3339, UTC. Records of a batch mostly have one append time, and writing it out is slow. */
export function instantOf(ms: number): string {
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString();
    lastMs = ms;
  }
  return lastText;
}
