import { describe, expect, it } from '@jest/globals';
import { EXPECTED_AT } from '../../testing/fake-ledger.js';
import { cancelling, doing, placing } from '../../testing/order-cases.js';
import { orderFaults } from '../../testing/order-faults.js';
import { OrderScene, type Units } from '../../testing/order-scene.js';
import { backorderedOf } from './backorder-state.js';

const backorder = (quantities: Readonly<Record<string, number>>, over: object = {}) =>
  placing(quantities, { wish: 'backorder', ...over });
/** Two days of handling after the goods are expected. */
const LEAVES_AT = new Date(Date.parse(EXPECTED_AT) + 2 * 24 * 3_600_000).toISOString();
const sceneOf = (units: Units, expected: Readonly<Record<string, number>>) => {
  const scene = new OrderScene(units);
  for (const [sku, quantity] of Object.entries(expected)) scene.expect(sku, 'dc', quantity);
  return scene;
};

describe('an order that wishes a backorder', () => {
  it('is promised what is expected, by the day it is expected to leave, and waits visibly', () => {
    const scene = sceneOf({}, { A: 5 }).when(backorder({ A: 3 }));
    expect(scene.order).toMatchObject({ state: 'WAITING', reason: 'awaiting_delivery', isDecided: true });
    expect(scene.order.tasks).toEqual([]);
    expect(backorderedOf(scene.order)).toEqual({ awaitedUnits: 3, expectedAt: LEAVES_AT });
    expect(orderFaults(scene)).toEqual([]);
  });

  it('takes what stands there first, and sends it at once', () => {
    const scene = sceneOf({ A: { 'shop-1': 1 }, B: { dc: 4 } }, { A: 5, B: 5 }).when(backorder({ A: 2, B: 2 }));
    expect(scene.order.tasks.map(({ location, lines }) => [location, lines])).toEqual([
      ['shop-1', [{ lineId: 'line-A', sku: 'A', quantity: 1 }]],
      ['dc', [{ lineId: 'line-B', sku: 'B', quantity: 2 }]],
    ]);
    expect(backorderedOf(scene.order, 'line-A')).toEqual({ awaitedUnits: 1, expectedAt: LEAVES_AT });
    expect(backorderedOf(scene.order, 'line-B')).toEqual({});
    expect([scene.ledger.arrivingOf('B', 'dc'), orderFaults(scene)]).toEqual([5, []]);
  });

  it('is handed to the place as soon as the goods are there, and ends like any other', () => {
    const scene = sceneOf({}, { A: 5 }).when(backorder({ A: 3 }));
    scene.arrive('A', 'dc', 5).deliverAll();
    expect(scene.order).toMatchObject({ state: 'ROUTED', tasks: [{ location: 'dc', state: 'ASSIGNED' }] });
    for (const action of ['accept', 'pick', 'pack', 'ship', 'deliver'] as const)
      scene.when(doing(action, { store: 'dc' }));
    expect(scene.order.state).toBe('COMPLETED');
    expect([scene.ledger.onHandOf('A', 'dc'), scene.ledger.live(), orderFaults(scene)]).toEqual([2, [], []]);
  });

  it('waits like any other where nothing is expected, and is promised what is announced later', () => {
    const scene = sceneOf({}, {}).when(backorder({ A: 3 }));
    expect(scene.order).toMatchObject({ state: 'WAITING', reason: 'out_of_stock' });
    scene.expect('A', 'dc', 3).after(30_000);
    expect(scene.order).toMatchObject({ state: 'WAITING', reason: 'awaiting_delivery' });
    expect(orderFaults(scene)).toEqual([]);
  });

  it('is not promised ahead where its channel does not sell ahead, nor where it wishes otherwise', () => {
    const closed = sceneOf({}, { A: 5 });
    closed.sellsAhead = false;
    closed.when(backorder({ A: 3 }));
    const split = sceneOf({}, { A: 5 }).when(placing({ A: 3 }, { wish: 'split' }));
    for (const { order, ledger } of [closed, split]) {
      expect(order).toMatchObject({ state: 'WAITING', reason: 'out_of_stock' });
      expect(ledger.arrivingOf('A', 'dc')).toBe(5);
    }
  });

  it('is never promised more than is expected, however many want it', () => {
    const scene = sceneOf({}, { A: 5 });
    for (const n of [1, 2, 3, 4]) scene.hear(backorder({ A: 2 }, { orderId: `o-${n}` }));
    scene.deliverAll();
    const awaited = [...scene.orders.values()].map((order) => backorderedOf(order).awaitedUnits ?? 0);
    expect(awaited.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 2]);
    expect([scene.ledger.arrivingOf('A', 'dc'), orderFaults(scene)]).toEqual([0, []]);
  });

  it('gives its promise back when it is cancelled, and what comes then is anybody’s', () => {
    const scene = sceneOf({}, { A: 5 }).when(backorder({ A: 3 }), cancelling());
    expect(scene.order.state).toBe('CANCELLED');
    scene.arrive('A', 'dc', 5).deliverAll();
    expect([scene.ledger.availableOf('A', 'dc'), scene.ledger.live(), orderFaults(scene)]).toEqual([5, [], []]);
  });
});

describe('a delivery that will not come', () => {
  it('makes the order look elsewhere, and it is handed on where there is stock by now', () => {
    const scene = sceneOf({}, { A: 5 }).when(backorder({ A: 3 }));
    scene.ledger.receive('A', 'shop-1', 3);
    scene.expect('A', 'dc', -4).deliverAll();
    expect(scene.order).toMatchObject({ state: 'ROUTED', tasks: [{ location: 'shop-1' }] });
    expect(orderFaults(scene)).toEqual([]);
  });

  it('leaves it waiting where there is nothing, and it is tried again', () => {
    const scene = sceneOf({}, { A: 5 })
      .when(backorder({ A: 3 }))
      .expect('A', 'dc', -5)
      .deliverAll();
    expect(scene.order).toMatchObject({ state: 'WAITING', reason: 'out_of_stock' });
    expect(backorderedOf(scene.order)).toEqual({});
    scene.ledger.receive('A', 'dc', 3);
    expect(scene.after(30_000).order).toMatchObject({ state: 'ROUTED' });
    expect(orderFaults(scene)).toEqual([]);
  });

  it('says each step in words of its own', () => {
    const scene = sceneOf({}, { A: 5 }).hear(backorder({ A: 3 }));
    scene.deliverCommand();
    scene.deliverAnswer();
    expect(scene.eventTypes).toEqual(['hold_backordered']);
    scene.expect('A', 'dc', -5).deliverAnswer();
    expect(scene.eventTypes).toEqual(['backorder_fell_short', 'waiting']);
  });
});

describe('what the ledger says comes twice, late or first', () => {
  const asked = () => {
    const scene = sceneOf({}, { A: 5 }).hear(backorder({ A: 3 }));
    scene.deliverCommand();
    return scene;
  };
  it('goods that come before the answer are held, and the answer changes nothing', () => {
    const scene = asked().arrive('A', 'dc', 5);
    scene.deliverAnswer(1);
    expect(scene.order).toMatchObject({ state: 'ROUTED' });
    scene.deliverAnswer();
    expect([scene.decided.kind, scene.order.state, orderFaults(scene)]).toEqual(['unchanged', 'ROUTED', []]);
  });
  it('a promise that is taken back before the answer is not taken up by it', () => {
    const scene = asked().expect('A', 'dc', -5);
    scene.deliverAnswer(1);
    scene.deliverAnswer();
    expect([scene.decided.kind, scene.order.reason]).toEqual(['unchanged', 'out_of_stock']);
    expect(orderFaults(scene)).toEqual([]);
  });
  it('a repeat of either changes nothing', () => {
    const scene = asked();
    scene.deliverAnswer(0, true);
    scene.deliverAnswer();
    expect(scene.decided.kind).toBe('unchanged');
    scene.arrive('A', 'dc', 5).deliverAnswer(0, true);
    scene.deliverAnswer();
    expect([scene.decided.kind, scene.order.tasks.length]).toEqual(['unchanged', 1]);
  });
  it('what comes after it was cancelled changes nothing', () => {
    const scene = asked().deliverAll();
    scene.arrive('A', 'dc', 5).hear(cancelling());
    scene.deliverAll();
    expect([scene.order.state, scene.ledger.live(), orderFaults(scene)]).toEqual(['CANCELLED', [], []]);
  });
});
