import { describe, expect, it } from '@jest/globals';
import { toldEvents } from '../../order-outputs.js';
import { changing } from '../../testing/changing.js';
import { doing, holding, placing } from '../../testing/order-cases.js';
import { orderFaults } from '../../testing/order-faults.js';
import { given, type OrderScene } from '../../testing/order-scene.js';

const reservedOf = ({ ledger }: OrderScene, sku: string) =>
  Object.fromEntries(
    ['shop-1', 'shop-2', 'dc'].flatMap((place) => {
      const units = ledger.reservedOf(sku, place);
      return units > 0 ? [[place, units]] : [];
    }),
  );
const openTasks = ({ order }: OrderScene) =>
  order.tasks.flatMap(({ location, state, lines }) =>
    state === 'CANCELLED'
      ? []
      : [`${location} ${state} ${lines.map((line) => `${line.quantity} ${line.sku}`).join(', ')}`],
  );
const refusal = (scene: OrderScene) => scene.refusals.map(({ code, allowed }) => [code, allowed]);

describe('quantities of an order', () => {
  it('go down: exactly so many units are given back, and the task on the screen is the same with fewer', () => {
    const scene = given({ A: { 'shop-1': 5 } }, placing({ A: 3 }), doing('accept'), changing({ A: 1 }, { by: 'Li' }));
    expect(scene.eventTypes).toEqual(['hold_reduced', 'task_lines_changed', 'units_cancelled', 'changed']);
    expect(reservedOf(scene, 'A')).toEqual({ 'shop-1': 1 });
    expect(openTasks(scene)).toEqual(['shop-1 ACCEPTED 1 A']);
    expect(scene.order.tasks[0]!.version).toBe(scene.order.version);
    expect(scene.events.at(-1)).toMatchObject({ type: 'changed', amountMinor: -200, by: 'Li' });
    expect(scene.when(doing('pick'), doing('pack'), doing('ship'), doing('deliver')).order.state).toBe(
      'PARTIALLY_COMPLETED',
    );
    expect(scene.ledger.onHandOf('A', 'shop-1')).toBe(4);
  });

  it('of a line that is cancelled are gone, and a task with nothing left is withdrawn', () => {
    const scene = given({ A: { 'shop-1': 1 }, B: { 'shop-1': 1 } }, placing({ A: 1, B: 1 }), changing({ A: 0 }));
    expect(openTasks(scene)).toEqual(['shop-1 ASSIGNED 1 B']);
    scene.when(changing({ B: 0 }));
    expect([openTasks(scene), scene.order.state]).toEqual([[], 'CANCELLED']);
    expect(scene.ledger.live()).toEqual([]);
    expect(orderFaults(scene)).toEqual([]);
  });

  it('go up where there is stock: reserved besides, with a task of its own', () => {
    const scene = given({ A: { 'shop-1': 2, dc: 3 } }, placing({ A: 2 }), changing({ A: 4 }));
    expect(scene.order.lines).toMatchObject([{ quantity: 4, cancelledUnits: 0 }]);
    expect(openTasks(scene)).toEqual(['shop-1 ASSIGNED 2 A', 'dc ASSIGNED 2 A']);
    expect(orderFaults(scene)).toEqual([]);
  });

  it('do not go up where there is none, whatever the customer wished, and what is promised stays promised', () => {
    for (const wish of ['split', 'wait_for_all', 'cancel_rest'] as const) {
      const scene = given({ A: { 'shop-1': 2 } }, placing({ A: 2 }, { wish }), changing({ A: 3 }));
      expect(refusal(scene)).toEqual([['cannot_be_served', ['lines', 'method', 'destination', 'store', 'cancel']]]);
      expect(reservedOf(scene, 'A')).toEqual({ 'shop-1': 2 });
    }
  });

  it('that could not be had after all were cancelled without a word of the money', () => {
    const scene = given({ A: { 'shop-1': 3 } }, placing({ A: 2 }, { wish: 'cancel_rest' }));
    scene.hear(changing({ A: 3 }));
    const amounts = () =>
      toldEvents(scene.order, scene.events, false).flatMap(({ type, amountMinor, totalMinor }) =>
        type === 'amount_changed' ? [[amountMinor, totalMinor]] : [],
      );
    expect(amounts()).toEqual([[100, 300]]);
    scene.sell('A', 'shop-1', 1);
    scene.deliverCommand();
    scene.deliverAnswer();
    expect(scene.eventTypes).toContain('units_cancelled');
    expect(amounts()).toEqual([[-100, 200]]);
  });

  it('go up and down while the ledger is still asked, and its answer to what was given back changes nothing', () => {
    const scene = given({ A: { 'shop-1': 5 } });
    scene.hear(placing({ A: 3 }));
    // The tables show as taken what the order itself is about to get.
    scene.seen = () => 0;
    scene.hear(changing({ A: 1 })).deliverAll();
    expect([reservedOf(scene, 'A'), openTasks(scene)]).toEqual([{ 'shop-1': 1 }, ['shop-1 ASSIGNED 1 A']]);
    expect(orderFaults(scene)).toEqual([]);
  });

  it('of what waits go down first, so that what is promised goes on', () => {
    const scene = given({ A: { 'shop-1': 1 } }, placing({ A: 2 }), changing({ A: 1 }));
    expect([openTasks(scene), scene.order.retryAtMs]).toEqual([['shop-1 ASSIGNED 1 A'], undefined]);
    const all = given({ A: { 'shop-1': 1 } }, placing({ A: 2 }, { wish: 'wait_for_all' }), changing({ A: 1 }));
    expect(openTasks(all)).toEqual(['shop-1 ASSIGNED 1 A']);
  });

  it('take from the store that has not accepted before the one that has', () => {
    const scene = given({ A: { 'shop-1': 1, 'shop-2': 1 } }, placing({ A: 2 }), doing('accept'), changing({ A: 1 }));
    expect(openTasks(scene)).toEqual(['shop-1 ACCEPTED 1 A']);
  });

  it('never fall below what is in somebody’s hands or gone', () => {
    const scene = given(
      { A: { 'shop-1': 1, 'shop-2': 2 } },
      placing({ A: 3 }),
      doing('accept'),
      doing('pick'),
      changing({ A: 0 }),
    );
    expect(refusal(scene)).toEqual([['out_of_state', ['lines', 'cancel']]]);
    expect(scene.when(changing({ A: 1 }))).toMatchObject({ refusals: [] });
    expect(openTasks(scene)).toEqual(['shop-1 PICKING 1 A']);
    expect(refusal(scene.when(doing('pack'), changing({ A: 0 })))).toEqual([['out_of_state', ['cancel']]]);
    scene.when(doing('ship'), changing({ A: 0 }));
    expect(refusal(scene)).toEqual([['out_of_state', ['return']]]);
    expect(scene.ledger.onHandOf('A', 'shop-1')).toBe(0);
  });

  it('are the same again under another id: nothing changes', () => {
    const scene = given({ A: { 'shop-1': 5 } }, placing({ A: 3 }), changing({ A: 2 }));
    expect(scene.when({ ...changing({ A: 2 }), id: 'again' }).decided.kind).toBe('unchanged');
  });

  it('are refused of what is not there', () => {
    expect(refusal(given({}, changing({ A: 1 })))).toEqual([['unknown_order', undefined]]);
    const scene = given({ A: { 'shop-1': 5 } }, placing({ A: 3 }), changing({ A: 1, B: 1 }));
    expect(refusal(scene)).toMatchObject([['unknown_line', expect.anything()]]);
    expect(reservedOf(scene, 'A')).toEqual({ 'shop-1': 3 });
    expect(refusal(given({ A: { 'shop-1': 5 } }, holding({ A: 1 }), changing({ A: 2 })))).toMatchObject([
      ['not_ordered', ['hold', 'place']],
    ]);
  });
});

describe('the way of an order', () => {
  const pickup = (store: string) => ({ method: 'pickup' as const, store });

  it('to its own store keeps what is held there', () => {
    const scene = given({ A: { 'shop-1': 1 } }, placing({ A: 1 }), doing('accept'), changing({}, pickup('shop-1')));
    expect(scene.order.placed).toMatchObject(pickup('shop-1'));
    expect(openTasks(scene)).toEqual(['shop-1 ASSIGNED 1 A']);
    expect(scene.order.tasks[0]).toMatchObject({ state: 'CANCELLED', reason: 'order_changed' });
    expect(scene.ledger.live()).toHaveLength(1);
  });

  it('to another store is reserved there and given back here', () => {
    const scene = given({ A: { 'shop-1': 1, 'shop-2': 1 } }, placing({ A: 1 }, pickup('shop-1')));
    scene.when(changing({}, { store: 'shop-2' }));
    expect([reservedOf(scene, 'A'), openTasks(scene)]).toEqual([{ 'shop-2': 1 }, ['shop-2 ASSIGNED 1 A']]);
    expect(orderFaults(scene)).toEqual([]);
  });

  it('is refused where the new one has no stock, and what is promised stays promised', () => {
    const scene = given({ A: { 'shop-1': 1 } }, placing({ A: 1 }, pickup('shop-1')), changing({}, { store: 'shop-2' }));
    expect(refusal(scene)).toMatchObject([['cannot_be_served', expect.anything()]]);
    expect([reservedOf(scene, 'A'), openTasks(scene)]).toEqual([{ 'shop-1': 1 }, ['shop-1 ASSIGNED 1 A']]);
  });

  it('to another door of the same region moves no goods, and is on the screen', () => {
    const scene = given({ A: { 'shop-1': 1 } }, placing({ A: 1 }), doing('accept'));
    const { version } = scene.order.tasks[0]!;
    scene.when(changing({}, { destination: { city: 'Shanghai', address: 'Nanjing Road 1' } }));
    expect(scene.order.placed.destination).toEqual({ city: 'Shanghai', address: 'Nanjing Road 1' });
    expect(openTasks(scene)).toEqual(['shop-1 ACCEPTED 1 A']);
    expect(scene.order.tasks[0]!.version).toBeGreaterThan(version);
  });

  it('is fixed from when somebody picks', () => {
    const scene = given({ A: { 'shop-1': 1 } }, placing({ A: 1 }), doing('accept'), doing('pick'));
    scene.when(changing({}, { destination: { city: 'Beijing' } }));
    expect(refusal(scene)).toEqual([['out_of_state', ['cancel']]]);
  });

  it('needs what it goes to', () => {
    const scene = given({ A: { 'shop-1': 1 } }, placing({ A: 1 }));
    expect(refusal(scene.when(changing({}, { method: 'pickup' })))).toMatchObject([
      ['place_missing', expect.anything()],
    ]);
    expect(refusal(scene.when(changing({}, pickup('closed'))))).toMatchObject([['unknown_store', expect.anything()]]);
  });
});
