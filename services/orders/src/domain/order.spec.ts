import { describe, expect, it } from '@jest/globals';
import { NOW_MS, placing } from '../testing/order-cases.js';
import { given } from '../testing/order-scene.js';
import { evolve } from './evolve-order.js';
import type { HoldState } from './hold.js';
import { type Hold, isFinal, type Order, stateOf, type Task, uncoveredLines } from './order.js';
import { dueAtMs } from './order-due.js';

const base = given({}, placing({ A: 3 })).order;
const { retryAtMs: _, ...untried } = base;
const hold = (state: HoldState, quantity = 3, over: Partial<Hold> = {}): Hold => ({
  reservationId: `order/web-1/line-A/${state}`,
  lineId: 'line-A',
  sku: 'A',
  quantity,
  locations: ['shop-1'],
  state,
  expiresAtMs: NOW_MS + 600_000,
  askedAtMs: NOW_MS,
  ...over,
});
const task = (state: Task['state'], over: Partial<Task> = {}): Task => ({
  number: 1,
  location: 'shop-1',
  state,
  lines: [],
  assignedAtMs: NOW_MS,
  changedAtMs: NOW_MS,
  version: 1,
  ...over,
});
const order = (over: Partial<Order> = {}): Order => ({ ...untried, ...over });
const cancelled = (units: number) => base.lines.map((line) => ({ ...line, cancelledUnits: units }));

describe('what an order is follows from its parts', () => {
  it.each([
    ['RESERVING', order()],
    ['RESERVING', order({ holds: [hold('asked')], retryAtMs: NOW_MS })],
    ['RESERVING', order({ holds: [hold('held')] })],
    ['WAITING', order({ retryAtMs: NOW_MS })],
    ['WAITING', order({ holds: [hold('fulfilled', 2)], tasks: [task('DELIVERED')], retryAtMs: NOW_MS })],
    ['ROUTED', order({ holds: [hold('held')], tasks: [task('ASSIGNED')] })],
    ['ROUTED', order({ tasks: [task('REJECTED'), task('ASSIGNED')], holds: [hold('asked')] })],
    ['IN_FULFILMENT', order({ tasks: [task('ACCEPTED')] })],
    ['IN_FULFILMENT', order({ tasks: [task('DELIVERED'), task('ASSIGNED')] })],
    ['IN_FULFILMENT', order({ holds: [hold('fulfilled')], tasks: [task('SHIPPED')] })],
    ['COMPLETED', order({ holds: [hold('fulfilled')], tasks: [task('DELIVERED')] })],
    ['PARTIALLY_COMPLETED', order({ holds: [hold('fulfilled', 2)], tasks: [task('DELIVERED')], lines: cancelled(1) })],
    ['CANCELLED', order({ holds: [hold('released')], tasks: [task('CANCELLED')], lines: cancelled(3) })],
  ] as const)('%s (%#)', (state, one) => {
    expect(stateOf(one)).toBe(state);
    expect(isFinal({ state })).toBe(/COMPLETED|CANCELLED/.test(state));
  });
});

describe('units nothing stands behind', () => {
  it.each([
    ['asked', 1],
    ['held', 1],
    ['fulfilled', 1],
    ['released', 3],
    ['refused', 3],
  ] as const)('of three, two of them %s: %i', (state, quantity) => {
    expect(uncoveredLines(order({ holds: [hold(state, 2)] }))).toEqual([{ lineId: 'line-A', sku: 'A', quantity }]);
  });
  it('are none of a line that is covered or cancelled', () => {
    expect(uncoveredLines(order({ holds: [hold('held', 2)], lines: cancelled(1) }))).toEqual([]);
  });
});

describe('the next moment at which time changes it', () => {
  it('is the earliest of question, acceptance and trial', () => {
    const holds = [hold('asked', 1, { askedAtMs: NOW_MS }), hold('asked', 1, { askedAtMs: NOW_MS - 1 })];
    expect(dueAtMs(order({ holds, retryAtMs: NOW_MS + 9000 }), 5000)).toBe(NOW_MS + 4999);
    expect(dueAtMs(order({ tasks: [task('ASSIGNED', { acceptByMs: 7 })], retryAtMs: 8 }), 5000)).toBe(7);
    expect(dueAtMs(order({ tasks: [task('ACCEPTED', { acceptByMs: 7 })], retryAtMs: 8 }), 5000)).toBe(8);
    expect(dueAtMs(order({ holds: [hold('held')], tasks: [task('ASSIGNED')] }), 5000)).toBeUndefined();
  });
});

describe('an event', () => {
  it('stamps the order, and what it concerns alone', () => {
    const before = order({ holds: [hold('held', 1, { task: 1 }), hold('held', 2, { task: 2 })] });
    const with2 = { ...before, tasks: [task('PACKED'), task('ASSIGNED', { number: 2 })] };
    const after = evolve(
      with2,
      { type: 'task_changed', number: 1, state: 'SHIPPED' },
      { atMs: NOW_MS + 5, version: 77 },
    );
    expect(after).toMatchObject({
      version: 77,
      changedAtMs: NOW_MS + 5,
      placedAtMs: NOW_MS,
      holds: [{ state: 'fulfilled' }, { state: 'held' }],
      tasks: [
        { state: 'SHIPPED', version: 77, changedAtMs: NOW_MS + 5 },
        { state: 'ASSIGNED', version: 1, changedAtMs: NOW_MS },
      ],
    });
    expect(with2.tasks[0]!.state).toBe('PACKED');
  });
});
