import { randomUUID } from 'node:crypto';
import { CourierAnswered } from '@shelfline/contracts/parcel';
import { TOPICS } from '@shelfline/contracts/topics';
import type { Log } from '@shelfline/streaming/log';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { Parcel } from '../domain/couriers/parcel.js';
import type { Courier } from './courier.js';

/** At once, so that a courier that hangs holds up no more than these. */
const MOST_UNDER_WAY = 20;
/** An answer is on its way to the partition for some milliseconds; lost, it is asked for again. */
const ANSWER_LOST_AFTER_MS = 10_000;

export interface CourierRunnerOptions {
  readonly couriers: ReadonlyMap<string, Courier>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly timeoutMs: number;
  readonly nowMs: () => number;
  readonly log: Log;
  readonly answered: (answer: CourierAnswered['answer']) => void;
}
interface Asked {
  readonly version: number;
  answeredAtMs?: number;
}

/**
 * Asks couriers what parcels are due for, and brings what they say to the parcels' partition: nothing is decided here.
 * Killed in between, the parcel is still due, and whoever owns it next asks again.
 */
export class CourierRunner {
  private readonly asked = new Map<string, Asked>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly options: CourierRunnerOptions) {}

  ask(parcels: readonly Parcel[]): void {
    this.forget();
    for (const parcel of parcels) {
      if (this.underWay.size >= MOST_UNDER_WAY) return;
      if (this.asked.get(parcel.parcelId)?.version === parcel.version) continue;
      const own: Asked = { version: parcel.version };
      this.asked.set(parcel.parcelId, own);
      const work = this.askOne(parcel).finally(() => {
        own.answeredAtMs = this.options.nowMs();
        this.underWay.delete(work);
      });
      this.underWay.add(work);
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private forget(): void {
    const lostMs = this.options.nowMs() - ANSWER_LOST_AFTER_MS;
    for (const [id, { answeredAtMs }] of this.asked)
      if (answeredAtMs !== undefined && answeredAtMs <= lostMs) this.asked.delete(id);
  }

  private async askOne(parcel: Parcel): Promise<void> {
    const { publisher, log, answered } = this.options;
    const { parcelId, orderId, courier, dueAtMs } = parcel;
    const said = await this.answerOf(parcel).catch((error: Error) => {
      log.warn({ reason: error.message, parcelId, courier }, 'a courier gave no answer');
      return unavailable(error.message);
    });
    const id = `answer/${randomUUID()}`;
    const named = { type: 'answered' as const, id, source: `courier-${courier}`, orderId, parcelId, courier };
    const due = dueAtMs === undefined ? {} : { dueAt: new Date(dueAtMs).toISOString() };
    const read = CourierAnswered.safeParse({ ...named, ...due, ...said });
    if (!read.success) log.warn({ parcelId, courier }, 'a courier’s answer cannot be written down: a number or reason');
    const value = read.data ?? { ...named, ...due, ...unavailable('its answer cannot be read') };
    const [sent] = await publisher.publish([
      { topic: TOPICS.courierIntake, key: orderId, partitionBy: orderId, value },
    ]);
    if (sent?.ok) answered(value.answer);
    else log.warn({ parcelId }, 'Kafka did not take a courier’s answer; it is asked again');
  }

  private async answerOf(parcel: Parcel): Promise<Pick<CourierAnswered, 'answer' | 'tracking' | 'reason'>> {
    const { parcelId, store, method, destination, lines } = parcel;
    const courier = this.options.couriers.get(parcel.courier);
    if (!courier) throw new Error(`no connector to ${parcel.courier} is set up here`);
    if (parcel.state === 'CANCELLING')
      return { answer: await this.inTime((signal) => courier.cancel(parcelId, signal)) };
    const said = await this.inTime((signal) => courier.label({ parcelId, store, method, destination, lines }, signal));
    return said.kind === 'labelled'
      ? { answer: said.kind, tracking: said.tracking }
      : { answer: said.kind, reason: said.reason.slice(0, LONGEST_REASON) || 'it said no reason' };
  }

  /** Also where a connector does not heed the signal. */
  private async inTime<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { timeoutMs } = this.options;
    const signal = AbortSignal.timeout(timeoutMs);
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error(`no answer within ${timeoutMs} ms`)), { once: true });
    });
    return Promise.race([call(signal), late]);
  }
}

const LONGEST_REASON = 200;
const unavailable = (reason: string) => ({
  answer: 'unavailable' as const,
  reason: reason.slice(0, LONGEST_REASON) || 'it failed without a word',
});
