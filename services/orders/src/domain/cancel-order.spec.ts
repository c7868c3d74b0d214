import { describe, expect, it } from '@jest/globals';
import type { TaskAction } from '@shelfline/contracts/order';
import { cancelling, doing, placing, TIMES } from '../testing/order-cases.js';
import { orderFaults } from '../testing/order-faults.js';
import { given, OrderScene } from '../testing/order-scene.js';

const UNITS = { A: { 'shop-1': 2 } };
const run = (...actions: TaskAction[]) => given(UNITS, placing({ A: 2 }), ...actions.map((action) => doing(action)));

describe('an order is cancelled, and nothing stays held', () => {
  it.each([
    ['RESERVING', () => new OrderScene(UNITS).hear(placing({ A: 2 }))],
    ['WAITING', () => given({}, placing({ A: 2 }))],
    ['ROUTED', () => run()],
    ['IN_FULFILMENT', () => run('accept')],
    ['IN_FULFILMENT', () => run('accept', 'pick')],
    ['IN_FULFILMENT', () => run('accept', 'pick', 'pack')],
  ] as const)('while it is %s', (state, make) => {
    const scene = make();
    expect(scene.order.state).toBe(state);
    scene.when(cancelling('web-1', 'changed my mind'));
    expect(scene.order).toMatchObject({
      state: 'CANCELLED',
      reason: 'changed my mind',
      lines: [{ quantity: 2, cancelledUnits: 2 }],
    });
    for (const task of scene.order.tasks) expect(task).toMatchObject({ state: 'CANCELLED', reason: 'cancelled' });
    expect([scene.ledger.live(), orderFaults(scene)]).toEqual([[], []]);
  });
  it('and a reserve that was still on its way is refused', () => {
    const scene = new OrderScene(UNITS).hear(placing({ A: 2 }), cancelling());
    expect(scene.commands.map(({ type }) => type)).toEqual(['reserve', 'release']);
    scene.deliverCommand(1);
    scene.deliverCommand();
    expect(scene.answers).toMatchObject([{ command: 'reserve', result: 'refused' }]);
    expect(scene.deliverAll().order.state).toBe('CANCELLED');
  });
  it('and is not tried again when its time has come', () => {
    const scene = given({}, placing(), cancelling());
    scene.ledger.receive('A', 'dc', 1);
    expect(scene.after(TIMES.retryAfterMs).order).toMatchObject({ state: 'CANCELLED', holds: [] });
  });
  it('without a reason, by nobody’s reason', () => {
    expect(run().when(cancelling()).order.reason).toBe('cancelled');
  });
});

describe('what has left the house stays gone', () => {
  it('and the rest is cancelled', () => {
    const scene = given({ A: { 'shop-1': 1 }, B: { 'shop-2': 2 } }, placing({ A: 1, B: 2 }));
    scene.when(...(['accept', 'pick', 'pack', 'ship'] as const).map((action) => doing(action)));
    scene.when(cancelling());
    expect(scene.order).toMatchObject({
      state: 'IN_FULFILMENT',
      lines: [{ cancelledUnits: 0 }, { cancelledUnits: 2 }],
      tasks: [{ state: 'SHIPPED' }, { state: 'CANCELLED' }],
    });
    expect(scene.when(doing('deliver')).order.state).toBe('PARTIALLY_COMPLETED');
    expect([scene.ledger.live(), scene.ledger.onHandOf('B', 'shop-2')]).toEqual([[], 2]);
  });
  it.each([
    ['everything', 'IN_FULFILMENT', ['accept', 'pick', 'pack', 'ship']],
    ['is COMPLETED', 'COMPLETED', ['accept', 'pick', 'pack', 'ship', 'deliver']],
  ] as const)('and cancelling is refused where %s is gone', (word, state, actions) => {
    const scene = run(...actions);
    const before = scene.order;
    scene.hear(cancelling());
    expect(scene.refusals).toEqual([
      { code: 'out_of_state', field: 'orderId', detail: expect.stringContaining(word), allowed: [] },
    ]);
    expect([scene.order, scene.order.state]).toEqual([before, state]);
  });
});

describe('cancelling', () => {
  it('again changes nothing', () => {
    expect(run().when(cancelling(), cancelling()).decided).toEqual({ kind: 'unchanged' });
  });
  it('of an order that is not there is refused', () => {
    expect(new OrderScene().hear(cancelling()).refusals).toEqual([expect.objectContaining({ code: 'unknown_order' })]);
  });
});
