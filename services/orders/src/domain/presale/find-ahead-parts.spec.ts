import { describe, expect, it } from '@jest/globals';
import { NOW_MS, placing } from '../../testing/order-cases.js';
import { OrderScene } from '../../testing/order-scene.js';
import type { OrderContext } from '../decision.js';
import { evolve } from '../evolve-order.js';
import { findAheadParts } from './find-ahead-parts.js';

type Wish = NonNullable<Parameters<typeof placing>[1]>['wish'];
const DAY_MS = 24 * 3_600_000;
const dayMs = (day: number): number => NOW_MS + day * DAY_MS;
const line = (lineId: string, quantity: number, sku = 'A') => ({ lineId, sku, quantity });
const arriving = (location: string, ...days: readonly [units: number, day?: number][]) => ({
  location,
  units: days.reduce((sum, [units]) => sum + units, 0),
  arrivals: days.map(([units, day]) => (day === undefined ? { units } : { units, atMs: dayMs(day) })),
});

function partsOf(
  places: ReturnType<typeof arriving>[],
  lines: readonly ReturnType<typeof line>[],
  wish: Wish = 'backorder',
) {
  const context: OrderContext = { ...new OrderScene().context(), findArriving: () => ({ places, handlingDays: 2 }) };
  const { orderId, type: _, ...placed } = placing({ A: 9 }, { wish });
  const order = evolve(undefined, { type: 'placed', orderId, askedBy: '', placed, lines: [] }, context);
  return findAheadParts(order, lines, context).map((part) => [
    part.location,
    part.arrivesAtMs === undefined ? undefined : (part.arrivesAtMs - NOW_MS) / DAY_MS,
    part.lines.map(({ lineId, quantity }) => `${quantity}/${lineId}`),
  ]);
}

describe('what an order would be promised of deliveries', () => {
  it('comes with the day of its last unit, those before it being promised first', () => {
    expect(partsOf([arriving('dc', [2, 1], [3, 4])], [line('1', 2), line('2', 2)])).toEqual([
      ['dc', 1, ['2/1']],
      ['dc', 4, ['2/2']],
    ]);
  });
  it('comes together where it is of one place and day', () => {
    expect(partsOf([arriving('dc', [9, 4])], [line('1', 2), line('2', 2)])).toEqual([['dc', 4, ['2/1', '2/2']]]);
  });
  it('is divided where no place expects all of it', () => {
    expect(partsOf([arriving('dc', [2, 1]), arriving('dc2', [2])], [line('1', 3)])).toEqual([
      ['dc', 1, ['2/1']],
      ['dc2', undefined, ['1/1']],
    ]);
  });
  it('is nothing of an order that wishes otherwise', () => {
    expect(partsOf([arriving('dc', [9, 4])], [line('1', 2)], 'split')).toEqual([]);
  });
});
