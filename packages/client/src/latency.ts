const KEPT = 512;
const WINDOW_MS = 60_000;

export interface LatencyFigures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How many updates these figures come from: those of the last minute, the newest 512 at most. */
  readonly updates: number;
}

/** From a change's `asOf` to its arrival, by this device's clock; snapshots are left out. */
export class LatencyRecord {
  private readonly arrivals: { readonly delayMs: number; readonly atMs: number }[] = [];
  private next = 0;

  add(delayMs: number, atMs: number): void {
    if (!Number.isFinite(delayMs)) return;
    this.arrivals[this.next] = { delayMs: Math.max(0, delayMs), atMs };
    this.next = (this.next + 1) % KEPT;
  }

  /** Undefined while nothing arrived within the last minute. */
  figures(nowMs: number): LatencyFigures | undefined {
    const recent = this.arrivals.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
    if (recent.length === 0) return undefined;
    const sorted = recent.map(({ delayMs }) => delayMs).sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
    return { p50Ms: at(0.5), p99Ms: at(0.99), updates: sorted.length };
  }
}
