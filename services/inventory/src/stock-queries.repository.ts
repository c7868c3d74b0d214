import { levelKey } from '@shelfline/contracts/identifiers';
import type { Allocation } from '@shelfline/contracts/stock-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import type { Connection, mongo } from 'mongoose';

/** Stored shapes that queries read; stock.repository.ts writes them. */
export interface LevelDocument {
  _id: string;
  sku: string;
  location: string;
  onHand: number;
  reserved: number;
  damaged: number;
  qualityControl: number;
  incoming: number;
  safetyStock: number;
  available: number;
  version: number;
  asOf: Date;
  countedAt: Date | null;
  confidence: number;
  unreferenced: boolean;
}
export interface StoredEffect {
  location: string;
  onHand?: number;
  reserved?: number;
  damaged?: number;
  qualityControl?: number;
  incoming?: number;
  onHandAfter: number;
  reservedAfter: number;
}
export interface MovementDocument {
  _id: string;
  id: string;
  source: string;
  type: string;
  sku: string;
  outcome: string;
  at: Date;
  recordedAt: Date;
  version: number;
  effects: StoredEffect[];
  [field: string]: unknown;
}

interface ReservationRow {
  _id: string;
  sku: string;
  reservationId: string;
  state: string;
  allocations: Allocation[];
  expiresAt: Date;
  version: number;
}
export interface ReservationView extends Pick<ReservationRow, 'sku' | 'state' | 'allocations' | 'version'> {
  readonly expiresAt: string;
}

export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** Positions in a sorted list, opaque to callers. */
const encodeCursor = (position: unknown[]): string => Buffer.from(JSON.stringify(position)).toString('base64url');
export class CursorError extends Error {}
function decodeCursor(cursor: string, length: number): (string | number)[] {
  try {
    const position = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
    if (
      Array.isArray(position) &&
      position.length === length &&
      position.every((p) => typeof p === 'string' || typeof p === 'number')
    )
      return position;
  } catch {}
  throw new CursorError('The cursor is not one that this address gave out. Leave it away to begin at the first page.');
}

export interface MovementFilter {
  readonly sku: string;
  readonly location?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** Reads only; every list is paged by position, so that page 10,000 costs what the first one does. */
export class StockQueries {
  constructor(private readonly connection: Connection) {}

  private get levels(): mongo.Collection<LevelDocument> {
    return this.connection.collection('levels') as unknown as mongo.Collection<LevelDocument>;
  }
  private get movements(): mongo.Collection<MovementDocument> {
    return this.connection.collection('movements') as unknown as mongo.Collection<MovementDocument>;
  }

  private get reservations(): mongo.Collection<ReservationRow> {
    return this.connection.collection('reservations') as unknown as mongo.Collection<ReservationRow>;
  }

  async findLevels(
    filter: { sku?: string; location?: string; unreferenced?: boolean },
    limit: number,
    cursor: string | undefined,
  ): Promise<Page<LevelDocument>> {
    const after = cursor === undefined ? undefined : String(decodeCursor(cursor, 1)[0]);
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
    return page(found, limit, ({ _id }) => [_id]);
  }

  /** Newest first. */
  async findMovements(
    filter: MovementFilter,
    limit: number,
    cursor: string | undefined,
  ): Promise<Page<MovementDocument>> {
    const position = cursor === undefined ? undefined : decodeCursor(cursor, 2);
    const at = {
      ...(filter.fromMs === undefined ? {} : { $gte: new Date(filter.fromMs) }),
      ...(filter.toMs === undefined ? {} : { $lt: new Date(filter.toMs) }),
    };
    const found = await this.movements
      .find({
        sku: filter.sku,
        'effects.0': { $exists: true },
        ...(filter.location === undefined ? {} : { 'effects.location': filter.location }),
        ...(Object.keys(at).length > 0 ? { at } : {}),
        ...(position
          ? {
              $or: [
                { at: { $lt: new Date(Number(position[0])) } },
                { at: new Date(Number(position[0])), _id: { $lt: String(position[1]) } },
              ],
            }
          : {}),
      })
      .sort({ at: -1, _id: -1 })
      .limit(limit + 1)
      .toArray();
    return page(found, limit, ({ at: when, _id }) => [when.getTime(), _id]);
  }

  findMovement(source: string, id: string): Promise<MovementDocument | null> {
    return this.movements.findOne({ _id: `${source}/${id}` });
  }

  findLevel(sku: string, location: string): Promise<LevelDocument | null> {
    return this.levels.findOne({ _id: `${sku}@${location}` });
  }

  async findReservationSkus(reservationId: string): Promise<string[]> {
    const found = await this.reservations
      .find({ reservationId }, { projection: { sku: 1 } })
      .limit(1000)
      .toArray();
    return found.map(({ sku }) => sku);
  }

  async findReservation(reservationId: string): Promise<ReservationView[]> {
    const found = await this.reservations.find({ reservationId }).limit(1000).toArray();
    return found.map(({ sku, state, allocations, expiresAt, version }) => ({
      sku,
      state,
      allocations,
      expiresAt: expiresAt.toISOString(),
      version,
    }));
  }

  /** Sums of effects of what occurred after a moment: today's level less these is the level of that moment. */
  async effectsAfter(
    sku: string,
    location: string,
    momentMs: number,
  ): Promise<Required<Omit<StoredEffect, 'location' | 'onHandAfter' | 'reservedAfter'>>> {
    const sums = { onHand: 0, reserved: 0, damaged: 0, qualityControl: 0, incoming: 0 };
    const later = this.movements.find(
      { sku, at: { $gt: new Date(momentMs) }, 'effects.location': location },
      { projection: { effects: 1 } },
    );
    for await (const { effects } of later)
      for (const effect of effects) if (effect.location === location) addEffect(sums, effect);
    return sums;
  }

  /**
   * Every level's stored buckets beside the sum of its movements: a partition at a time, so that memory holds a
   * partition's levels and never its movements.
   */
  async *compareWithMovements(skus?: readonly string[]): AsyncGenerator<LevelComparison> {
    const slices = skus ? [{ sku: { $in: [...skus] } }] : (await this.partitions()).map((partition) => ({ partition }));
    for (const filter of slices) {
      const found = new Map<string, { -readonly [field in keyof LevelComparison]: LevelComparison[field] }>();
      const at = (sku: string, location: string) => {
        const key = levelKey(sku, location);
        let comparison = found.get(key);
        if (!comparison) {
          comparison = { sku, location, stored: zero(), fromMovements: zero(), movements: 0 };
          found.set(key, comparison);
        }
        return comparison;
      };
      const movements = this.movements.find(filter, { projection: { sku: 1, effects: 1, _id: 0 }, batchSize: 5000 });
      for await (const { sku, effects } of movements)
        for (const effect of effects ?? []) {
          const comparison = at(sku, effect.location);
          addEffect(comparison.fromMovements, effect);
          comparison.movements++;
        }
      for await (const level of this.levels.find(filter, { batchSize: 5000 })) {
        const { onHand, reserved, damaged, qualityControl, incoming } = level;
        at(level.sku, level.location).stored = { onHand, reserved, damaged, qualityControl, incoming };
      }
      yield* found.values();
    }
  }

  private async partitions(): Promise<number[]> {
    const streams = this.connection.collection<{ _id: string; partitions: number }>('streams');
    const stream = await streams.findOne({ _id: TOPICS.deltas.name });
    return Array.from({ length: stream?.partitions ?? 0 }, (_, partition) => partition);
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

type Buckets = { onHand: number; reserved: number; damaged: number; qualityControl: number; incoming: number };
export interface LevelComparison {
  readonly sku: string;
  readonly location: string;
  readonly stored: Buckets;
  readonly fromMovements: Buckets;
  readonly movements: number;
}

const zero = (): Buckets => ({ onHand: 0, reserved: 0, damaged: 0, qualityControl: 0, incoming: 0 });

function addEffect(sums: Buckets, effect: StoredEffect): void {
  sums.onHand += effect.onHand ?? 0;
  sums.reserved += effect.reserved ?? 0;
  sums.damaged += effect.damaged ?? 0;
  sums.qualityControl += effect.qualityControl ?? 0;
  sums.incoming += effect.incoming ?? 0;
}

function page<T>(found: T[], limit: number, positionOf: (item: T) => unknown[]): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null };
}
