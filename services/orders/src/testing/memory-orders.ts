import type { Order } from '../domain/order.js';
import { dueAtMs } from '../domain/order-due.js';
import { skusWaitedFor } from '../domain/presale/skus-waited-for.js';
import type { OrderWrites } from '../orders.repository.js';

/** As much of the repository as a batch reads. */
export class MemoryOrders {
  readonly orders = new Map<string, Order>();
  private readonly partitions = new Map<string, number>();

  constructor(private readonly askAgainAfterMs: number) {}

  findOrders(ids: readonly string[]): Promise<Map<string, Order>> {
    const known = ids.flatMap((id) => (this.orders.has(id) ? [[id, this.orders.get(id)!] as const] : []));
    return Promise.resolve(new Map(known));
  }
  findEarliestDueMs(partition: number): Promise<number | undefined> {
    const earliestMs = Math.min(...this.of(partition).map((order) => this.dueMs(order)));
    return Promise.resolve(Number.isFinite(earliestMs) ? earliestMs : undefined);
  }
  findDue(partition: number, nowMs: number, limit: number): Promise<Order[]> {
    const due = this.of(partition).filter((order) => this.dueMs(order) <= nowMs);
    return Promise.resolve(due.toSorted((a, b) => this.dueMs(a) - this.dueMs(b)).slice(0, limit));
  }
  findWaiting(partition: number, skus: readonly string[], limit: number): Promise<Order[]> {
    const some = this.of(partition).filter((order) => skusWaitedFor(order).some((sku) => skus.includes(sku)));
    return Promise.resolve(some.slice(0, limit));
  }
  /** As the unique index of ids finds it. */
  takenIn({ orders }: Pick<OrderWrites, 'orders'>): string | undefined {
    return orders.find(({ order, isNew }) => isNew && this.orders.has(order.orderId))?.order.orderId;
  }
  write({ orders }: Pick<OrderWrites, 'orders'>): void {
    for (const { partition, order, isNew } of orders) {
      if (isNew === this.orders.has(order.orderId)) throw new Error(`${order.orderId}: isNew is ${isNew}`);
      this.orders.set(order.orderId, order);
      this.partitions.set(order.orderId, partition);
    }
  }
  private of(partition: number): Order[] {
    return [...this.orders.values()].filter(({ orderId }) => this.partitions.get(orderId) === partition);
  }
  private dueMs(order: Order): number {
    return dueAtMs(order, this.askAgainAfterMs) ?? Number.POSITIVE_INFINITY;
  }
}
