interface Asked<T> {
  readonly ids: readonly string[];
  resolve(found: ReadonlyMap<string, T>): void;
  reject(error: unknown): void;
}

/** Two, so that a long list holds no single one up. */
const AT_ONCE = 2;

/**
 * Shares look-ups by id: while some are under way, whoever asks waits for the next one, which takes all that have come
 * meanwhile. Alone one costs the database and this process half a millisecond, and hundreds at once each a connection.
 * Never shared with one that began before it was asked for, so nobody is told what was so earlier.
 */
export class JoinedLookUps<T> {
  private waiting: Asked<T>[] = [];
  private underWay = 0;

  constructor(private readonly lookUp: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>) {}

  /** May hold more than was asked for. */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, T>> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ids, resolve, reject });
      if (this.underWay < AT_ONCE) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.underWay++;
    // Whoever else asks in this turn joins.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const joined = this.waiting;
      this.waiting = [];
      try {
        const found = await this.lookUp([...new Set(joined.flatMap(({ ids }) => ids))]);
        for (const { resolve } of joined) resolve(found);
      } catch (error) {
        for (const { reject } of joined) reject(error);
      }
    }
    this.underWay--;
  }
}
