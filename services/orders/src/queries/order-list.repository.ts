import { createIndexIfMissing } from '@shelfline/streaming/mongo-indexes';
import type { Connection, mongo } from 'mongoose';
import type { Order } from '../domain/order.js';
import { orderOf, type StoredOrder } from '../stored-order.js';
import { NewestFirstReader, olderThan, otherThan, planOfLast, type TimeWindow } from './newest-first.js';

export interface OrderFilter {
  /** With a task there. */
  readonly store?: string | undefined;
  readonly member?: string | undefined;
  readonly channelOrder?: string | undefined;
  readonly state?: string | undefined;
  readonly channel?: string | undefined;
  /** From then on. */
  readonly placedAfterMs?: number | undefined;
  /** Before it. */
  readonly placedBeforeMs?: number | undefined;
}
export interface OrderListQuery {
  readonly filter: OrderFilter;
  /** The last one seen: newer ones come first. */
  readonly after?: { readonly placedAtMs: number; readonly orderId: string } | undefined;
  readonly limit: number;
}
interface ListedDocument {
  _id: string;
  placedAt: Date;
  channel?: string | null;
  order: StoredOrder;
}
type FilterField = 'store' | 'member' | 'channelOrder' | 'state' | 'channel';

const FIELDS: Readonly<Record<FilterField, string>> = {
  store: 'stores',
  member: 'memberId',
  channelOrder: 'channelOrder',
  state: 'state',
  channel: 'channel',
};
/** What tells most comes first: the first whose fields are all asked for says how wide a window a page takes. */
const INDEXES: readonly { readonly fields: readonly FilterField[]; readonly isFew?: true }[] = [
  { fields: ['channelOrder'], isFew: true },
  { fields: ['member'], isFew: true },
  { fields: ['store', 'state'] },
  { fields: ['store'] },
  { fields: ['state'] },
  { fields: ['channel'] },
  { fields: [] },
];
const keyOf = (fields: readonly FilterField[]): Readonly<Record<string, 1>> => ({
  ...Object.fromEntries(fields.map((field) => [FIELDS[field], 1] as const)),
  placedAt: 1,
  _id: 1,
});
const NAMED_AT_ONCE = 500;
/** A start must come to an end; the rest is for the next one. */
const MOST_NAMED_AT_START = 100_000;
const ORDER_ONLY = { projection: { _id: 0, placedAt: 1, order: 1 } } as const;
const NEWEST_FIRST = { placedAt: -1, _id: -1 } as const;

/** Lists of orders; orders.repository.ts writes them. */
export class OrderListRepository {
  private readonly orders: mongo.Collection<ListedDocument>;
  private readonly reader = new NewestFirstReader();

  constructor(
    connection: Connection,
    private readonly now: () => number = Date.now,
  ) {
    this.orders = connection.collection<ListedDocument>('orders') as unknown as mongo.Collection<ListedDocument>;
  }

  async prepare(): Promise<void> {
    for (const { fields } of INDEXES) await createIndexIfMissing(this.orders, keyOf(fields));
    await this.nameChannels();
  }

  /**
   * Former versions stored the channel inside the order alone, where no list finds it. Read off the index, so it costs
   * nothing where there is none left; a start that is cut off goes on with the next one.
   */
  private async nameChannels(): Promise<void> {
    for (let named = 0; named < MOST_NAMED_AT_START; named += NAMED_AT_ONCE) {
      const unnamed = await this.orders.find({ channel: null }).limit(NAMED_AT_ONCE).toArray();
      if (unnamed.length === 0) return;
      await this.orders.bulkWrite(
        unnamed.map(({ _id, order }) => ({
          // One that its stream has written meanwhile has its channel, and everything else newer.
          updateOne: {
            filter: { _id, channel: null },
            update: { $set: { channel: orderOf(order).placed.channel } },
          },
        })),
        { ordered: false },
      );
    }
  }

  /** Newest first. */
  async list(query: OrderListQuery): Promise<Order[]> {
    const documents = await this.page(query, (cursor) => cursor.toArray());
    return documents.map(({ order }) => orderOf(order));
  }

  explain(query: OrderListQuery): Promise<mongo.Document> {
    return planOfLast<ListedDocument>((read) => this.page(query, read));
  }

  private page(
    { filter, after, limit }: OrderListQuery,
    read: (cursor: mongo.FindCursor<ListedDocument>) => Promise<ListedDocument[]>,
  ): Promise<ListedDocument[]> {
    const asked = (Object.keys(FIELDS) as FilterField[]).filter((field) => filter[field] !== undefined);
    const { fields, isFew } = INDEXES.find((index) => index.fields.every((field) => asked.includes(field)))!;
    const equal = Object.fromEntries(fields.map((field) => [FIELDS[field], filter[field]]));
    const looked = asked.filter((field) => !fields.includes(field));
    const refused = [{ foreign: true }, ...looked.map((field) => otherThan(FIELDS[field], filter[field]))];
    const isOverArray = fields.includes('store');
    const last = after && { atMs: after.placedAtMs, id: after.orderId };
    const { placedAfterMs, placedBeforeMs } = filter;
    const afterMs = placedAfterMs === undefined ? undefined : placedAfterMs - 1;
    const untilMs = last?.atMs ?? (placedBeforeMs === undefined ? undefined : placedBeforeMs - 1);
    // The server is told no index: SecantusDB reads all of one that is named, 25 ms of 20,000 orders instead of one.
    const ask = (window: TimeWindow, most: number) => {
      const wanted = olderThan({ equal, isOverArray, time: 'placedAt', window }, last, refused);
      return read(
        this.orders
          .find(wanted as mongo.Filter<ListedDocument>, ORDER_ONLY)
          .sort(NEWEST_FIRST)
          .limit(most),
      );
    };
    if (isFew) return ask({ afterMs, untilMs }, limit);
    const kind = `${fields.join(' ')} ${filter.state ?? ''} ${filter.channel ?? ''}`;
    const atMsOf = ({ placedAt }: ListedDocument) => placedAt.getTime();
    const list = { afterMs, untilMs, nowMs: this.now(), limit, atMsOf, read: ask };
    return this.reader.read({ kind, of: filter.store }, list);
  }
}
