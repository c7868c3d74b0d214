/** So many at once, refilled steadily. */
export class TokenBucket {
  private tokens: number;
  private filledAtMs: number;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    nowMs: number,
  ) {
    this.tokens = burst;
    this.filledAtMs = nowMs;
  }

  take(nowMs: number): boolean {
    this.tokens = Math.min(this.burst, this.tokens + ((nowMs - this.filledAtMs) / 1000) * this.perSecond);
    this.filledAtMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** Sockets per address; loopback is not limited (a reverse proxy beside the gateway should have TRUST_PROXY set). */
export class SocketsPerAddress {
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly maxPerAddress: number,
    private readonly maxInAll: number,
  ) {}

  private total = 0;

  /** The reason for a refusal, or undefined. */
  refusal(address: string): 'address' | 'total' | undefined {
    if (this.total >= this.maxInAll) return 'total';
    if (!LOOPBACK.test(address) && (this.counts.get(address) ?? 0) >= this.maxPerAddress) return 'address';
    return undefined;
  }
  opened(address: string): void {
    this.total++;
    this.counts.set(address, (this.counts.get(address) ?? 0) + 1);
  }
  closed(address: string): void {
    this.total--;
    const left = (this.counts.get(address) ?? 1) - 1;
    if (left > 0) this.counts.set(address, left);
    else this.counts.delete(address);
  }
}
