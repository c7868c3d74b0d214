import { levelKey } from '@shelfline/contracts/identifiers';
import type { Allocation, ReservationState } from '@shelfline/contracts/stock-outcome';
import type { UnflushedReader } from '@shelfline/streaming/unflushed-reader';
import type { Connection, mongo } from 'mongoose';
import type { MovementPack } from './movement-packs.js';
import { type MovementPosition, MovementReader } from './movement-reader.js';
import { addLottedEffect, emptyLottedSums, type LottedSums } from './stock-buckets.js';
import { type LevelDocument, toLevelDocument, toReservationDocument } from './stock-documents.js';
import type { StockEntry } from './stock-entry.js';
import { levelsIn, reservationsIn, type StockImage } from './stock-images.js';

/** A dead letter whose id belongs to a delta with other content. */
export interface ConflictDocument {
  readonly _id: string;
  readonly partition: number;
  readonly offset: number;
  readonly recordedAt: Date;
  readonly replayedAt?: Date;
}
/** A sender that makes its ids badly may have thousands; the command for dead letters lists them all. */
export const MOST_CONFLICTS = 20;

interface ReservationRow {
  _id: string;
  sku: string;
  reservationId: string;
  state: ReservationState;
  readonly allocations: readonly Allocation[];
  expiresAt: Date;
  version: number;
}
export interface ReservationView extends Pick<ReservationRow, 'sku' | 'state' | 'version'> {
  readonly allocations: Allocation[];
  readonly expiresAt: string;
}

export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** Positions in a sorted list, opaque to callers. */
export const encodeCursor = (position: unknown[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');
export class CursorError extends Error {}
export function decodeCursor(cursor: string, length: number, most = length): (string | number)[] {
  try {
    const position = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
    if (
      Array.isArray(position) &&
      position.length >= length &&
      position.length <= most &&
      position.every((p) => typeof p === 'string' || typeof p === 'number')
    )
      return position;
  } catch {}
  throw strangeCursor();
}
const strangeCursor = (): CursorError =>
  new CursorError('The cursor is not one that this address gave out. Leave it away to begin at the first page.');

export interface MovementFilter {
  readonly sku: string;
  readonly location?: string;
  /** All of them (entry-traces.ts). */
  readonly traces?: readonly string[];
  /** These whether they moved something or not; any that did where it is absent. */
  readonly outcome?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

/**
 * Reads only; every list is paged by position, so that page 10,000 costs what the first one does. Levels and reservations
 * are as the last commit left them: what is not in their collections yet is laid over what is.
 */
export class StockQueries {
  private readonly movements: MovementReader;

  constructor(
    private readonly connection: Connection,
    private readonly unflushed: UnflushedReader,
  ) {
    this.movements = new MovementReader(
      connection.collection('movements') as unknown as mongo.Collection<MovementPack>,
    );
  }

  private get levels(): mongo.Collection<LevelDocument> {
    return this.connection.collection('levels') as unknown as mongo.Collection<LevelDocument>;
  }
  private get reservations(): mongo.Collection<ReservationRow> {
    return this.connection.collection('reservations') as unknown as mongo.Collection<ReservationRow>;
  }

  async findLevels(filter: LevelFilter, limit: number, cursor: string | undefined): Promise<Page<LevelDocument>> {
    const after = cursor === undefined ? undefined : String(decodeCursor(cursor, 1)[0]);
    const unflushed = await this.unflushed.current();
    const found = await this.levels
      .find({
        ...(filter.sku === undefined ? {} : { sku: filter.sku }),
        ...(filter.location === undefined ? {} : { location: filter.location }),
        ...(filter.unreferenced === undefined ? {} : { unreferenced: filter.unreferenced }),
        ...(after === undefined ? {} : { _id: { $gt: after } }),
      })
      .sort({ _id: 1 })
      .limit(limit + 1)
      .toArray();
    const upTo = found.length > limit ? found.at(-1)!._id : undefined;
    const images = filter.sku === undefined ? unflushed.all() : unflushed.inGroup(filter.sku);
    const isOnPage = ({ _id }: LevelDocument) =>
      (after === undefined || _id > after) && (upTo === undefined || _id <= upTo);
    const newer = levelsIn([...images] as StockImage[])
      .filter(({ level }) => filter.location === undefined || level.location === filter.location)
      .map(toLevelDocument)
      .filter(isOnPage);
    const merged = layOver(found, newer).filter((level) => matches(level, filter));
    const items = merged.slice(0, limit);
    const next = merged.length > limit ? items.at(-1)!._id : upTo;
    return { items, next: next === undefined ? null : encodeCursor([next]) };
  }

  /** Newest first; of one moment the one that the ledger decided last, so that balances follow one another. */
  async findMovements(filter: MovementFilter, limit: number, cursor: string | undefined): Promise<Page<StockEntry>> {
    const { sku, traces, fromMs, toMs, location, outcome: asked } = filter;
    const isWanted = ({ effects, outcome }: StockEntry) =>
      asked === undefined
        ? touches(effects, location)
        : outcome === asked && (location === undefined || touches(effects, location));
    const after = cursor === undefined ? undefined : positionOf(cursor);
    const newest = this.movements.newestFirst({ sku, traces, fromMs, toMs, after, isWanted });
    try {
      const { movements, next } = await newest.page(limit);
      return {
        items: movements,
        next: next ? encodeCursor([next.atMs, next.version, next._id, next.packAtMs]) : null,
      };
    } finally {
      await newest.close();
    }
  }

  async findMovement(source: string, id: string): Promise<StockEntry | undefined> {
    return this.movements.find(`${source}/${id}`);
  }

  /** What came under the id of a delta with other content: none of it was applied. Newest first. */
  async findConflicts(source: string, id: string): Promise<ConflictDocument[]> {
    return this.connection
      .collection<ConflictDocument>('dead_letters')
      .find(
        { messageId: `${source}/${id}`, reason: 'conflict' },
        { projection: { partition: 1, offset: 1, recordedAt: 1, replayedAt: 1 } },
      )
      .sort({ recordedAt: -1 })
      .limit(MOST_CONFLICTS)
      .toArray() as unknown as Promise<ConflictDocument[]>;
  }

  async findLevel(sku: string, location: string): Promise<LevelDocument | null> {
    const unflushed = await this.unflushed.current();
    const _id = levelKey(sku, location);
    const found = await this.levels.findOne({ _id });
    const newer = unflushed.find(`level/${_id}`) as StockImage | undefined;
    return layOver(found ? [found] : [], levelsIn(newer ? [newer] : []).map(toLevelDocument))[0] ?? null;
  }

  async findReservationSkus(reservationId: string): Promise<string[]> {
    return (await this.reservationRows(reservationId)).map(({ sku }) => sku);
  }

  async findReservation(reservationId: string): Promise<ReservationView[]> {
    const found = await this.reservationRows(reservationId);
    return found.map(({ sku, state, allocations, expiresAt, version }) => ({
      sku,
      state,
      allocations: [...allocations],
      expiresAt: expiresAt.toISOString(),
      version,
    }));
  }

  private async reservationRows(reservationId: string): Promise<ReservationRow[]> {
    const unflushed = await this.unflushed.current();
    const found = await this.reservations.find({ reservationId }).limit(1000).toArray();
    const newer = reservationsIn([...unflushed.all()] as StockImage[])
      .filter(({ reservation }) => reservation.reservationId === reservationId)
      .map(toReservationDocument);
    return layOver(found, newer);
  }

  /** Sums of effects of what occurred after a moment: today's level less these is the level of that moment. */
  async effectsAfter(sku: string, location: string, momentMs: number): Promise<LottedSums> {
    const sums = emptyLottedSums();
    for await (const { effects } of this.movements.after(sku, momentMs))
      for (const effect of effects) if (effect.location === location) addLottedEffect(sums, effect);
    return sums;
  }

  /** The last that touched a level, up to a moment; with a type, the last of these. */
  async findLastMovement(
    sku: string,
    location: string,
    momentMs: number,
    type?: string,
  ): Promise<StockEntry | undefined> {
    const newest = this.movements.newestFirst({
      sku,
      toMs: momentMs + 1,
      isWanted: (movement) =>
        touches(movement.effects, location) &&
        // A count that an older one's place was not given to has said nothing.
        (type === undefined || (movement.type === type && movement.outcome !== 'superseded_count')),
    });
    try {
      return await newest.next();
    } finally {
      await newest.close();
    }
  }

  /** A random stretch of SKUs, for the continuous audit. */
  async sampleSkus(startAt: string, count: number): Promise<{ readonly skus: string[]; readonly ended: boolean }> {
    const found = await this.levels
      .find({ sku: { $gte: startAt } }, { projection: { sku: 1 } })
      .sort({ sku: 1 })
      .limit(count * 20)
      .toArray();
    const skus = [...new Set(found.map(({ sku }) => sku))];
    return { skus: skus.slice(0, count), ended: skus.length <= count && found.length < count * 20 };
  }
}

const touches = (effects: StockEntry['effects'], location: string | undefined): boolean =>
  location === undefined ? effects.length > 0 : effects.some((effect) => effect.location === location);

function positionOf(cursor: string): MovementPosition {
  const [atMs, version, _id, packAtMs] = decodeCursor(cursor, 4);
  // Of what is no time, everything would be said to come after it, or nothing.
  if (!isTime(atMs) || !isTime(packAtMs) || typeof version !== 'number' || typeof _id !== 'string')
    throw strangeCursor();
  return { atMs, version, _id, packAtMs };
}
/** A `Date` reaches no further. */
const LAST_MS = 8.64e15;
const isTime = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= LAST_MS;

interface LevelFilter {
  readonly sku?: string | undefined;
  readonly location?: string | undefined;
  readonly unreferenced?: boolean | undefined;
}
const matches = (level: LevelDocument, { sku, location, unreferenced }: LevelFilter): boolean =>
  (sku === undefined || level.sku === sku) &&
  (location === undefined || level.location === location) &&
  (unreferenced === undefined || level.unreferenced === unreferenced);

/** By `_id`; of each document the higher version. */
function layOver<D extends { readonly _id: string; readonly version: number }>(
  found: readonly D[],
  newer: readonly D[],
): D[] {
  const merged = new Map(found.map((document) => [document._id, document]));
  for (const document of newer)
    if ((merged.get(document._id)?.version ?? -1) < document.version) merged.set(document._id, document);
  return [...merged.values()].sort((a, b) => (a._id < b._id ? -1 : 1));
}
