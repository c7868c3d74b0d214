import type { Screen } from './screen.js';
import type { TaskChange } from './task-board.js';

/** Who gets what: every screen of a store gets all its changes. */
export class ScreensByStore {
  private readonly byStore = new Map<string, Set<Screen>>();
  private count = 0;

  constructor(private readonly maxPerStore: number) {}

  get size(): number {
    return this.count;
  }
  unacknowledged(): number {
    let sum = 0;
    for (const screens of this.byStore.values()) for (const screen of screens) sum += screen.unacknowledged;
    return sum;
  }
  /** Those with a screen open here. */
  stores(): Iterable<string> {
    return this.byStore.keys();
  }
  countOf(store: string): number {
    return this.byStore.get(store)?.size ?? 0;
  }
  isFull(store: string): boolean {
    return this.countOf(store) >= this.maxPerStore;
  }

  join(screen: Screen): void {
    const screens = this.byStore.get(screen.store) ?? new Set();
    screens.add(screen);
    this.byStore.set(screen.store, screens);
    this.count++;
  }
  leave(screen: Screen): void {
    screen.stop();
    const screens = this.byStore.get(screen.store);
    if (!screens?.delete(screen)) return;
    this.count--;
    if (screens.size === 0) this.byStore.delete(screen.store);
  }

  take(changes: readonly TaskChange[]): void {
    for (const change of changes) for (const screen of this.byStore.get(change.store) ?? []) screen.take(change);
  }
}
