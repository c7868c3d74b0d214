const WINDOW_MS = 10_000;
/** A page asks when its basket or its address changes. */
const MOST_PER_ASKER = 20;
/** An ask over 208 stores takes some 45 ms of the process that also routes orders: a fifth of it at most. */
const MOST_OF_ALL = 45;
const MOST_ASKERS = 10_000;

/** Whoever asks without end keeps nobody else from his answer, nor orders from being routed. */
export class AskLimit {
  private beganMs = Number.NEGATIVE_INFINITY;
  private all = 0;
  private readonly asks = new Map<string, number>();

  constructor(
    private readonly now: () => number,
    private readonly most = { perAsker: MOST_PER_ASKER, ofAll: MOST_OF_ALL },
  ) {}

  /** Seconds to wait; undefined: he may ask. */
  findWaitSeconds(asker: string): number | undefined {
    const nowMs = this.now();
    if (nowMs - this.beganMs >= WINDOW_MS) {
      this.beganMs = nowMs;
      this.all = 0;
      this.asks.clear();
    }
    const asked = this.asks.get(asker) ?? 0;
    const isNewInACrowd = asked === 0 && this.asks.size >= MOST_ASKERS;
    if (asked >= this.most.perAsker || this.all >= this.most.ofAll || isNewInACrowd)
      return Math.ceil((this.beganMs + WINDOW_MS - nowMs) / 1000);
    this.asks.set(asker, asked + 1);
    this.all += 1;
    return undefined;
  }
}
