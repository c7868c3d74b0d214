const KEPT = 512;

export interface LatencyFigures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How many updates these figures come from, the newest 512 at most. */
  readonly updates: number;
}

/** From a change's `asOf` to its arrival, by this device's clock; snapshots are left out. */
export class LatencyRecord {
  private readonly delays: number[] = [];
  private next = 0;

  add(delayMs: number): void {
    if (!Number.isFinite(delayMs)) return;
    this.delays[this.next] = Math.max(0, delayMs);
    this.next = (this.next + 1) % KEPT;
  }

  figures(): LatencyFigures | undefined {
    if (this.delays.length === 0) return undefined;
    const sorted = this.delays.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
    return { p50Ms: at(0.5), p99Ms: at(0.99), updates: sorted.length };
  }
}
