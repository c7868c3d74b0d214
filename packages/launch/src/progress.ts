import { type Bar, SingleBar } from 'cli-progress';
import pc from 'picocolors';
import { grouped } from './totals.js';

/** What the person sees: plain lines, and one bar with rate and time left (lines every few seconds without a terminal). */
export class Screen {
  private bar: SingleBar | undefined;
  private readonly live = process.stdout.isTTY === true;

  say(line: string): void {
    if (this.bar && this.live) process.stdout.write('\r\u001b[K');
    console.log(`${pc.dim(new Date().toISOString().slice(11, 19))} ${line}`);
  }

  /** Shows how far something is; `note` is set with every step. */
  begin(label: string, total: number): Progress {
    if (!this.live) return new PlainProgress(label, total, (line) => this.say(line));
    const bar = new SingleBar({
      format: `${label} [{bar}] {percentage}% {value}/{total} {rate}/s, {left} left {note}`,
      hideCursor: true,
      barsize: 24,
    });
    bar.start(total, 0, { rate: '–', left: '…', note: '' });
    this.bar = bar;
    return new BarProgress(bar, total, () => {
      this.bar = undefined;
    });
  }
}

export interface Progress {
  /** `secondsLeft` where it is known otherwise than by the rate. */
  update(value: number, note?: string, secondsLeft?: number): void;
  /** All of it is done, or it is given up. */
  end(isComplete?: boolean): void;
}

/** Rate of the last ten seconds, which is what the time left depends on. */
class Rate {
  private readonly seen: { atMs: number; value: number }[] = [];
  next(value: number): number {
    const nowMs = Date.now();
    this.seen.push({ atMs: nowMs, value });
    while (this.seen.length > 2 && nowMs - this.seen[0]!.atMs > 10_000) this.seen.shift();
    const first = this.seen[0]!;
    // The ledger's lag is known partition by partition, so that what is done may seem to shrink at first.
    return nowMs > first.atMs ? Math.max(0, ((value - first.value) * 1000) / (nowMs - first.atMs)) : 0;
  }
}

const timeLeft = (units: number, rate: number, known?: number): string => {
  if (known === undefined && rate <= 0) return '…';
  const seconds = Math.round(known ?? units / rate);
  return seconds >= 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds} s`;
};

class BarProgress implements Progress {
  private readonly rate = new Rate();
  constructor(
    private readonly bar: Bar,
    private readonly total: number,
    private readonly onEnd: () => void,
  ) {}
  update(value: number, note = '', secondsLeft?: number): void {
    const rate = this.rate.next(value);
    this.bar.update(value, { rate: Math.round(rate), left: timeLeft(this.total - value, rate, secondsLeft), note });
  }
  end(isComplete = true): void {
    if (isComplete) this.update(this.total);
    this.bar.stop();
    this.onEnd();
  }
}

class PlainProgress implements Progress {
  private readonly rate = new Rate();
  private toldMs = Date.now();
  constructor(
    private readonly label: string,
    private readonly total: number,
    private readonly say: (line: string) => void,
  ) {}
  update(value: number, note = '', secondsLeft?: number): void {
    const rate = this.rate.next(value);
    if (Date.now() - this.toldMs < 5000) return;
    this.toldMs = Date.now();
    const percent = Math.floor((value * 100) / Math.max(1, this.total));
    this.say(
      `${this.label}: ${percent} %, ${grouped(value)} of ${grouped(this.total)}, ${grouped(Math.round(rate))}/s, ${timeLeft(this.total - value, rate, secondsLeft)} left ${note}`,
    );
  }
  end(isComplete = true): void {
    if (isComplete) this.say(`${this.label}: all ${grouped(this.total)}`);
  }
}
