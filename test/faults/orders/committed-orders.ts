import type { Order } from '@shelfline/orders/domain/order';
import type { Connection, mongo } from 'mongoose';
import type { PromisingOrder } from './promise-sums.ts';

interface OrderRow {
  readonly _id: string;
  readonly order: Order;
}
const CONDENSED = {
  projection: { 'order.orderId': 1, 'order.state': 1, 'order.version': 1, ...of('lines', 'holds', 'tasks') },
};
function of(...fields: string[]): Record<string, 1> {
  return Object.fromEntries(fields.map((field) => [`order.${field}`, 1 as const]));
}

/** Orders as they are committed, asked of the database itself. */
export class CommittedOrders {
  private readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async all(): Promise<Map<string, PromisingOrder>> {
    const orders = this.connection.collection('orders') as unknown as mongo.Collection<OrderRow>;
    const rows = await orders.find({}, CONDENSED).toArray();
    return new Map(rows.map(({ _id, order }) => [_id, order]));
  }

  deadLetters(): Promise<number> {
    return this.connection.collection('dead_letters').countDocuments({});
  }
}
