import type { ShortfallNotice } from '@shelfline/contracts/stock-outcome';
import type { LedgerEntry } from '@shelfline/streaming/stream';
import {
  type Effect,
  entryOf,
  type MovementFields,
  NO_EFFECTS,
  type StockEntry,
  type StoredAnswer,
} from './stock-entry.js';

/**
 * A movement as it lies in its collection: what is asked for by index or compared, beside texts that are read whole. As
 * texts they cost the server and the driver half of what the same fields cost as a document, and what was published is
 * there to the letter.
 */
export interface MovementDocument {
  _id: string;
  sku: string;
  type: string;
  at: Date;
  version: number;
  partition: number;
  offset: number;
  contentHash: string;
  outcome: string;
  /** JSON object; see `StockEntry`. */
  content: string;
  /** JSON array of `Effect`. */
  effects: string;
  /** JSON of a `StoredAnswer`. */
  answer?: string;
  /** JSON array of `ShortfallNotice`. */
  shortfalls?: string;
  traces?: readonly string[];
  isTraced?: true;
}

/** Of versions before content and effects were texts: every field by itself. */
export type FormerMovementDocument = MovementFields;

const isStockEntry = (entry: LedgerEntry): entry is StockEntry => typeof entry['content'] === 'string';

/** Other entries (forwards, repeats) lie as they are. */
export function toMovementDocument(entry: LedgerEntry): MovementDocument | LedgerEntry {
  if (!isStockEntry(entry)) return entry;
  return {
    _id: entry._id,
    sku: entry.sku,
    type: entry.type,
    at: entry.at,
    version: entry.version,
    partition: entry.partition,
    offset: entry.offset,
    contentHash: entry.contentHash,
    outcome: entry.outcome,
    content: entry.content,
    effects: entry.effectsText,
    ...(entry.answer ? { answer: JSON.stringify(entry.answer) } : {}),
    ...(entry.shortfalls ? { shortfalls: JSON.stringify(entry.shortfalls) } : {}),
    ...(entry.traces ? { traces: entry.traces, isTraced: true as const } : {}),
  };
}

export function toEntry(document: MovementDocument | FormerMovementDocument | LedgerEntry): LedgerEntry {
  if (isWritten(document)) {
    const { content, effects, answer, shortfalls, ...rest } = document;
    const message = JSON.parse(content) as { recordedAt: string };
    return {
      ...message,
      ...rest,
      recordedAt: new Date(message.recordedAt),
      effects: JSON.parse(effects) as Effect[],
      content,
      effectsText: effects,
      ...(answer === undefined ? {} : { answer: JSON.parse(answer) as StoredAnswer }),
      ...(shortfalls === undefined ? {} : { shortfalls: JSON.parse(shortfalls) as ShortfallNotice[] }),
    } as unknown as StockEntry;
  }
  return Array.isArray(document['effects']) ? formerEntry(document as FormerMovementDocument) : document;
}

export const toStockEntry = (document: MovementDocument | FormerMovementDocument): StockEntry =>
  toEntry(document) as StockEntry;

const isWritten = (document: MovementDocument | LedgerEntry): document is MovementDocument =>
  typeof (document as { content?: unknown }).content === 'string';

function formerEntry(document: FormerMovementDocument): StockEntry {
  const { _id, contentHash, partition, offset, outcome, at, recordedAt, version, effects, answer, ...rest } = document;
  const { shortfalls = [], ...message } = rest;
  return entryOf(message as never, {
    id: _id,
    contentHash,
    partition,
    offset,
    outcome,
    atMs: at.getTime(),
    recordedAtMs: recordedAt.getTime(),
    version,
    effects,
    answer,
    shortfalls,
  });
}

/** Of a document of either layout. */
export const effectsIn = ({ effects }: { readonly effects: string | readonly Effect[] }): readonly Effect[] =>
  typeof effects === 'string' ? (JSON.parse(effects) as Effect[]) : effects;

/** Those that moved something. */
export const MOVING: object = { effects: { $nin: [NO_EFFECTS, []] } };

/** Those that touched a location, in either layout. In JSON text a quote within a string has a backslash before it. */
export const touching = (location: string): { $or: object[] } => ({
  $or: [
    { effects: { $regex: `"location":${JSON.stringify(location).replaceAll(SPECIAL, String.raw`\$&`)}` } },
    { 'effects.location': location },
  ],
});
const SPECIAL = /[$()*+.?[\\\]^{|}]/g;
