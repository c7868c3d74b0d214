import { describe, expect, it } from '@jest/globals';
import { type FulfilmentMethod, TASK_ACTIONS, type TaskAction, type TaskState } from '@shelfline/contracts/order';
import { doing, ORDER_ID, placing } from '../testing/order-cases.js';
import { orderFaults } from '../testing/order-faults.js';
import { given, type OrderScene } from '../testing/order-scene.js';
import type { Order } from './order.js';

const UNITS = { A: { 'shop-1': 2 } };
const at = (method: FulfilmentMethod, state: TaskState): OrderScene => {
  const scene = given(UNITS, placing({ A: 2 }, { method, store: 'shop-1' }));
  const order: Order = { ...scene.order, tasks: scene.order.tasks.map((task) => ({ ...task, state })) };
  scene.orders.set(ORDER_ID, order);
  return scene;
};

/** Written once more, so that a slip in the table of steps is seen: state → action → next state. */
const WAY: readonly (readonly [TaskState, TaskAction, TaskState])[] = [
  ['ASSIGNED', 'accept', 'ACCEPTED'],
  ['ASSIGNED', 'reject', 'REJECTED'],
  ['ACCEPTED', 'pick', 'PICKING'],
  ['ACCEPTED', 'reject', 'REJECTED'],
  ['PICKING', 'pack', 'PACKED'],
  ['PICKING', 'reject', 'REJECTED'],
  ['PACKED', 'reject', 'REJECTED'],
];
const SENT = [...WAY, ['PACKED', 'ship', 'SHIPPED'], ['SHIPPED', 'deliver', 'DELIVERED']] as const;
const EXPECTED: Readonly<Record<FulfilmentMethod, readonly (readonly [TaskState, TaskAction, TaskState])[]>> = {
  courier: SENT,
  same_city: SENT,
  guide_visit: SENT,
  pickup: [
    ...WAY,
    ['PACKED', 'ready', 'READY_FOR_PICKUP'],
    ['READY_FOR_PICKUP', 'hand_over', 'HANDED_OVER'],
    ['READY_FOR_PICKUP', 'reject', 'REJECTED'],
  ],
  carry_out: [...WAY, ['ACCEPTED', 'hand_over', 'HANDED_OVER'], ['PACKED', 'hand_over', 'HANDED_OVER']],
};
const STATES: readonly TaskState[] = [
  'ASSIGNED',
  'ACCEPTED',
  'PICKING',
  'PACKED',
  'READY_FOR_PICKUP',
  'SHIPPED',
  'HANDED_OVER',
  'DELIVERED',
  'REJECTED',
  'TIMED_OUT',
  'CANCELLED',
];
const METHODS = Object.keys(EXPECTED) as FulfilmentMethod[];
const cases = METHODS.flatMap((method) =>
  STATES.flatMap((state) =>
    TASK_ACTIONS.map((action) => {
      const own = EXPECTED[method].filter(([from]) => from === state);
      const next = own.find(([, does]) => does === action)?.[2];
      return { method, state, action, next, allowed: own.map(([, does]) => does).toSorted() };
    }),
  ),
);

describe('every action in every state by every method', () => {
  it.each(cases.filter(({ next }) => next))(
    '$method: $action makes of $state $next',
    ({ method, state, action, next }) => {
      expect(at(method, state).hear(doing(action)).order.tasks[0]).toMatchObject({ number: 1, state: next });
    },
  );
  it.each(cases.filter(({ next }) => !next))('$method: $state refuses $action, and says what it allows', (one) => {
    const { method, state, action, allowed } = one;
    const scene = at(method, state);
    const before = scene.order;
    const refusals = scene.hear(doing(action)).refusals.map((said) => ({ ...said, allowed: said.allowed?.toSorted() }));
    const detail = `a task that is ${state} cannot ${action}; `;
    expect(refusals).toEqual([
      { code: 'out_of_state', field: 'action', detail: expect.stringContaining(detail), allowed },
    ]);
    expect(scene.order).toBe(before);
  });
});

const run = (scene: OrderScene, ...actions: TaskAction[]) => scene.when(...actions.map((action) => doing(action)));

describe('what a store does', () => {
  it('is told with the task: who, with which parcel', () => {
    const scene = run(given(UNITS, placing()), 'accept', 'pick', 'pack');
    scene.when(doing('ship', { by: 'Mei', tracking: 'SF-1' }));
    expect(scene.order.tasks[0]).toMatchObject({ state: 'SHIPPED', by: 'Mei', tracking: 'SF-1' });
    expect(run(scene, 'deliver').order.tasks[0]).toMatchObject({ state: 'DELIVERED', tracking: 'SF-1' });
  });
  it.each([
    ['courier', ['accept', 'pick', 'pack'], 'ship', 'IN_FULFILMENT'],
    ['pickup', ['accept', 'pick', 'pack', 'ready'], 'hand_over', 'COMPLETED'],
    ['carry_out', ['accept'], 'hand_over', 'COMPLETED'],
  ] as const)('by %s takes the units out of the ledger once they leave the house', (method, before, last, state) => {
    const scene = run(given(UNITS, placing({ A: 2 }, { method, store: 'shop-1' })), ...before);
    expect([scene.order.state, scene.ledger.onHandOf('A', 'shop-1')]).toEqual(['IN_FULFILMENT', 2]);
    run(scene, last);
    expect([scene.order.state, scene.ledger.onHandOf('A', 'shop-1'), scene.ledger.live()]).toEqual([state, 0, []]);
  });
  it.each(['ASSIGNED', 'ACCEPTED', 'PICKING', 'PACKED'] as const)(
    'rejecting what is %s gives it back, and asks the next place, never again this one',
    (state) => {
      const way = (['accept', 'pick', 'pack'] as const).slice(
        0,
        ['ASSIGNED', 'ACCEPTED', 'PICKING', 'PACKED'].indexOf(state),
      );
      const scene = run(given({ A: { 'shop-1': 1, 'shop-2': 1 } }, placing()), ...way);
      scene.when(doing('reject', { reason: 'not found', by: 'Mei' }));
      expect(scene.order.tasks).toMatchObject([
        { location: 'shop-1', state: 'REJECTED', reason: 'not found', by: 'Mei' },
        { location: 'shop-2', state: 'ASSIGNED' },
      ]);
      expect([scene.order.refusedBy, scene.ledger.reservedOf('A', 'shop-1')]).toEqual([['shop-1'], 0]);
      scene.when(doing('reject', { number: 2, store: 'shop-2' }));
      expect([scene.order.state, scene.order.tasks.length, orderFaults(scene)]).toEqual(['WAITING', 2, []]);
    },
  );
  it('rejecting one task leaves the other', () => {
    const scene = given({ A: { 'shop-1': 1, dc: 1 }, B: { 'shop-2': 1 } }, placing({ A: 1, B: 1 }));
    const other = scene.order.tasks.find(({ location }) => location === 'shop-2');
    scene.when(doing('reject', { reason: 'broken' }));
    expect(scene.order.tasks.find(({ location }) => location === 'shop-2')).toEqual(other);
    expect(scene.order.tasks.at(-1)).toMatchObject({ location: 'dc', lines: [{ sku: 'A' }] });
  });
});

describe('one answer for what is not there and what is another store’s', () => {
  it.each([
    ['another store’s', doing('accept', { store: 'shop-2' })],
    ['no such number', doing('accept', { number: 9 })],
    ['no such order', doing('accept', { orderId: 'web-9' })],
    ['another order’s', { ...doing('accept'), taskId: 'web-9/1' }],
  ])('%s', (_name, message) => {
    const { refusals, order } = given(UNITS, placing()).hear(message);
    expect(refusals).toEqual([expect.objectContaining({ code: 'unknown_task', field: 'taskId' })]);
    expect(order.tasks[0]!.state).toBe('ASSIGNED');
  });
});
