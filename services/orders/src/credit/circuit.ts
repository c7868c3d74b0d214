export interface CircuitOptions {
  /** So many failures in a row open it. */
  readonly openAfter: number;
  /** It is tried with one request then. */
  readonly tryAfterMs: number;
  readonly now: () => number;
}

/**
 * Keeps requests from somebody who does not answer: each of them would wait for its time-out, and those behind it too.
 * After a while one is let through; its success lets all others follow.
 */
export class Circuit {
  private failures = 0;
  private openedAtMs: number | undefined;

  constructor(private readonly options: CircuitOptions) {}

  /** Whether a request may go out. */
  lets(): boolean {
    if (this.openedAtMs === undefined) return true;
    const { now, tryAfterMs } = this.options;
    if (now() - this.openedAtMs < tryAfterMs) return false;
    this.openedAtMs = now();
    return true;
  }
  succeeded(): void {
    this.failures = 0;
    this.openedAtMs = undefined;
  }
  failed(): void {
    this.failures++;
    if (this.failures >= this.options.openAfter) this.openedAtMs = this.options.now();
  }
}
