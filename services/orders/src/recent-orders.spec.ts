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

describe('orders that are placed', () => {
  const presumed = (recent: RecentOrders, ...placed: string[]) => [...recent.presumedNew(0, placed)];

  it('are taken for new, batch after batch', () => {
    const recent = new RecentOrders();
    expect(presumed(recent, 'a', 'b')).toEqual(['a', 'b']);
    recent.committed(0, [order('a'), order('b')]);
    expect(presumed(recent, 'c')).toEqual(['c']);
  });

  it('are looked up when their batch comes again, as are those of the next batches', () => {
    const recent = new RecentOrders();
    presumed(recent, 'a', 'b');
    expect(presumed(recent, 'a')).toEqual([]);
    recent.committed(0, [order('a')]);
    const later = ['c', 'd', 'e', 'f', 'g', 'h', 'i'].map((id) => {
      const found = presumed(recent, id);
      recent.committed(0, [order(id)]);
      return found;
    });
    expect(later.flat()).toEqual([]);
    expect(presumed(recent, 'j')).toEqual(['j']);
  });

  it('are each partition’s own, and forgotten with it', () => {
    const recent = new RecentOrders();
    presumed(recent, 'a');
    expect([...recent.presumedNew(1, ['a'])]).toEqual(['a']);
    recent.released(0);
    expect(presumed(recent, 'a')).toEqual(['a']);
  });
});
