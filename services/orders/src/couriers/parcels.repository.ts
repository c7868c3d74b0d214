import { findEarliestMs } from '@shelfline/streaming/mongo-earliest';
import { createIndexIfMissing, dropIndexIfThere } from '@shelfline/streaming/mongo-indexes';
import type { TransactionWrites } from '@shelfline/streaming/transaction-writes';
import type { ClientSession, Connection, mongo } from 'mongoose';
import type { Parcel, ParcelState } from '../domain/couriers/parcel.js';
import { NewestFirstReader, olderThan, otherThan, planOfLast, type TimeWindow } from '../queries/newest-first.js';

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
  readonly state?: ParcelState | undefined;
  readonly store?: string | undefined;
  readonly channel?: string | undefined;
  /** The last one seen: those changed later come first. */
  readonly after?: { readonly changedAtMs: number; readonly parcelId: string } | undefined;
  readonly limit: number;
}
const LISTED_BY = ['store', 'channel', 'state'] as const;
type ListedBy = (typeof LISTED_BY)[number];
const listKey = (field: ListedBy | undefined): Readonly<Record<string, 1>> => ({
  ...(field === undefined ? {} : { [field]: 1 }),
  changedAt: 1,
  _id: 1,
});
/** A parcel is so for seconds, or until a person has looked at it: few of all are. */
const IS_SHORT: Readonly<Record<ParcelState, boolean>> = {
  ASKED: true,
  FAILED: true,
  CANCELLING: true,
  LABELLED: false,
  CANCELLED: false,
  ENDED: false,
};
const PARCEL_ONLY = { projection: { _id: 0, parcel: 1 } } as const;

/** Where the stream keeps its entries. */
export const PARCEL_ENTRIES = 'parcel_entries';

/** The only file that knows the collection `parcels`: one document a parcel, `_id` = its id. */
export class ParcelsRepository {
  private readonly parcels: mongo.Collection<ParcelDocument>;
  private readonly entries: mongo.Collection;
  private readonly reader = new NewestFirstReader();

  constructor(
    connection: Connection,
    private readonly now: () => number = Date.now,
  ) {
    this.entries = connection.collection(PARCEL_ENTRIES) as unknown as mongo.Collection;
    this.parcels = connection.collection<ParcelDocument>('parcels') as unknown as mongo.Collection<ParcelDocument>;
  }

  async prepare(): Promise<void> {
    await createIndexIfMissing(this.parcels, { partition: 1, dueAt: 1 });
    for (const field of [undefined, ...LISTED_BY]) await createIndexIfMissing(this.parcels, listKey(field));
    for (const field of LISTED_BY) await dropIndexIfThere(this.parcels, { [field]: 1, changedAt: 1 });
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
  async list(query: ParcelQuery): Promise<Parcel[]> {
    const documents = await this.page(query, (cursor) => cursor.toArray());
    return documents.map(({ parcel }) => parcel);
  }

  explain(query: ParcelQuery): Promise<mongo.Document> {
    return planOfLast<ParcelDocument>((read) => this.page(query, read));
  }

  private page(
    { after, limit, ...fields }: ParcelQuery,
    read: (cursor: mongo.FindCursor<ParcelDocument>) => Promise<ParcelDocument[]>,
  ): Promise<ParcelDocument[]> {
    const isShort = fields.state !== undefined && IS_SHORT[fields.state];
    const asked = LISTED_BY.filter((field) => fields[field] !== undefined);
    const by = isShort ? 'state' : asked[0];
    const equal = by === undefined ? {} : { [by]: fields[by] };
    const refused = asked.filter((field) => field !== by).map((field) => otherThan(field, fields[field]));
    const last = after && { atMs: after.changedAtMs, id: after.parcelId };
    const ask = (window: TimeWindow, most: number) => {
      const older = olderThan({ equal, time: 'changedAt', window }, last, refused) as mongo.Filter<ParcelDocument>;
      return read(this.parcels.find(older, PARCEL_ONLY).sort({ changedAt: -1, _id: -1 }).limit(most));
    };
    const window = { afterMs: undefined, untilMs: last?.atMs };
    if (isShort) return ask(window, limit);
    const list = { kind: `${by ?? ''} ${fields.state ?? ''}`, of: by === 'state' ? undefined : by && fields[by] };
    const atMsOf = ({ parcel }: ParcelDocument) => parcel.changedAtMs;
    return this.reader.read(list, { ...window, nowMs: this.now(), limit, atMsOf, read: ask });
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
