import { PassingError } from '@shelfline/streaming/errors';
import { DURABLE, isDuplicateKey } from '@shelfline/streaming/mongo-commit-lanes';
import { createIndexIfMissing } from '@shelfline/streaming/mongo-indexes';
import { databaseOf } from '@shelfline/streaming/mongo-partition-store';
import { inTransactionOf } from '@shelfline/streaming/mongo-transaction';
import type { TransactionWrites } from '@shelfline/streaming/transaction-writes';
import { type Connection, type mongo, Schema } from 'mongoose';
import { type Level, LIVE_STATES, type Reservation, type Stock, stockOf } from './domain/stock.js';
import { TRACES_INDEX } from './entry-traces.js';
import type { MovementPack } from './movement-packs.js';
import { MovementReader } from './movement-reader.js';
import { onHandOf } from './stock-buckets.js';
import {
  type ConfirmationDocument,
  type LevelDocument,
  type ReservationDocument,
  reservationDocumentId,
  toLevel,
  toLevelDocument,
  toReservation,
  toReservationDocument,
} from './stock-documents.js';
import { levelsIn, reservationsIn, type StockImage } from './stock-images.js';

/** Written in the transaction of the batch; levels and reservations are images, written behind it. */
export interface StockWrites {
  readonly confirmations: readonly {
    readonly partition: number;
    readonly location: string;
    readonly seenAtMs: number;
  }[];
}
export const NO_WRITES: StockWrites = { confirmations: [] };
/** Of several partitions, which have no document in common. */
export const mergeStockWrites = (writes: readonly StockWrites[]): StockWrites => ({
  confirmations: writes.flatMap(({ confirmations }) => confirmations),
});

const whole = { type: Number, required: true } as const;

/** Schemas define shape and indexes; the hot writes go through the same models' native collections. */
function defineModels(connection: Connection) {
  const options = { autoIndex: false, autoCreate: false, versionKey: false, strict: 'throw' } as const;
  const movement = new Schema(
    { _id: String, partition: whole, ids: [String], skus: [String], firstAt: Date, lastAt: Date, lines: String },
    { ...options, collection: 'movements', strict: false },
  )
    .index({ ids: 1 }, { unique: true })
    .index({ skus: 1, lastAt: 1 })
    .index(TRACES_INDEX, { partialFilterExpression: { isTraced: true } });
  const level = new Schema(
    { _id: String, sku: String, location: String, partition: whole, onHand: whole, reserved: whole, version: whole },
    { ...options, collection: 'levels', strict: false },
  )
    .index({ sku: 1, _id: 1 })
    .index({ location: 1, _id: 1 })
    .index({ partition: 1, sku: 1 })
    .index({ unreferenced: 1, _id: 1 }, { partialFilterExpression: { unreferenced: true } })
    .index({ hasLots: 1, _id: 1 }, { partialFilterExpression: { hasLots: true } })
    .index({ 'lots.lot': 1, _id: 1 }, { partialFilterExpression: { hasLots: true } });
  const reservation = new Schema(
    { _id: String, sku: String, reservationId: String, partition: whole, state: String, expiresAt: Date },
    { ...options, collection: 'reservations', strict: false },
  )
    .index({ sku: 1, state: 1 })
    .index({ reservationId: 1 })
    .index({ partition: 1, state: 1, expiresAt: 1 });
  const confirmation = new Schema(
    { _id: String, partition: whole, location: String, seenAt: Date },
    { ...options, collection: 'confirmations' },
  ).index({ partition: 1 });
  return {
    movements: connection.model('Movement', movement),
    levels: connection.model('Level', level),
    reservations: connection.model('Reservation', reservation),
    confirmations: connection.model('Confirmation', confirmation),
  };
}

/** The only place that knows how stock lies in MongoDB. */
export class StockRepository {
  private readonly models: ReturnType<typeof defineModels>;
  private session: mongo.ClientSession | undefined;

  constructor(private readonly connection: Connection) {
    this.models = defineModels(connection);
  }

  /** One that lasts, so that whoever takes a partition over can end what a killed process was flushing. */
  get flushSession(): mongo.ClientSession {
    return (this.session ??= this.connection.getClient().startSession() as unknown as mongo.ClientSession);
  }

  async prepare(): Promise<void> {
    await this.refuseFormerMovements();
    for (const model of Object.values(this.models)) await model.createIndexes();
    const deadLetters = databaseOf(this.connection).collection('dead_letters');
    await createIndexIfMissing(deadLetters, { messageId: 1, recordedAt: 1 });
  }

  /** Their ids are in no index that this version looks in: what was applied would be applied again. */
  private async refuseFormerMovements(): Promise<void> {
    const former = await this.movements.findOne({ ids: { $exists: false } }, { projection: { _id: 1 } });
    if (former)
      throw new Error(
        `${this.connection.name}.movements holds movements as former versions wrote them, one to a document. This ` +
          'version does not read them. Begin with an empty database and have inventory.deltas read from its beginning, ' +
          'or go on with the version that wrote them.',
      );
  }

  private get levels(): mongo.Collection<LevelDocument> {
    return this.models.levels.collection as unknown as mongo.Collection<LevelDocument>;
  }
  private get reservations(): mongo.Collection<ReservationDocument> {
    return this.models.reservations.collection as unknown as mongo.Collection<ReservationDocument>;
  }
  private get movements(): mongo.Collection<MovementPack> {
    return this.models.movements.collection as unknown as mongo.Collection<MovementPack>;
  }
  private get confirmations(): mongo.Collection<ConfirmationDocument> {
    return this.models.confirmations.collection as unknown as mongo.Collection<ConfirmationDocument>;
  }

  /** Whole SKUs: every level and every live reservation. SKUs without any come back empty. */
  async loadMany(skus: readonly string[]): Promise<Map<string, StoredStock>> {
    const stocks = new Map<string, StoredStock>();
    for (const sku of skus) {
      const levels = new Map<string, Level>();
      const reservations = new Map<string, Reservation>();
      stocks.set(sku, { ...stockOf(sku, levels, reservations), levels, reservations });
    }
    if (skus.length === 0) return stocks;
    for await (const document of this.levels.find({ sku: { $in: [...skus] } }, { batchSize: 5000 }))
      stocks.get(document.sku)!.levels.set(document.location, toLevel(document));
    const live = this.reservations.find(
      { sku: { $in: [...skus] }, state: { $in: [...LIVE_STATES] } },
      { batchSize: 5000 },
    );
    for await (const document of live)
      stocks.get(document.sku)!.reservations.set(document.reservationId, toReservation(document));
    return stocks;
  }

  /** Reservations in any state, by reservation and SKU. */
  async findReservations(
    keys: readonly { reservationId: string; sku: string }[],
  ): Promise<{ sku: string; reservation: Reservation }[]> {
    if (keys.length === 0) return [];
    const ids = keys.map(({ reservationId, sku }) => reservationDocumentId(reservationId, sku));
    const found = await this.reservations.find({ _id: { $in: ids } }, { batchSize: 5000 }).toArray();
    return found.map((document) => ({ sku: document.sku, reservation: toReservation(document) }));
  }

  async hasFinished(sku: string): Promise<boolean> {
    const finished = { sku, state: { $in: ['FULFILLED', 'RELEASED', 'EXPIRED'] } } as const;
    return (await this.reservations.findOne(finished as object, { projection: { _id: 1 } })) !== null;
  }

  /** Holds whose time is over, oldest first. */
  async findExpired(
    partition: number,
    nowMs: number,
    limit: number,
  ): Promise<{ sku: string; reservationId: string }[]> {
    return this.reservations
      .find(
        { partition, state: 'ACTIVE', expiresAt: { $lte: new Date(nowMs) } },
        { projection: { sku: 1, reservationId: 1, _id: 0 } },
      )
      .sort({ expiresAt: 1 })
      .limit(limit)
      .toArray();
  }

  /** The next SKUs of a partition that have a level, in order; fewer than asked for where they stand in many places. */
  async nextSkus(
    partition: number,
    after: string,
    limit: number,
  ): Promise<{ readonly skus: string[]; readonly ended: boolean }> {
    const found = await this.levels
      .find({ partition, sku: { $gt: after } }, { projection: { sku: 1, _id: 0 } })
      .sort({ partition: 1, sku: 1 })
      .limit(limit * 4)
      .toArray();
    const skus = [...new Set(found.map(({ sku }) => sku))];
    return { skus: skus.slice(0, limit), ended: skus.length <= limit && found.length < limit * 4 };
  }

  /** On-hand changes of facts that occurred after an instant, from the ledger; of one lot where it is named. */
  async onHandChangedAfter(sku: string, location: string, instantMs: number, lot?: string): Promise<number> {
    let units = 0;
    for await (const { effects } of new MovementReader(this.movements).after(sku, instantMs))
      for (const effect of effects) if (effect.location === location) units += onHandOf(effect, lot);
    return units;
  }

  /** When feeds last confirmed the figures of their locations. */
  async loadConfirmations(partition: number): Promise<Map<string, number>> {
    const found = await this.confirmations.find({ partition }).toArray();
    return new Map(found.map(({ location, seenAt }) => [location, seenAt.getTime()]));
  }

  write({ confirmations }: StockWrites, transaction: TransactionWrites): void {
    transaction.put(
      this.confirmations,
      confirmations.map(({ partition, location, seenAtMs }) => ({
        _id: `${partition}/${location}`,
        partition,
        location,
        seenAt: new Date(seenAtMs),
      })),
    );
  }

  /**
   * Writes levels and reservations unless their documents have the same or a higher version: a former owner may come
   * late with the same, and a new one begins with what may be written already. Versions are read in the transaction that
   * writes, so whoever else writes one of the documents meanwhile makes it fail, and it is begun again. One at a time.
   */
  async flush(images: readonly StockImage[]): Promise<void> {
    try {
      await inTransactionOf(this.flushSession, { writeConcern: DURABLE }, async (session) => {
        await writeNewer(this.levels, levelsIn(images).map(toLevelDocument), session);
        await writeNewer(this.reservations, reservationsIn(images).map(toReservationDocument), session);
      });
    } catch (error) {
      if (isDuplicateKey(error)) throw new PassingError('somebody else is writing the same levels');
      throw error;
    }
  }
}

/** A whole replacement by `_id` costs the server a fraction of an update, or of one that compares versions itself. */
async function writeNewer<D extends { _id: string; version: number }>(
  collection: mongo.Collection<D>,
  documents: readonly D[],
  session: mongo.ClientSession,
): Promise<void> {
  if (documents.length === 0) return;
  const ids = documents.map(({ _id }) => _id);
  const found = await collection
    .find({ _id: { $in: ids } } as never, { projection: { version: 1 }, session, batchSize: 1000 })
    .toArray();
  const versions = new Map(found.map(({ _id, version }) => [_id as string, version as number]));
  const fresh = documents.filter(({ _id }) => !versions.has(_id));
  const newer = documents.filter(({ _id, version }) => version > (versions.get(_id) ?? Number.POSITIVE_INFINITY));
  if (fresh.length > 0) await collection.insertMany(fresh as never, { session, ordered: false });
  if (newer.length > 0)
    await collection.bulkWrite(
      newer.map((replacement) => ({
        replaceOne: { filter: { _id: replacement._id } as never, replacement: replacement as never },
      })),
      { session, ordered: false },
    );
}

export type StoredStock = Stock & { levels: Map<string, Level>; reservations: Map<string, Reservation> };
