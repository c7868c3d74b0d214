import { createIndexIfMissing, hasIndex } from '@shelfline/streaming/mongo-indexes';
import type { Connection, mongo } from 'mongoose';
import type { Order } from '../domain/order.js';
import { bringingStores } from '../domain/visits/brought.js';
import { otherThan } from '../queries/newest-first.js';
import { orderOf, type StoredOrder } from '../stored-order.js';

interface BroughtDocument {
  _id: string;
  version: number;
  state: string;
  channel?: string;
  placedAt: Date;
  broughtFrom?: string[];
  order: StoredOrder;
}
export interface BroughtQuery {
  readonly store: string;
  /** Of all unless told. */
  readonly channel?: string | undefined;
  readonly limit: number;
}

const BY_STORE = { broughtFrom: 1, placedAt: 1 } as const;
const NAMED_AT_ONCE = 500;
const ORDER_ONLY = { projection: { _id: 0, order: 1 } } as const;

/** Orders of which a store's own people bring something; orders.repository.ts writes them. */
export class RoundsRepository {
  private readonly orders: mongo.Collection<BroughtDocument>;

  constructor(connection: Connection) {
    this.orders = connection.collection<BroughtDocument>('orders') as unknown as mongo.Collection<BroughtDocument>;
  }

  /** The index is made when what former versions wrote is named: a start that is cut off begins anew. */
  async prepare(): Promise<void> {
    if (!(await hasIndex(this.orders, BY_STORE))) await this.nameStores();
    await createIndexIfMissing(this.orders, BY_STORE);
  }

  private async nameStores(): Promise<void> {
    let named: mongo.AnyBulkWriteOperation<BroughtDocument>[] = [];
    const write = async () => {
      if (named.length > 0) await this.orders.bulkWrite(named, { ordered: false });
      named = [];
    };
    for await (const { _id, version, order } of this.orders.find({ state: 'IN_FULFILMENT' })) {
      const broughtFrom = [...bringingStores(orderOf(order))];
      if (broughtFrom.length === 0) continue;
      // One that its stream has written meanwhile is named by it.
      named.push({ updateOne: { filter: { _id, version }, update: { $set: { broughtFrom } } } });
      if (named.length >= NAMED_AT_ONCE) await write();
    }
    await write();
  }

  /** Placed first comes first. */
  async findBrought({ store, channel, limit }: BroughtQuery): Promise<Order[]> {
    // What is looked at in a document stands apart: SecantusDB would go by the channel's index.
    const others = channel === undefined ? {} : { $nor: [otherThan('channel', channel)] };
    const filter = { broughtFrom: store, ...others } as mongo.Filter<BroughtDocument>;
    const found = await this.orders.find(filter, ORDER_ONLY).sort({ placedAt: 1 }).limit(limit).toArray();
    return found.map(({ order }) => orderOf(order));
  }
}
