const WINDOW_S = 10;

/** Updates a second, averaged over the last ten whole seconds; holds ten numbers however many updates come. */
export class UpdateRate {
  private readonly counts = new Map<number, number>();

  add(updates: number, nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    this.counts.set(second, (this.counts.get(second) ?? 0) + updates);
    this.forgetBefore(second - WINDOW_S);
  }

  perSecond(nowMs: number): number {
    const second = Math.floor(nowMs / 1000);
    this.forgetBefore(second - WINDOW_S);
    let updates = 0;
    for (const [at, count] of this.counts) if (at < second) updates += count;
    return updates / WINDOW_S;
  }

  private forgetBefore(second: number): void {
    for (const at of this.counts.keys()) if (at < second) this.counts.delete(at);
  }
}
