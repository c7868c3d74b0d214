import { type TurnTiming, turnTiming } from './turn-timing.js';

interface Group {
  unanswered: number;
}

/** One that is answered late, or never, holds what comes after it no longer: several times what a group takes. */
const PATIENCE_MS = 100;

/**
 * Nagle's rule (RFC 896) for what is asked through topics: while a group of asks is unanswered, whoever else asks waits
 * and leaves with the next, so they share each request on the way through the services and back. Each of those costs
 * about as much for one ask as for ten; asks that follow each other closely would fight for the processors at every step.
 * One that asks alone does not wait; nobody waits longer than 100 ms. Rejections are the asker's own.
 */
export class AskedInGroups {
  private waiting: ((group: Group) => void)[] = [];
  /** The newest group, until it is answered or patience is lost. */
  private underWay: Group | undefined;
  private isCalled = false;
  private cancelPatience: (() => void) | undefined;

  constructor(private readonly timing: TurnTiming = turnTiming) {}

  async run<T>(ask: () => Promise<T>): Promise<T> {
    const group = await new Promise<Group>((go) => {
      this.waiting.push(go);
      if (!this.underWay) this.callSoon();
    });
    try {
      return await ask();
    } finally {
      group.unanswered--;
      if (group.unanswered === 0 && group === this.underWay) this.leave();
    }
  }

  private callSoon(): void {
    if (this.isCalled) return;
    this.isCalled = true;
    this.timing.soon(() => {
      this.isCalled = false;
      this.leave();
    });
  }

  private leave(): void {
    this.cancelPatience?.();
    this.cancelPatience = undefined;
    this.underWay = undefined;
    const leaving = this.waiting;
    if (leaving.length === 0) return;
    this.waiting = [];
    const group = { unanswered: leaving.length };
    this.underWay = group;
    this.cancelPatience = this.timing.after(PATIENCE_MS, () => this.leave());
    for (const go of leaving) go(group);
  }
}
