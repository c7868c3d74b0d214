const TELL_EVERY_MS = 1000;

/** How far it is, how fast, and how long it will take: a line a second. */
export class VerifyProgress {
  private readCount = 0;
  private startedMs: number | undefined;
  private toldMs = 0;

  /** About: records that the ledger has taken, since a server may count its movements for as long as they take to read. */
  constructor(
    private readonly about: number,
    private readonly tell: (line: string) => void,
  ) {}

  read(count: number, nowMs: number): void {
    this.startedMs ??= this.toldMs = nowMs;
    this.readCount += count;
    if (nowMs - this.toldMs < TELL_EVERY_MS) return;
    this.toldMs = nowMs;
    const perSecond = (this.readCount * 1000) / (nowMs - this.startedMs);
    const speed = `${Math.round(perSecond)}/s`;
    if (this.readCount > this.about) return this.tell(`${this.readCount} movements, ${speed}`);
    const leftSeconds = Math.ceil((this.about - this.readCount) / perSecond);
    this.tell(`${this.readCount} of about ${this.about} movements, ${speed}, ${leftSeconds} s left`);
  }
}
