/**
 * Outputs of committed batches on their way, one batch after the other. What follows a failed one is not sent: it would
 * overtake it, and the next claim publishes both again. Never rejects.
 */
export class PublishQueue {
  private readonly sending: Promise<void>[] = [];
  private last: Promise<void>;
  private isGivenUp = false;
  private failedWith: Error | undefined;

  /**
   * `published`: outputs below this offset are acknowledged. A new claim begins after what the one before was sending.
   */
  constructor(
    private publishedTo: number,
    before?: PublishQueue,
  ) {
    this.last = before?.last ?? Promise.resolve();
  }

  get published(): number {
    return this.publishedTo;
  }
  get failure(): Error | undefined {
    return this.failedWith;
  }
  /** Batches that are not acknowledged. */
  get length(): number {
    return this.sending.length;
  }

  /** `end`: the first offset after the batch. */
  add(send: () => Promise<void>, end: number): void {
    const sent = this.last.then(() => this.send(send, end));
    this.last = sent;
    this.sending.push(sent);
  }

  private async send(send: () => Promise<void>, end: number): Promise<void> {
    // Given up meanwhile: the next claim republishes, and this would only come late.
    if (!this.isGivenUp && !this.failedWith) {
      try {
        await send();
        this.publishedTo = end;
      } catch (error) {
        this.failedWith = error as Error;
      }
    }
    void this.sending.shift();
  }

  /** Nothing that has not begun is sent. */
  giveUp(): void {
    this.isGivenUp = true;
  }

  /** Everything that nothing had to be published for counts too. */
  reached(offset: number): void {
    this.publishedTo = offset;
  }

  async untilAtMost(batches: number): Promise<void> {
    while (this.sending.length > batches) await this.sending[0];
  }
  all(): Promise<void> {
    return this.last;
  }
}
