import type { SeededRandom } from '../seeded-random.ts';
import { moment, until } from './awaiting.ts';
import type { SendDeltas } from './delta-senders.ts';
import { DeltaMaker, type MadeDelta, SKUS } from './made-deltas.ts';
import { PauseMeter } from './pause-meter.ts';

const RETRY_AFTER_MS = 250;
/** Acknowledged ones that are sent once more, as a till does whose line broke before the answer. */
const REPEATED_SHARE = 0.05;

/** How much is sent, and of what. */
export interface LoadFlow {
  readonly senders: number;
  readonly itemsPerRequest: number;
  readonly everyMs: number;
  readonly skus: readonly string[];
  /** Nothing new is made while so many are acknowledged and not applied. */
  readonly mostUnapplied: number;
}

/** Some 1,000 deltas a second where nothing is in the way. */
export const TILLS: LoadFlow = {
  senders: 3,
  itemsPerRequest: 40,
  everyMs: 120,
  skus: SKUS,
  mostUnapplied: Number.POSITIVE_INFINITY,
};

/**
 * A sender that keeps its promise: what was not answered as accepted is sent again, with the same id, until it is.
 * Remembers what was acknowledged and how often it was sent.
 */
export class DeltaLoad {
  readonly acknowledged = new Map<string, MadeDelta>();
  readonly timesSent = new Map<string, number>();
  readonly pauses = new PauseMeter();
  unansweredRequests = 0;
  private readonly waiting: MadeDelta[] = [];
  private readonly repeats: MadeDelta[] = [];
  private readonly maker: DeltaMaker;
  private readonly sendDeltas: SendDeltas;
  private readonly flow: LoadFlow;
  private readonly applied: () => number;
  private readonly random: SeededRandom;
  private readonly signal: AbortSignal;
  private making = false;
  private readonly ended = new AbortController();
  private requests = 0;
  private failure: Error | undefined;

  constructor(options: {
    send: SendDeltas;
    flow: LoadFlow;
    /** How many were applied so far. */
    applied: () => number;
    random: SeededRandom;
    signal: AbortSignal;
  }) {
    this.sendDeltas = options.send;
    this.flow = options.flow;
    this.applied = options.applied;
    this.random = options.random;
    this.signal = AbortSignal.any([options.signal, this.ended.signal]);
    this.maker = new DeltaMaker('faults', options.random, options.flow.skus);
  }

  /** Made by somebody else, sent and repeated as the load's own. */
  add(deltas: readonly MadeDelta[]): void {
    this.waiting.push(...deltas);
  }

  /** Taken from somebody else by another way. */
  acknowledge(deltas: readonly MadeDelta[]): void {
    for (const delta of deltas) this.acknowledged.set(delta.id, delta);
  }

  start(): void {
    this.resume();
    for (let i = 0; i < this.flow.senders; i++) void this.sendOn();
  }

  resume(): void {
    this.making = true;
    this.pauses.forget();
  }

  /** Makes nothing new; resolves when everything that was made is acknowledged. */
  async pause(): Promise<void> {
    this.making = false;
    await until(
      () => this.waiting.length === 0 && this.repeats.length === 0 && this.requests === 0,
      'every delta acknowledged',
      this.signal,
    );
    this.check();
    this.pauses.forget();
  }

  stop(): void {
    this.ended.abort(new Error('the load has ended'));
  }

  /** Throws what a sender was refused with: made deltas are right, so none may be. */
  check(): void {
    if (this.failure) throw this.failure;
  }

  private async sendOn(): Promise<void> {
    try {
      for (;;) {
        const items = this.take();
        const isTaken = items.length === 0 || (await this.send(items));
        await moment(isTaken ? this.flow.everyMs : RETRY_AFTER_MS, this.signal);
      }
    } catch (error) {
      if (!this.signal.aborted) this.failure = error as Error;
    }
  }

  private take(): MadeDelta[] {
    const { itemsPerRequest, mostUnapplied } = this.flow;
    const items = [...this.waiting.splice(0, itemsPerRequest), ...this.repeats.splice(0)];
    const isAhead = this.acknowledged.size - this.applied() >= mostUnapplied;
    while (this.making && !isAhead && items.length < itemsPerRequest) items.push(this.maker.next());
    return items;
  }

  private async send(items: readonly MadeDelta[]): Promise<boolean> {
    this.requests++;
    for (const { id } of items) this.timesSent.set(id, (this.timesSent.get(id) ?? 0) + 1);
    try {
      const answer = await this.sendDeltas(items, this.signal);
      if (answer) this.settle(items, answer);
      else {
        this.unansweredRequests++;
        this.waiting.push(...items);
      }
      return answer !== undefined && answer.rejected.length === 0;
    } finally {
      this.requests--;
    }
  }

  private settle(items: readonly MadeDelta[], { rejected }: NonNullable<Awaited<ReturnType<SendDeltas>>>): void {
    const failed = new Map(rejected.map((rejection) => [rejection.index, rejection]));
    let fresh = 0;
    items.forEach((delta, index) => {
      const rejection = failed.get(index);
      if (rejection) {
        if (rejection.type !== 'unavailable')
          this.failure = new Error(`a delta was refused as ${rejection.type}: ${rejection.detail ?? ''}`);
        this.waiting.push(delta);
        return;
      }
      if (!this.acknowledged.has(delta.id)) fresh++;
      this.acknowledged.set(delta.id, delta);
      if (this.making && this.random.next() < REPEATED_SHARE) this.repeats.push(delta);
    });
    if (fresh > 0) this.pauses.mark(fresh);
  }
}
