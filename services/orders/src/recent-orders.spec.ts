import { describe, expect, it } from '@jest/globals';
import type { Order } from './domain/order.js';
import { RecentOrders } from './recent-orders.js';

const order = (orderId: string, version = 1) => ({ orderId, version }) as Order;
const idsOf = (found: ReadonlyMap<string, Order>) => [...found].map(([id, { version }]) => `${id}@${version}`);

describe('orders that were decided a moment ago', () => {
  it('are as they were committed last, each in its own partition', () => {
    const recent = new RecentOrders();
    recent.committed(0, [order('a'), order('b')]);
    recent.committed(1, [order('c')]);
    recent.committed(0, [order('a', 2)]);
    expect(idsOf(recent.of(0, ['a', 'b', 'c', 'd']))).toEqual(['a@2', 'b@1']);
    expect(idsOf(recent.of(1, ['a', 'c']))).toEqual(['c@1']);
  });

  it('are forgotten with their partition: its next owner changes them', () => {
    const recent = new RecentOrders();
    recent.committed(0, [order('a')]);
    recent.committed(1, [order('c')]);
    recent.released(0);
    expect([idsOf(recent.of(0, ['a'])), idsOf(recent.of(1, ['c']))]).toEqual([[], ['c@1']]);
  });

  it('are as many as fit, those changed the longest time ago leaving first', () => {
    const recent = new RecentOrders(2);
    recent.committed(0, [order('a'), order('b')]);
    recent.committed(0, [order('a', 2)]);
    recent.committed(0, [order('c')]);
    expect(idsOf(recent.of(0, ['a', 'b', 'c']))).toEqual(['a@2', 'c@1']);
  });
});
