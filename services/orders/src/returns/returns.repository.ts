import { createIndexIfMissing } from '@shelfline/streaming/mongo-indexes';
import type { Connection, mongo } from 'mongoose';
import type { Order } from '../domain/order.js';
import { NewestFirstReader, olderThan, otherThan, planOfLast, type TimeWindow } from '../queries/newest-first.js';
import { orderOf, type StoredOrder } from '../stored-order.js';

/** Of an order's document, what its returns are found by; absent where nothing came back. */
export interface ReturnFields {
  readonly returnedAt?: Date;
  readonly returnStates?: readonly string[];
  /** Where one was asked for or received. */
  readonly returnStores?: readonly string[];
}

export function returnFields({ returns = [] }: Order): ReturnFields {
  if (returns.length === 0) return {};
  const steps = returns.flatMap(({ history }) => history);
  return {
    returnedAt: new Date(Math.max(...steps.map(({ atMs }) => atMs))),
    returnStates: [...new Set(returns.map(({ state }) => state))],
    returnStores: [...new Set([...returns, ...steps].flatMap(({ store }) => (store === undefined ? [] : [store])))],
  };
}

interface ReturnedDocument extends ReturnFields {
  _id: string;
  channel?: string;
  memberId?: string;
  channelOrder?: string;
  order: StoredOrder;
}
const FIELDS = {
  store: 'returnStores',
  member: 'memberId',
  state: 'returnStates',
  orderId: '_id',
  channel: 'channel',
} as const;
export type ReturnFilter = Partial<Record<keyof typeof FIELDS, string>>;
const MOST_ORDERS = 20;
interface ReturnsAfter {
  readonly atMs: number;
  readonly orderId: string;
}
/** The first that is asked for bounds what is read: what tells most comes first. */
const INDEXED = ['member', 'store', 'state', 'channel'] as const;
const BOUNDING = ['orderId', ...INDEXED] as const;
const keyOf = (by: (typeof INDEXED)[number] | undefined): Readonly<Record<string, 1>> => ({
  ...(by === undefined ? {} : { [FIELDS[by]]: 1 }),
  returnedAt: 1,
  _id: 1,
});

/** Reads the orders of which something came back; orders.repository.ts writes them. */
export class ReturnsRepository {
  private readonly orders: mongo.Collection<ReturnedDocument>;

  private readonly reader = new NewestFirstReader();

  constructor(
    connection: Connection,
    private readonly now: () => number = Date.now,
  ) {
    this.orders = connection.collection<ReturnedDocument>('orders') as unknown as mongo.Collection<ReturnedDocument>;
  }

  async prepare(): Promise<void> {
    await createIndexIfMissing(this.orders, keyOf(undefined));
    for (const field of INDEXED) await createIndexIfMissing(this.orders, keyOf(field));
  }

  /** Orders whose returns changed last come first. */
  async list(filter: ReturnFilter, after: ReturnsAfter | undefined, limit: number): Promise<Order[]> {
    const documents = await this.page(filter, after, limit, (cursor) => cursor.toArray());
    return documents.map(({ order }) => orderOf(order));
  }

  explain(filter: ReturnFilter, after: ReturnsAfter | undefined, limit: number): Promise<mongo.Document> {
    return planOfLast<ReturnedDocument>((read) => this.page(filter, after, limit, read));
  }

  private page(
    filter: ReturnFilter,
    after: ReturnsAfter | undefined,
    limit: number,
    read: (cursor: mongo.FindCursor<ReturnedDocument>) => Promise<ReturnedDocument[]>,
  ): Promise<ReturnedDocument[]> {
    const [by, ...looked] = BOUNDING.filter((field) => filter[field] !== undefined);
    const equal = by === undefined ? {} : { [FIELDS[by]]: filter[by] };
    const refused = looked.map((field) => otherThan(FIELDS[field], filter[field]));
    const isOverArray = by === 'store' || by === 'state';
    const last = after && { atMs: after.atMs, id: after.orderId };
    const ask = (window: TimeWindow, most: number) => {
      const older = olderThan({ equal, isOverArray, time: 'returnedAt', window }, last, refused);
      const wanted = older as mongo.Filter<ReturnedDocument>;
      const found = this.orders.find(wanted, WITH_TIME).sort({ returnedAt: -1, _id: -1 }).limit(most);
      return read(found);
    };
    // An order of which nothing came back has no such time, so none is before all of them.
    const whole = { afterMs: 0, untilMs: after?.atMs };
    if (filter.orderId !== undefined || filter.member !== undefined) return ask(whole, limit);
    const kind = `${by ?? ''} ${filter.state ?? ''} ${filter.channel ?? ''}`;
    const atMsOf = ({ returnedAt }: ReturnedDocument) => returnedAt!.getTime();
    const list = { ...whole, nowMs: this.now(), limit, atMsOf, read: ask };
    return this.reader.read({ kind, of: filter.store }, list);
  }

  /** By what a customer without the parcel's paper can say. */
  async findSold(by: 'orderId' | 'channelOrder' | 'member', value: string, channel?: string): Promise<Order[]> {
    const field = { orderId: '_id', channelOrder: 'channelOrder', member: 'memberId' }[by];
    const own = channel === undefined ? {} : { channel };
    const found = this.orders.find({ [field]: value, ...own } as mongo.Filter<ReturnedDocument>, ORDER_ONLY);
    const documents = await found.sort({ placedAt: -1, _id: -1 }).limit(MOST_ORDERS).toArray();
    return documents.map(({ order }) => orderOf(order));
  }
}

const ORDER_ONLY = { projection: { _id: 0, order: 1 } } as const;
const WITH_TIME = { projection: { _id: 0, returnedAt: 1, order: 1 } } as const;
