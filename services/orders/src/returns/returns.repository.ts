import { createIndexIfMissing } from '@shelfline/streaming/mongo-indexes';
import type { Connection, mongo } from 'mongoose';
import type { Order } from '../domain/order.js';
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
  memberId?: string;
  channelOrder?: string;
  order: StoredOrder;
}
const FIELDS = { store: 'returnStores', member: 'memberId', state: 'returnStates', orderId: '_id' } as const;
export type ReturnFilter = Partial<Record<keyof typeof FIELDS, string>>;
const MOST_ORDERS = 20;

/** Reads the orders of which something came back; orders.repository.ts writes them. */
export class ReturnsRepository {
  private readonly orders: mongo.Collection<ReturnedDocument>;

  constructor(connection: Connection) {
    this.orders = connection.collection<ReturnedDocument>('orders') as unknown as mongo.Collection<ReturnedDocument>;
  }

  async prepare(): Promise<void> {
    await createIndexIfMissing(this.orders, { returnedAt: 1, _id: 1 });
    for (const field of ['returnStores', 'returnStates'])
      await createIndexIfMissing(this.orders, { [field]: 1, returnedAt: 1, _id: 1 });
  }

  /** Orders whose returns changed last come first. */
  async list(
    filter: ReturnFilter,
    after: { readonly atMs: number; readonly orderId: string } | undefined,
    limit: number,
  ): Promise<Order[]> {
    const equal = Object.entries(filter).map(([by, value]) => ({ [FIELDS[by as keyof typeof FIELDS]]: value }));
    const returnedAt = after && new Date(after.atMs);
    const older = after
      ? [{ $or: [{ returnedAt: { $lt: returnedAt } }, { returnedAt, _id: { $lt: after.orderId } }] }]
      : [];
    const wanted = { $and: [{ returnedAt: { $exists: true } }, ...equal, ...older] };
    const documents = await this.orders
      .find(wanted as mongo.Filter<ReturnedDocument>, ORDER_ONLY)
      .sort({ returnedAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
    return documents.map(({ order }) => orderOf(order));
  }

  /** By what a customer without the parcel's paper can say. */
  async findSold(by: 'orderId' | 'channelOrder' | 'member', value: string): Promise<Order[]> {
    const field = { orderId: '_id', channelOrder: 'channelOrder', member: 'memberId' }[by];
    const found = this.orders.find({ [field]: value } as mongo.Filter<ReturnedDocument>, ORDER_ONLY);
    const documents = await found.sort({ placedAt: -1, _id: -1 }).limit(MOST_ORDERS).toArray();
    return documents.map(({ order }) => orderOf(order));
  }
}

const ORDER_ONLY = { projection: { _id: 0, order: 1 } } as const;
