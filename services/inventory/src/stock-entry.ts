import type { ArrivalNotice, DeliveryMovedNotice } from '@shelfline/contracts/incoming';
import type { LotEffect } from '@shelfline/contracts/lot';
import type { StockDelta } from '@shelfline/contracts/stock-delta';
import type { ReservationOutcome, ShortfallNotice } from '@shelfline/contracts/stock-outcome';
import type { LedgerEntry } from '@shelfline/streaming/stream';
import { instantOf } from './domain/instant.js';
import { contentHashOf, type StoredMessage, saysWhen, storedMessage } from './stored-message.js';

/** One change of one level: what is stored with the entry and never recomputed. */
export interface Effect {
  readonly location: string;
  readonly onHand?: number;
  readonly reserved?: number;
  readonly damaged?: number;
  readonly qualityControl?: number;
  readonly incoming?: number;
  readonly promisedIncoming?: number;
  readonly onHandAfter: number;
  readonly reservedAfter: number;
  readonly lots?: readonly LotEffect[];
}

/** Of an answer, what its command does not say: a flash sale stores a hundred thousand refusals. */
export type StoredAnswer = Pick<
  ReservationOutcome,
  'result' | 'state' | 'allocations' | 'awaited' | 'shortUnits' | 'reason'
>;

/** Of goods that are waited for: they came, or come on another day. */
export type DeliveryNotice = ArrivalNotice | DeliveryMovedNotice;

/** What became of a message. */
export interface Decided {
  /** `source/id` of the message, or what else tells it from every other. */
  readonly id: string;
  readonly partition: number;
  readonly offset: number;
  readonly outcome: string;
  readonly atMs: number;
  readonly recordedAtMs: number;
  readonly version: number;
  readonly effects: readonly Effect[];
  readonly answer?: StoredAnswer | undefined;
  readonly shortfalls?: readonly ShortfallNotice[] | undefined;
  readonly arrivals?: readonly DeliveryNotice[] | undefined;
  /** Lots and serial numbers it is found by (entry-traces.ts). */
  readonly traces?: readonly string[] | undefined;
}

/** As written where nothing moved. */
export const NO_EFFECTS = '[]';

/** The ledger's entry of one record: the movement, the answer, and what tells a repeat. */
export class StockEntry implements LedgerEntry {
  readonly [field: string]: unknown;
  readonly _id: string;
  readonly partition: number;
  readonly offset: number;
  readonly outcome: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Empty where it is of no SKU: a sign of life. */
  readonly sku: string;
  readonly reservationId: string | undefined;
  /** Whatever was sent, fields that nobody knows too. */
  readonly message: StoredMessage;
  readonly atMs: number;
  readonly recordedAtMs: number;
  readonly version: number;
  readonly effects: readonly Effect[];
  readonly answer: StoredAnswer | undefined;
  readonly shortfalls: readonly ShortfallNotice[] | undefined;
  readonly arrivals: readonly DeliveryNotice[] | undefined;
  readonly traces: readonly string[] | undefined;
  /** JSON of the movement without its effects and its closing brace: written once, stored and published. */
  readonly openContent: string;
  /** JSON of `effects`. */
  readonly effectsText: string;

  constructor(message: StockDelta, decided: Decided) {
    this.message = storedMessage(message);
    const { id, source, type } = message;
    const { sku, reservationId } = this.message;
    this._id = decided.id;
    this.partition = decided.partition;
    this.offset = decided.offset;
    this.outcome = decided.outcome;
    this.id = id;
    this.source = source;
    this.type = type;
    this.sku = typeof sku === 'string' ? sku : '';
    this.reservationId = typeof reservationId === 'string' ? reservationId : undefined;
    this.atMs = decided.atMs;
    this.recordedAtMs = decided.recordedAtMs;
    this.version = decided.version;
    this.effects = decided.effects;
    this.answer = decided.answer;
    this.shortfalls = decided.shortfalls?.length ? decided.shortfalls : undefined;
    this.arrivals = decided.arrivals;
    this.traces = decided.traces;
    const when = saysWhen(type) ? '' : `"occurredAt":"${instantOf(decided.atMs)}",`;
    const ofTheLedger = `${when}"version":${decided.version},"recordedAt":"${instantOf(decided.recordedAtMs)}"`;
    this.openContent = `${JSON.stringify(this.message).slice(0, -1)},${ofTheLedger}`;
    this.effectsText = decided.effects.length === 0 ? NO_EFFECTS : JSON.stringify(decided.effects);
  }

  /** Worked out where two messages of one id have met, which is seldom. */
  get contentHash(): string {
    return contentHashOf(this.message);
  }
}

export const isStockEntry = (entry: LedgerEntry): entry is StockEntry => entry instanceof StockEntry;
