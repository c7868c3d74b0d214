import type { Clock } from '../clock.js';

/** Lets everything that is ready to run do so: promises, and what they start in turn. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  private readonly sleepers: { atMs: number; wake: () => void }[] = [];

  constructor(private nowMs = 1_700_000_000_000) {}

  now(): number {
    return this.nowMs;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const sleeper = { atMs: this.nowMs + delayMs, wake: resolve };
      this.sleepers.push(sleeper);
      signal?.addEventListener(
        'abort',
        () => {
          const index = this.sleepers.indexOf(sleeper);
          if (index >= 0) this.sleepers.splice(index, 1);
          resolve();
        },
        { once: true },
      );
    });
  }

  /** Wakes whoever is due, one after the other, each with everything it starts. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.nowMs + byMs;
    for (;;) {
      await settle();
      this.sleepers.sort((a, b) => a.atMs - b.atMs);
      const head = this.sleepers[0];
      if (!head || head.atMs > untilMs) break;
      this.sleepers.shift();
      this.nowMs = Math.max(this.nowMs, head.atMs);
      head.wake();
    }
    this.nowMs = untilMs;
    await settle();
  }
}
