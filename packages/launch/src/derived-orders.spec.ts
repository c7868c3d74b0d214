import { describe, expect, it } from '@jest/globals';
import { MAX_LINES, PlaceOrder } from '@shelfline/contracts/order';
import { deriveStore } from './derived-network.js';
import { busiestStore, OnlineBaskets, type OnlineOrder } from './derived-orders.js';
import type { TillLine } from './till-lines.js';

const line = (basketId: string, sku: string, quantity = 1, paidMinor = 199, storeId = '367'): TillLine => ({
  storeId,
  basketId,
  householdId: '900',
  productId: sku,
  paidMinor,
  reading: {
    ok: true,
    fact: {
      id: `${basketId}-${sku}-1`,
      source: `pos-${storeId}`,
      type: 'sale',
      sku,
      location: `store-${storeId}`,
      quantity,
      occurredAt: '2017-01-01T10:00:00.000Z',
      occurredAtSource: '2017-01-01T10:00:00',
    },
  },
});
const ordersOf = (lines: readonly TillLine[], percent = 5) => {
  const baskets = new OnlineBaskets(percent);
  for (const each of lines) baskets.add(each);
  return baskets.orders();
};
const MANY = Array.from({ length: 4000 }, (_, i) => line(`b${i}`, '7'));

describe('online orders derived from baskets', () => {
  it('are about the share that is asked for, and the same ones each time', () => {
    const { orders, lines } = ordersOf(MANY);
    expect(orders.size).toBeGreaterThan(4000 * 0.03);
    expect(orders.size).toBeLessThan(4000 * 0.07);
    expect(lines).toBe(orders.size);
    expect([...ordersOf(MANY.toReversed()).orders.keys()].sort()).toEqual([...orders.keys()].sort());
    expect(ordersOf(MANY, 0).orders.size).toBe(0);
  });

  it('are orders as POST /api/orders takes them, in every way to get them', () => {
    const orders = [...ordersOf(MANY, 50).orders.values()];
    for (const order of orders)
      expect(PlaceOrder.safeParse({ ...order, type: 'place', id: 'x', source: 'y' }).error).toBeUndefined();
    const share = (is: (order: OnlineOrder) => boolean) => orders.filter(is).length / orders.length;
    expect(share(({ method }) => method === 'pickup')).toBeCloseTo(0.35, 1);
    expect(share(({ method }) => method === 'same_city')).toBeCloseTo(0.25, 1);
    expect(share(({ wish }) => wish === 'split')).toBeCloseTo(0.3, 1);
  });

  it('have a line a product at the price of a piece, and go around the store that sold them', () => {
    const { orders, lines } = ordersOf([line('b', '7', 1, 100), line('b', '8', 3, 1000), line('b', '7', 2, 205)], 100);
    const [order] = [...orders.values()];
    expect(lines).toBe(3);
    expect(order!.lines).toEqual([
      { lineId: '1', sku: '7', quantity: 3, unitPriceMinor: 102 },
      { lineId: '2', sku: '8', quantity: 3, unitPriceMinor: 333 },
    ]);
    expect(order).toMatchObject({ orderId: 'online-367-b', memberId: 'household-900' });
    const sent = [...ordersOf(MANY, 50).orders.values()].find(({ destination }) => destination);
    const { latitude, city } = sent!.destination as { latitude: number; city: string };
    const store = deriveStore('367');
    expect(Math.abs(latitude - store.latitude)).toBeLessThanOrEqual(0.046);
    expect(city).toBe(store.city);
  });

  it('are none where an order may not be so: too many lines, a number that no order has', () => {
    const many = Array.from({ length: MAX_LINES + 1 }, (_, i) => line('b', `p${i}`));
    expect(ordersOf(many, 100).orders.size).toBe(0);
    expect(ordersOf(many.slice(1), 100).orders.size).toBe(1);
    expect(ordersOf([line('a/b', '7')], 100).orders.size).toBe(0);
    expect(ordersOf([line('b', '7', 10_001)], 100)).toEqual({ orders: new Map(), lines: 0 });
  });

  it('are most of them collected at the busiest store', () => {
    const orders = [{ store: 'a' }, { store: 'b' }, {}, { store: 'b' }] as OnlineOrder[];
    expect(busiestStore(orders)).toBe('b');
    expect(busiestStore([])).toBeUndefined();
  });
});
