import { describe, expect, it } from '@jest/globals';
import {
  contradictions,
  movingIn,
  type PromisingOrder,
  type Snapshot,
  unequalPromises,
  unheldPromises,
  wrongStock,
} from './promise-sums.ts';
import { wronglyShown } from './shown-orders.ts';

const hold = (over: object = {}) => ({
  reservationId: 'order/o-1/1/1',
  lineId: '1',
  sku: 'A',
  quantity: 2,
  locations: ['s'],
  location: 's',
  state: 'held',
  expiresAtMs: 0,
  askedAtMs: 0,
  task: 1,
  ...over,
});
const task = (over: object = {}) => ({
  number: 1,
  location: 's',
  state: 'ASSIGNED',
  lines: [{ quantity: 2 }],
  ...over,
});
const orderWith = (over: object = {}): PromisingOrder =>
  ({
    orderId: 'o-1',
    state: 'ROUTED',
    version: 3,
    lines: [{ lineId: '1', sku: 'A', quantity: 2, unitPriceMinor: 1, cancelledUnits: 0 }],
    holds: [hold()],
    tasks: [task()],
    ...over,
  }) as unknown as PromisingOrder;
const reservation = (over: object = {}) => ({
  reservationId: 'order/o-1/1/1',
  sku: 'A',
  state: 'COMMITTED',
  allocations: [{ location: 's', quantity: 2 }],
  ...over,
});
const level = (onHand: number, reserved: number) =>
  new Map([['A@s', { onHand, reserved, damaged: 0, qualityControl: 0, incoming: 0 }]]);
const ordersOf = (...orders: PromisingOrder[]) => new Map(orders.map((order) => [order.orderId, order]));
const snapshotOf = (over: Partial<Snapshot> = {}): Snapshot => ({
  before: ordersOf(orderWith()),
  after: ordersOf(orderWith()),
  reservations: [reservation()],
  levels: level(5, 2),
  ...over,
});
const differs = (over: Partial<Snapshot>) => {
  const snapshot = snapshotOf(over);
  return unequalPromises(snapshot, movingIn(snapshot));
};

describe('promises beside reservations', () => {
  it('are equal where the ledger holds what each order counts on, at its place', () => {
    expect(differs({})).toEqual([]);
  });

  it.each([
    ['nothing is reserved', { reservations: [], levels: level(5, 0) }],
    ['the reservation was given back', { reservations: [reservation({ state: 'RELEASED' })] }],
    ['it is held at another place', { reservations: [reservation({ allocations: [{ location: 't', quantity: 2 }] })] }],
    ['fewer are held', { reservations: [reservation({ allocations: [{ location: 's', quantity: 1 }] })] }],
    ['no order counts on one', { reservations: [reservation(), reservation({ reservationId: 'order/o-2/1/1' })] }],
    ['the level has another sum', { levels: level(5, 3) }],
  ] as [string, Partial<Snapshot>][])('differ where %s', (_, over) => {
    expect(differs(over)).not.toEqual([]);
  });

  it('are not compared where an order asks or changed meanwhile, and are where another stands at the same place', () => {
    const asking = orderWith({ state: 'RESERVING', holds: [hold({ state: 'asked' })] });
    expect(differs({ before: ordersOf(asking), after: ordersOf(asking), levels: level(5, 0) })).toEqual([]);
    expect(differs({ after: ordersOf(orderWith({ version: 4 })), levels: level(5, 0), reservations: [] })).toEqual([]);
    const other = orderWith({ orderId: 'o-2', holds: [hold({ reservationId: 'order/o-2/1/1' })] });
    const both = ordersOf(asking, other);
    expect(differs({ before: both, after: both, levels: level(5, 0) })).not.toEqual([]);
  });

  it('were held at every moment between two looks at the order', () => {
    expect(unheldPromises(snapshotOf())).toEqual([]);
    expect(unheldPromises(snapshotOf({ reservations: [] }))).not.toEqual([]);
    expect(unheldPromises(snapshotOf({ reservations: [], after: ordersOf(orderWith({ holds: [] })) }))).toEqual([]);
  });
});

describe('an order', () => {
  it.each([
    ['counts on more than was ordered', { holds: [hold(), hold({ reservationId: 'order/o-1/1/2', task: 2 })] }],
    ['has a task with nothing behind it', { holds: [] }],
    ['has sent what it still holds', { tasks: [task({ state: 'SHIPPED' })] }],
    ['is over and holds units', { state: 'COMPLETED' }],
    ['is over and not all of it decided', { state: 'COMPLETED', holds: [], tasks: [] }],
  ])('contradicts itself where it %s', (_, over) => {
    expect(contradictions([orderWith()])).toEqual([]);
    expect(contradictions([orderWith(over)])).not.toEqual([]);
  });

  it('is shown wrongly where REST says another state, other units, or leaves it out of the queue', () => {
    const view = { state: 'WAITING', lines: [{ lineId: '1', promisedUnits: 2, cancelledUnits: 0 }] };
    const wrongly = (shown: object, queue: readonly string[]) =>
      wronglyShown(
        ordersOf(orderWith({ state: 'WAITING' })),
        new Map([['o-1', shown as never]]),
        new Map(queue.map((orderId) => [orderId, true])),
      );
    expect(wrongly(view, ['o-1'])).toEqual([]);
    expect(wrongly(view, [])).not.toEqual([]);
    expect(wrongly(view, ['o-1', 'o-2'])).not.toEqual([]);
    expect(wrongly({ ...view, state: 'ROUTED' }, ['o-1'])).not.toEqual([]);
    expect(wrongly({ ...view, lines: [{ ...view.lines[0], promisedUnits: 1 }] }, ['o-1'])).not.toEqual([]);
  });
});

describe('stock', () => {
  const standing = { keys: new Set<string>() };
  const gone = ordersOf(orderWith({ holds: [hold({ state: 'fulfilled' })] }));

  it('is what came less what went out', () => {
    expect(wrongStock({ after: gone, levels: level(3, 0) }, new Map([['A@s', 5]]), standing)).toEqual([]);
    expect(wrongStock({ after: gone, levels: level(5, 0) }, new Map([['A@s', 5]]), standing)).not.toEqual([]);
    expect(wrongStock({ after: gone, levels: new Map() }, new Map([['A@s', 5]]), standing)).not.toEqual([]);
  });
});
