import type { Follower, HeldState } from './follower.js';

export interface FollowingOptions {
  readonly find: (key: string) => HeldState | undefined;
  readonly maxPerSocket: number;
}

/** Who follows what. Following and the snapshot are one step: a change is in the snapshot or comes after it. */
export class Following {
  private readonly followers = new Map<string, Set<Follower>>();

  constructor(private readonly options: FollowingOptions) {}

  /** What somebody follows. */
  get size(): number {
    return this.followers.size;
  }

  isFull(follower: Follower, key: string): boolean {
    return !follower.follows(key) && follower.size >= this.options.maxPerSocket;
  }

  /** The state to answer with; undefined where the client holds it, or a newer one. */
  follow(follower: Follower, key: string, since: number): HeldState | undefined {
    const others = this.followers.get(key);
    if (others) others.add(follower);
    else this.followers.set(key, new Set([follower]));
    return follower.follow(key, this.options.find(key), since);
  }

  leave(follower: Follower, key: string): void {
    follower.leave(key);
    const others = this.followers.get(key);
    others?.delete(follower);
    if (others?.size === 0) this.followers.delete(key);
  }

  leaveAll(follower: Follower): void {
    for (const key of follower.keys) this.leave(follower, key);
    follower.stop();
  }

  changed(key: string, held: HeldState): void {
    for (const follower of this.followers.get(key) ?? []) follower.take(key, held);
  }
}
