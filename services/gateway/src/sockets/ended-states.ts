import type { HeldState } from './follower.js';

/**
 * What ended, as its tombstone tells it, so that a screen that was away meanwhile learns it when it asks. It is as much as
 * the topic still has of tombstones, and no more than a bound: of what ended first a screen keeps what it shows.
 */
export class EndedStates {
  private readonly byKey = new Map<string, HeldState>();

  constructor(private readonly most: number) {}

  ended(key: string, held: HeldState): void {
    const known = this.byKey.get(key);
    if (known && known.version >= held.version) return;
    this.byKey.delete(key);
    const [oldest] = this.byKey.size >= this.most ? this.byKey.keys() : [];
    if (oldest !== undefined) this.byKey.delete(oldest);
    this.byKey.set(key, held);
  }

  /** It was begun anew; what a former owner wrote late begins nothing. */
  begun(key: string, held: HeldState): void {
    const known = this.byKey.get(key);
    if (known && known.version < held.version) this.byKey.delete(key);
  }

  /** The newest of what is held and how it ended. */
  newest(key: string, held: HeldState | undefined): HeldState | undefined {
    const known = this.byKey.get(key);
    return known && known.version > (held?.version ?? 0) ? known : held;
  }
}
