import type { Clock } from '@shelfline/streaming/clock';
import type { SeededRandom } from '../seeded-random.ts';
import type { Scheduler } from './scheduler.ts';

const never = new Promise<never>(() => {});
const passed = Promise.resolve();

/**
 * A process as the others see it: it may die at any moment, stand still for a while and go on as if nothing had
 * happened, and have a wrong clock. What it had asked of a server is done all the same; it only never hears of it.
 */
export class Machine {
  private alive = true;
  private frozenUntilMs = 0;

  readonly name: string;
  readonly scheduler: Scheduler;
  private readonly random: SeededRandom;
  private readonly skewMs: number;

  constructor(name: string, scheduler: Scheduler, random: SeededRandom, skewMs: number) {
    this.name = name;
    this.scheduler = scheduler;
    this.random = random;
    this.skewMs = skewMs;
  }

  get isAlive(): boolean {
    return this.alive;
  }
  kill(): void {
    this.alive = false;
  }
  freeze(untilMs: number): void {
    this.frozenUntilMs = Math.max(this.frozenUntilMs, untilMs);
  }

  /** The way of a request to a server, or of an answer: nobody's life or death changes it. */
  travel(slowness = 1): Promise<void> {
    return this.scheduler.sleep((0.2 + this.random.next() * 4) * slowness);
  }

  /** Where a process that was killed ends, and a frozen one waits. */
  step(): Promise<void> {
    return this.alive && this.frozenUntilMs <= this.scheduler.now() ? passed : this.stop();
  }

  private async stop(): Promise<void> {
    while (this.alive && this.frozenUntilMs > this.scheduler.now())
      await this.scheduler.sleep(this.frozenUntilMs - this.scheduler.now());
    if (!this.alive) await never;
  }

  async turn(): Promise<void> {
    await this.travel();
    await this.step();
  }

  readonly clock: Clock = {
    now: () => this.scheduler.now() + this.skewMs,
    sleep: async (delayMs, signal) => {
      await this.scheduler.sleep(delayMs, signal);
      await this.step();
    },
  };
}
