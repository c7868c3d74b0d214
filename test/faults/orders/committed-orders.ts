import { orderOf, type StoredOrder } from '@shelfline/orders/stored-order';
import type { Connection, mongo } from 'mongoose';
import type { PromisingOrder } from './promise-sums.ts';

interface OrderRow {
  readonly _id: string;
  readonly order: StoredOrder;
}

/** Orders as they are committed, asked of the database itself. */
export class CommittedOrders {
  private readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async all(): Promise<Map<string, PromisingOrder>> {
    const orders = this.connection.collection('orders') as unknown as mongo.Collection<OrderRow>;
    const rows = await orders.find({}, { projection: { order: 1 } }).toArray();
    return new Map(rows.map(({ _id, order }) => [_id, orderOf(order)]));
  }

  deadLetters(): Promise<number> {
    return this.connection.collection('dead_letters').countDocuments({});
  }
}
