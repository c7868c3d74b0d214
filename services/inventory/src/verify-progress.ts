const TELL_EVERY_MS = 1000;

/** How far it is, how fast, and how long it will take: a line a second. */
export class VerifyProgress {
  private readCount = 0;
  private startedMs: number | undefined;
  private toldMs = 0;

  constructor(
    private readonly total: number,
    private readonly tell: (line: string) => void,
  ) {}

  read(count: number, nowMs: number): void {
    this.startedMs ??= this.toldMs = nowMs;
    this.readCount += count;
    if (nowMs - this.toldMs < TELL_EVERY_MS) return;
    this.toldMs = nowMs;
    const perSecond = (this.readCount * 1000) / (nowMs - this.startedMs);
    const leftSeconds = Math.ceil(Math.max(0, this.total - this.readCount) / perSecond);
    this.tell(`${this.readCount} of ${this.total} movements, ${Math.round(perSecond)}/s, ${leftSeconds} s left`);
  }
}
