import type { Clock } from '@shelfline/streaming/clock';

interface Sleeper {
  readonly atMs: number;
  readonly order: number;
  readonly wake: () => void;
}

const isBefore = (a: Sleeper, b: Sleeper): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/**
 * Virtual time. Everything that waits in a history waits here, so one seed decides what happens in which order: the
 * next sleeper wakes only when everything that the last one set in motion has come to wait again.
 */
export class Scheduler implements Clock {
  private readonly heap: Sleeper[] = [];
  private order = 0;
  private nowMs: number;
  events = 0;

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  now(): number {
    return this.nowMs;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const end = () => {
        signal?.removeEventListener('abort', end);
        resolve();
      };
      this.push({ atMs: this.nowMs + Math.max(0, delayMs), order: this.order++, wake: signal ? end : resolve });
      signal?.addEventListener('abort', end, { once: true });
    });
  }

  /** Answers how to call it off. */
  at(atMs: number, run: () => void): () => void {
    let isWanted = true;
    this.push({ atMs, order: this.order++, wake: () => isWanted && run() });
    return () => {
      isWanted = false;
    };
  }

  async run(untilMs: number): Promise<void> {
    await drained();
    for (;;) {
      const head = this.heap[0];
      if (!head || head.atMs > untilMs) break;
      this.pop();
      this.nowMs = Math.max(this.nowMs, head.atMs);
      this.events++;
      head.wake();
      await drained();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
    // Node ends the process for a rejection that nobody handled, but only when no tick is left.
    await new Promise((resolve) => setImmediate(resolve));
  }

  private push(sleeper: Sleeper): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(sleeper);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(sleeper, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = sleeper;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

/**
 * All promises that can go on have gone on: Node does not begin with ticks before that. A turn of the event loop, which
 * asks the operating system for news, would cost as much as many a step.
 */
const drained = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
