import { findEarliestMs } from '@shelfline/streaming/mongo-earliest';
import { createIndexIfMissing } from '@shelfline/streaming/mongo-indexes';
import type { TransactionWrites } from '@shelfline/streaming/transaction-writes';
import type { ClientSession, Connection, mongo } from 'mongoose';
import type { Parcel } from '../domain/couriers/parcel.js';

export type ParcelWrites = readonly { readonly partition: number; readonly parcel: Parcel }[];

interface ParcelDocument {
  _id: string;
  partition: number;
  state: string;
  store: string;
  channel?: string;
  changedAt: Date;
  /** Absent where no courier is to be asked. */
  dueAt?: Date;
  parcel: Parcel;
}
export interface ParcelQuery {
  readonly state?: string | undefined;
  readonly store?: string | undefined;
  readonly channel?: string | undefined;
  readonly limit: number;
}
const PARCEL_ONLY = { projection: { _id: 0, parcel: 1 } } as const;

/** Where the stream keeps its entries. */
export const PARCEL_ENTRIES = 'parcel_entries';

/** The only file that knows the collection `parcels`: one document a parcel, `_id` = its id. */
export class ParcelsRepository {
  private readonly parcels: mongo.Collection<ParcelDocument>;
  private readonly entries: mongo.Collection;

  constructor(connection: Connection) {
    this.entries = connection.collection(PARCEL_ENTRIES) as unknown as mongo.Collection;
    this.parcels = connection.collection<ParcelDocument>('parcels') as unknown as mongo.Collection<ParcelDocument>;
  }

  async prepare(): Promise<void> {
    await createIndexIfMissing(this.parcels, { partition: 1, dueAt: 1 });
    await createIndexIfMissing(this.parcels, { state: 1, changedAt: 1 });
    await createIndexIfMissing(this.parcels, { store: 1, changedAt: 1 });
    await createIndexIfMissing(this.parcels, { channel: 1, changedAt: 1 });
    await createIndexIfMissing(this.entries, { 'told.taskId': 1 });
  }

  async findParcels(ids: readonly string[]): Promise<Map<string, Parcel>> {
    if (ids.length === 0) return new Map();
    const found = await this.parcels.find({ _id: { $in: [...ids] } }, PARCEL_ONLY).toArray();
    return new Map(found.map(({ parcel }) => [parcel.parcelId, parcel]));
  }
  async findParcel(id: string): Promise<Parcel | undefined> {
    return (await this.findParcels([id])).get(id);
  }

  /** Of a partition, when time changes the first of them. */
  findEarliestDueMs(partition: number): Promise<number | undefined> {
    return findEarliestMs(this.parcels, { partition }, 'dueAt');
  }

  /** Of a partition, those of which a courier is to be asked by then, the longest due first. */
  async findDue(partition: number, nowMs: number, limit: number): Promise<Parcel[]> {
    const filter = { partition, dueAt: { $lte: new Date(nowMs) } };
    const found = await this.parcels.find(filter, PARCEL_ONLY).sort({ dueAt: 1 }).limit(limit).toArray();
    return found.map(({ parcel }) => parcel);
  }

  /** Changed last comes first. */
  async list({ limit, ...asked }: ParcelQuery): Promise<Parcel[]> {
    const filter = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    const found = await this.parcels.find(filter, PARCEL_ONLY).sort({ changedAt: -1 }).limit(limit).toArray();
    return found.map(({ parcel }) => parcel);
  }

  write(writes: ParcelWrites, transaction: TransactionWrites): void {
    transaction.put(
      this.parcels,
      writes.map(({ partition, parcel }) => {
        const { parcelId, state, store, channel, changedAtMs, dueAtMs } = parcel;
        const due = dueAtMs === undefined ? {} : { dueAt: new Date(dueAtMs) };
        return {
          _id: parcelId,
          partition,
          state,
          store,
          ...(channel === undefined ? {} : { channel }),
          changedAt: new Date(changedAtMs),
          ...due,
          parcel,
        };
      }),
    );
    const erased = writes.flatMap(({ parcel }) => (parcel.isErased ? [parcel.parcelId] : []));
    if (erased.length > 0) transaction.afterwards((session) => this.eraseEntries(erased, session));
  }

  /** A courier's own words were told to the order by them. */
  private async eraseEntries(parcelIds: readonly string[], session: ClientSession): Promise<void> {
    const filter = { 'told.taskId': { $in: [...parcelIds] }, 'told.reason': { $exists: true } };
    await this.entries.updateMany(filter, { $unset: { 'told.reason': '' } }, { session });
  }
}
