/** Remembers the longest time in which nothing came. */
export class PauseMeter {
  private lastMs: number | undefined;
  longestMs = 0;
  marks = 0;

  mark(count = 1, nowMs = Date.now()): void {
    this.marks += count;
    if (this.lastMs !== undefined) this.longestMs = Math.max(this.longestMs, nowMs - this.lastMs);
    this.lastMs = nowMs;
  }

  /** Time that is meant to be quiet does not count. */
  forget(): void {
    this.lastMs = undefined;
  }
}
