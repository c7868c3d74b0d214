import type { Timer } from '../sockets/timer.js';

/** Time that passes only when told to. */
export class ManualTimer implements Timer {
  private timeMs = 1000;
  private readonly planned = new Set<{ readonly atMs: number; readonly run: () => void }>();

  readonly nowMs = (): number => this.timeMs;

  after(delayMs: number, run: () => void): () => void {
    const entry = { atMs: this.timeMs + delayMs, run };
    this.planned.add(entry);
    return () => this.planned.delete(entry);
  }

  /** The process is busy for so long: what falls due meanwhile is late. */
  pass(ms: number): void {
    this.timeMs += ms;
  }

  advance(ms: number): void {
    const untilMs = this.timeMs + ms;
    for (;;) {
      let next: { readonly atMs: number; readonly run: () => void } | undefined;
      for (const entry of this.planned) if (entry.atMs <= untilMs && (!next || entry.atMs < next.atMs)) next = entry;
      if (!next) break;
      this.planned.delete(next);
      this.timeMs = Math.max(this.timeMs, next.atMs);
      next.run();
    }
    this.timeMs = Math.max(this.timeMs, untilMs);
  }
}
