import type { LotEffect } from '@shelfline/contracts/lot';
import type { StockDelta } from '@shelfline/contracts/stock-delta';
import type { ReservationOutcome, ShortfallNotice } from '@shelfline/contracts/stock-outcome';
import type { LedgerEntry } from '@shelfline/streaming/stream';
import { instantOf } from './domain/instant.js';

/** One change of one level: what is stored with the entry and never recomputed. */
export interface Effect {
  readonly location: string;
  readonly onHand?: number;
  readonly reserved?: number;
  readonly damaged?: number;
  readonly qualityControl?: number;
  readonly incoming?: number;
  readonly onHandAfter: number;
  readonly reservedAfter: number;
  readonly lots?: readonly LotEffect[];
}

/** Of an answer, what its command does not say: a flash sale stores a hundred thousand refusals. */
export type StoredAnswer = Pick<ReservationOutcome, 'result' | 'state' | 'allocations' | 'shortUnits' | 'reason'>;

/** Of one record: the movement, the answer, and what tells a repeat. Beside these, the message's fields. */
export interface MovementFields extends LedgerEntry {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly sku: string;
  readonly at: Date;
  readonly recordedAt: Date;
  readonly version: number;
  readonly effects: readonly Effect[];
  readonly reservationId?: string;
  readonly answer?: StoredAnswer;
  readonly shortfalls?: readonly ShortfallNotice[];
}

/** The ledger's entry of one record. */
export interface StockEntry extends MovementFields {
  /** Lots and serial numbers it is found by (entry-traces.ts); absent where it has none. */
  readonly traces?: readonly string[];
  readonly isTraced?: true;
  /** JSON of the movement without its effects: written once, stored and published as it is. */
  readonly content: string;
  /** JSON of `effects`. */
  readonly effectsText: string;
}

/** What became of a message. */
export interface Decided {
  readonly id: string;
  readonly contentHash: string;
  readonly partition: number;
  readonly offset: number;
  readonly outcome: string;
  readonly atMs: number;
  readonly recordedAtMs: number;
  readonly version: number;
  readonly effects: readonly Effect[];
  /** Commands say no time of their own: they occur when they are recorded. */
  readonly isCommand?: boolean;
  readonly answer?: StoredAnswer | undefined;
  readonly shortfalls?: readonly ShortfallNotice[];
  readonly traces?: readonly string[] | undefined;
}

/** What the ledger itself writes: no field of a message may pass for it. */
const OF_THE_LEDGER = new Set([
  '_id',
  'contentHash',
  'partition',
  'offset',
  'outcome',
  'at',
  'recordedAt',
  'version',
  'effects',
  'answer',
  'shortfalls',
  'content',
  'effectsText',
  'traces',
  'isTraced',
]);

export function entryOf(message: StockDelta, decided: Decided): StockEntry {
  const { atMs, recordedAtMs, version, effects, answer, shortfalls } = decided;
  const movement: Record<string, unknown> = { ...storable(message) };
  if (decided.isCommand) movement['occurredAt'] = instantOf(atMs);
  movement['version'] = version;
  movement['recordedAt'] = instantOf(recordedAtMs);
  const content = JSON.stringify(movement);
  movement['_id'] = decided.id;
  movement['contentHash'] = decided.contentHash;
  movement['partition'] = decided.partition;
  movement['offset'] = decided.offset;
  movement['outcome'] = decided.outcome;
  movement['sku'] ??= '';
  movement['at'] = new Date(atMs);
  movement['recordedAt'] = new Date(recordedAtMs);
  movement['effects'] = effects;
  movement['content'] = content;
  movement['effectsText'] = effects.length === 0 ? NO_EFFECTS : JSON.stringify(effects);
  if (answer) movement['answer'] = answer;
  if (shortfalls !== undefined && shortfalls.length > 0) movement['shortfalls'] = shortfalls;
  if (decided.traces) {
    movement['traces'] = decided.traces;
    movement['isTraced'] = true;
  }
  return movement as unknown as StockEntry;
}

/** As stored where nothing moved. */
export const NO_EFFECTS = '[]';

/** Fields of a message that nobody knows are kept, but for those that would pass for the ledger's. */
function storable(message: object): object {
  for (const name in message)
    if (OF_THE_LEDGER.has(name))
      return Object.fromEntries(Object.entries(message).filter(([field]) => !OF_THE_LEDGER.has(field)));
  return message;
}
