import type { SeededRandom } from '../seeded-random.ts';
import { moment, until } from './awaiting.ts';
import { DeltaMaker, type MadeDelta } from './made-deltas.ts';
import { PauseMeter } from './pause-meter.ts';

const SENDERS = 3;
const ITEMS_PER_REQUEST = 40;
/** Some 1,000 deltas a second where nothing is in the way. */
const SEND_EVERY_MS = 120;
const RETRY_AFTER_MS = 250;
/** Acknowledged ones that are sent once more, as a till does whose line broke before the answer. */
const REPEATED_SHARE = 0.05;
const ANSWER_LIMIT_MS = 15_000;

interface DeltasAnswer {
  readonly accepted: number;
  readonly rejected: readonly { readonly index: number; readonly type: string; readonly detail?: string }[];
}

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
  private readonly address: () => string;
  private readonly token: string;
  private readonly random: SeededRandom;
  private readonly signal: AbortSignal;
  private making = false;
  private readonly ended = new AbortController();
  private requests = 0;
  private failure: Error | undefined;

  constructor(options: { address: () => string; token: string; random: SeededRandom; signal: AbortSignal }) {
    this.address = options.address;
    this.token = options.token;
    this.random = options.random;
    this.signal = AbortSignal.any([options.signal, this.ended.signal]);
    this.maker = new DeltaMaker('faults', options.random);
  }

  start(): void {
    this.resume();
    for (let i = 0; i < SENDERS; i++) void this.sendOn();
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
        if (items.length === 0) await moment(SEND_EVERY_MS, this.signal);
        else await moment((await this.send(items)) ? SEND_EVERY_MS : RETRY_AFTER_MS, this.signal);
      }
    } catch (error) {
      if (!this.signal.aborted) this.failure = error as Error;
    }
  }

  private take(): MadeDelta[] {
    const items = [...this.waiting.splice(0, ITEMS_PER_REQUEST), ...this.repeats.splice(0)];
    while (this.making && items.length < ITEMS_PER_REQUEST) items.push(this.maker.next());
    return items;
  }

  private async send(items: readonly MadeDelta[]): Promise<boolean> {
    this.requests++;
    for (const { id } of items) this.timesSent.set(id, (this.timesSent.get(id) ?? 0) + 1);
    try {
      const answer = await this.post(items);
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

  /** Undefined when nothing can be known of what became of it. */
  private async post(items: readonly MadeDelta[]): Promise<DeltasAnswer | undefined> {
    const limit = AbortSignal.any([this.signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]);
    try {
      const response = await fetch(`${this.address()}/api/inventory/deltas`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(items),
        signal: limit,
      });
      const text = await response.text();
      if (response.status === 202) return JSON.parse(text) as DeltasAnswer;
      if (response.status < 500 && response.status !== 429)
        this.failure = new Error(`deltas were refused with ${response.status}: ${text}`);
      return undefined;
    } catch {
      this.signal.throwIfAborted();
      return undefined;
    }
  }

  private settle(items: readonly MadeDelta[], { rejected }: DeltasAnswer): void {
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
