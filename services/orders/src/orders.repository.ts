import { TOPICS } from '@shelfline/contracts/topics';
import { findEarliestMs } from '@shelfline/streaming/mongo-earliest';
import { createIndexIfMissing } from '@shelfline/streaming/mongo-indexes';
import type { TransactionWrites } from '@shelfline/streaming/transaction-writes';
import type { ClientSession, Connection, mongo } from 'mongoose';
import type { Order } from './domain/order.js';
import { dueAtMs } from './domain/order-due.js';
import { skusWaitedFor } from './domain/presale/skus-waited-for.js';
import { SENT_WITHIN_MS } from './domain/privacy/erase-customer.js';
import { bringingStores } from './domain/visits/brought.js';
import { ORDER_ENTRIES } from './order-entry.js';
import { type OrderEntryDocument, withoutCourierWords } from './order-entry-layout.js';
import { olderThan } from './queries/newest-first.js';
import { type ReturnFields, returnFields } from './returns/returns.repository.js';
import { orderOf, type StoredOrder, storedOrderOf } from './stored-order.js';

/** What a transaction writes besides its entries: each order whole, once, as it is after the batch. */
export interface OrderWrites {
  readonly orders: readonly { readonly partition: number; readonly order: Order; readonly isNew: boolean }[];
}
export const NO_WRITES: OrderWrites = { orders: [] };

interface OrderDocument extends ReturnFields {
  _id: string;
  partition: number;
  state: string;
  version: number;
  placedAt: Date;
  changedAt: Date;
  /** Absent where time alone changes nothing any more. */
  dueAt?: Date;
  /** SKUs that it waits for, or awaits and would take elsewhere; absent where it waits for nothing. */
  waitsFor?: string[];
  /** Absent in documents of former versions. */
  channel?: string;
  /** Of its tasks, whatever their state. */
  stores: string[];
  /** Whose own people have something of it to bring; absent where nobody has. */
  broughtFrom?: string[];
  memberId?: string;
  channelOrder?: string;
  /** Sold elsewhere: no order of ours, so it is not listed. */
  foreign?: true;
  order: StoredOrder;
}

export interface WaitingFigures {
  readonly orders: number;
  /** Of the one placed first. */
  readonly oldestPlacedAtMs: number | undefined;
}
/** Beyond that it does not matter how many more wait. */
const MOST_COUNTED = 10_000;

/** Look-ups by id go out in pieces of this many. */
const IDS_PER_QUERY = 500;

/** The only file that knows mongoose: one document an order, `_id` = its id. */
export class OrdersRepository {
  private readonly orders: mongo.Collection<OrderDocument>;
  private readonly entries: mongo.Collection;
  private readonly checkpoints: mongo.Collection<{ _id: string; newestMs?: number }>;

  constructor(
    private readonly connection: Connection,
    private readonly askAgainAfterMs: number,
  ) {
    this.orders = connection.collection<OrderDocument>('orders') as unknown as mongo.Collection<OrderDocument>;
    this.entries = connection.collection(ORDER_ENTRIES) as unknown as mongo.Collection;
    this.checkpoints = connection.collection('checkpoints') as unknown as typeof this.checkpoints;
  }

  /** The collection comes with its first index; what is there already is not asked for (createIndexIfMissing says why). */
  async prepare(): Promise<void> {
    await createIndexIfMissing(this.orders, { partition: 1, dueAt: 1 });
    await createIndexIfMissing(this.orders, { waitsFor: 1, partition: 1, placedAt: 1 });
  }

  async findOrders(ids: readonly string[]): Promise<Map<string, Order>> {
    const found = new Map<string, Order>();
    const keep = (order: Order) => found.set(order.orderId, order);
    for (let i = 0; i < ids.length; i += IDS_PER_QUERY) {
      const filter = { _id: { $in: ids.slice(i, i + IDS_PER_QUERY) } };
      for await (const { order } of this.orders.find(filter, ORDER_ONLY)) keep(orderOf(order));
    }
    return found;
  }

  async findOrder(id: string): Promise<Order | undefined> {
    const found = await this.orders.findOne({ _id: id }, ORDER_ONLY);
    return found ? orderOf(found.order) : undefined;
  }

  /** Append time of the newest record of a partition of `orders.intake` that was applied. */
  async findLastAppliedMs(partition: number): Promise<number | undefined> {
    const found = await this.checkpoints.findOne({ _id: `${TOPICS.orderIntake.name}/${partition}` });
    return found?.newestMs;
  }

  /** Of a partition, when time changes the first of them. */
  findEarliestDueMs(partition: number): Promise<number | undefined> {
    return findEarliestMs(this.orders, { partition }, 'dueAt');
  }

  /** Of a partition, those that time changes by then, the longest due first. */
  async findDue(partition: number, nowMs: number, limit: number): Promise<Order[]> {
    const filter = { partition, dueAt: { $lte: new Date(nowMs) } };
    const documents = await this.orders.find(filter, ORDER_ONLY).sort({ dueAt: 1 }).limit(limit).toArray();
    return documents.map(({ order }) => orderOf(order));
  }

  /** Of a partition, those that wait for one of these SKUs, the oldest first. */
  async findWaiting(partition: number, skus: readonly string[], limit: number): Promise<Order[]> {
    if (skus.length === 0) return [];
    const filter = { waitsFor: { $in: [...skus] }, partition };
    const documents = await this.orders.find(filter, ORDER_ONLY).sort({ placedAt: 1 }).limit(limit).toArray();
    return documents.map(({ order }) => orderOf(order));
  }

  /** Of these partitions; counted to a limit, since each must be looked at. */
  async readWaiting(partitions: readonly number[]): Promise<WaitingFigures> {
    const filter = { state: 'WAITING', partition: { $in: [...partitions] } };
    const oldest = await this.orders.findOne(filter, { projection: { placedAt: 1 }, sort: { placedAt: 1 } });
    if (!oldest) return { orders: 0, oldestPlacedAtMs: undefined };
    const orders = await this.orders.countDocuments(filter, { limit: MOST_COUNTED });
    return { orders, oldestPlacedAtMs: oldest.placedAt.getTime() };
  }

  /** Placed in [from, to), newest first, read as they are asked for. */
  async *placedBetween(fromMs: number, toMs: number, limit: number, channel?: string): AsyncGenerator<Order> {
    const window = { afterMs: fromMs - 1, untilMs: toMs - 1 };
    // In documents of former versions it stands only inside the order.
    const refused =
      channel === undefined ? [] : [{ channel: { $ne: channel }, 'order.placed.channel': { $ne: channel } }];
    const wanted = olderThan({ equal: {}, time: 'placedAt', window }, undefined, refused);
    const found = this.orders.find(wanted as mongo.Filter<OrderDocument>, ORDER_ONLY);
    for await (const { order } of found.sort({ placedAt: -1, _id: -1 }).limit(limit)) yield orderOf(order);
  }

  write({ orders }: OrderWrites, transaction: TransactionWrites): void {
    const documentsOf = (isWanted: boolean) =>
      orders.filter(({ isNew }) => isNew === isWanted).map((one) => this.toDocument(one));
    transaction.insert(this.orders, documentsOf(true));
    transaction.replace(this.orders, documentsOf(false));
    if (orders.some(({ order }) => erasedThroughMs(order) !== undefined))
      transaction.afterwards((session) => this.eraseEntries(orders, session));
  }

  /**
   * What was given in exchange was sent to the same address, and so was what a courier was asked for. Its order, or its
   * question, is sent once more only while it is new.
   */
  private async eraseEntries(orders: OrderWrites['orders'], session: ClientSession): Promise<void> {
    for (const { order } of orders) {
      const { orderId, returns, tasks } = order;
      const untilMs = erasedThroughMs(order);
      if (untilMs === undefined) continue;
      const settled = { orderId, atMs: { $lte: untilMs - SENT_WITHIN_MS } };
      const erase = (kept: string) =>
        this.entries.updateMany(
          { ...settled, [`${kept}.0`]: { $exists: true } },
          { $unset: { [`${kept}.$[].destination`]: '' } },
          { session },
        );
      if (returns?.some(({ exchangeOrderId }) => exchangeOrderId)) await erase('returns.exchanges');
      if (!tasks.some(({ isParcelWanted }) => isParcelWanted)) continue;
      await erase('parcels');
      await this.eraseWords(settled, session);
    }
  }

  /** What a courier said of him in its own words lies in the text of an entry, so that is laid out anew. */
  private async eraseWords(settled: mongo.Document, session: ClientSession): Promise<void> {
    const found = this.entries.find(settled, { session, projection: { said: 1, told: 1 } });
    for await (const { _id, ...entry } of found) {
      const erased = withoutCourierWords(entry as OrderEntryDocument);
      if (erased) await this.entries.updateOne({ _id }, { $set: erased }, { session });
    }
  }

  private toDocument({ partition, order }: OrderWrites['orders'][number]): OrderDocument {
    const dueMs = dueAtMs(order, this.askAgainAfterMs);
    const { channel, memberId, channelOrder } = order.placed;
    const waitsFor = skusWaitedFor(order);
    const broughtFrom = bringingStores(order);
    return {
      _id: order.orderId,
      partition,
      state: order.state,
      version: order.version,
      placedAt: new Date(order.placedAtMs),
      changedAt: new Date(order.changedAtMs),
      ...(dueMs === undefined ? {} : { dueAt: new Date(dueMs) }),
      ...(waitsFor.length > 0 ? { waitsFor: waitsFor } : {}),
      channel,
      stores: [...new Set(order.tasks.map(({ location }) => location))],
      ...(broughtFrom.length > 0 ? { broughtFrom: [...broughtFrom] } : {}),
      ...(memberId === undefined ? {} : { memberId }),
      ...(channelOrder === undefined ? {} : { channelOrder }),
      ...(order.foreign ? { foreign: true as const } : {}),
      ...returnFields(order),
      order: storedOrderOf(order),
    };
  }
}

const erasedThroughMs = (order: Order): number | undefined => order.erasedThroughMs ?? order.customerErasedAtMs;
const ORDER_ONLY = { projection: { _id: 0, order: 1 } } as const;
