import { describe, expect, it } from '@jest/globals';
import { doing, NOW_MS, ORDER_ID, placing, TIMES } from '../testing/order-cases.js';
import { given, OrderScene } from '../testing/order-scene.js';
import { decideMessage } from './decide-message.js';
import { orderOfReservation, reservationIdOf } from './settle-order.js';
import { planSourcing } from './sourcing/plan-sourcing.js';
import { order, place, rule } from './sourcing/testing/sourcing-cases.js';

const wishing = (wish: 'split' | 'wait_for_all' | 'cancel_rest', lines = { A: 1, B: 1 }) => placing(lines, { wish });
const ONLY_A = { A: { 'shop-1': 1 } };
const places = ({ order }: OrderScene) => order.tasks.map(({ location, state }) => `${location} ${state}`);

describe('where everything is there', () => {
  it('one place gets one task of all its lines, to be accepted in time', () => {
    const { order } = given({ A: { 'shop-1': 2 }, B: { 'shop-1': 1 } }, placing({ A: 2, B: 1 }));
    expect(order.tasks).toMatchObject([
      {
        number: 1,
        location: 'shop-1',
        acceptByMs: NOW_MS + TIMES.acceptWithinMs,
        lines: [
          { lineId: 'line-A', sku: 'A', quantity: 2 },
          { lineId: 'line-B', sku: 'B', quantity: 1 },
        ],
      },
    ]);
    expect(order.holds.map(({ task, state }) => [task, state])).toEqual([
      [1, 'held'],
      [1, 'held'],
    ]);
  });
  it('a warehouse need not accept', () => {
    expect(given({ A: { dc: 1 } }, placing()).order.tasks[0]).not.toHaveProperty('acceptByMs');
  });
  it('a line may come from several places, each with a task of its own', () => {
    const scene = given({ A: { 'shop-1': 1, dc: 2 } }, placing({ A: 3 }));
    expect(scene.order.tasks.map(({ location, lines }) => [location, lines[0]!.quantity])).toEqual([
      ['shop-1', 1],
      ['dc', 2],
    ]);
  });
  it('other places are named for a single line, and the ledger takes the first that still has it', () => {
    const scene = new OrderScene({ A: { 'shop-1': 1, 'shop-2': 1, dc: 1 } }).hear(placing());
    scene.sell('A', 'shop-1', 1).deliverAll();
    expect(scene.order.holds).toMatchObject([{ locations: ['shop-1', 'shop-2', 'dc'], location: 'shop-2' }]);
  });
  it('no task is given before every line that was asked for is answered', () => {
    const scene = new OrderScene({ A: { 'shop-1': 1 }, B: { dc: 1 } }).hear(placing({ A: 1, B: 1 }));
    scene.deliverCommand();
    scene.deliverAnswer();
    expect([scene.order.state, scene.order.tasks]).toEqual(['RESERVING', []]);
    expect(places(scene.deliverAll())).toEqual(['shop-1 ASSIGNED', 'dc ASSIGNED']);
  });
});

describe('where a part is nowhere, the customer’s wish decides', () => {
  it('split: what is there goes, the rest waits and follows once it is there', () => {
    const scene = given(ONLY_A, wishing('split'));
    expect([scene.order.state, places(scene)]).toEqual(['ROUTED', ['shop-1 ASSIGNED']]);
    expect(scene.order.retryAtMs).toBe(NOW_MS + TIMES.retryAfterMs);
    scene.ledger.receive('B', 'dc', 1);
    scene.after(TIMES.retryAfterMs);
    expect(places(scene)).toEqual(['shop-1 ASSIGNED', 'dc ASSIGNED']);
    expect(scene.order).not.toHaveProperty('retryAtMs');
  });
  it('wait_for_all: nothing stays held, and everything goes once all is there', () => {
    const scene = given(ONLY_A, wishing('wait_for_all'));
    expect([scene.order.state, places(scene), scene.ledger.live()]).toEqual(['WAITING', [], []]);
    scene.ledger.receive('B', 'dc', 1);
    expect(places(scene.after(TIMES.retryAfterMs))).toEqual(['shop-1 ASSIGNED', 'dc ASSIGNED']);
  });
  it('wait_for_all: a part that is held is given back where the ledger does not have the rest', () => {
    const scene = new OrderScene(ONLY_A);
    const { seen } = scene;
    scene.seen = (sku, place) => (sku === 'B' && place === 'dc' ? 1 : seen(sku, place));
    scene.when(wishing('wait_for_all'));
    expect(scene.order.holds[0]).toMatchObject({ sku: 'A', state: 'released' });
    expect([scene.order.state, places(scene), scene.ledger.live()]).toEqual(['WAITING', [], []]);
  });
  it('wait_for_all: why it waits does not read as though a part had gone out', () => {
    const scene = new OrderScene(ONLY_A);
    const { explanation } = planSourcing(order({ A: 1, B: 1 }), [place('shop-1')], rule());
    const context = scene.context();
    const route: typeof context.route = (...asked) => ({ ...context.route(...asked), why: explanation });
    const decided = decideMessage(wishing('wait_for_all'), undefined, { ...context, route });
    const events = decided.kind === 'applied' ? decided.events : [];
    expect(events.find(({ type }) => type === 'unplaced')).toMatchObject({ why: { heldBackBy: 'wait_for_all' } });
  });
  it('wait_for_all: what others work on already is not called back for a rest that was refused later', () => {
    const scene = given({ A: { 'shop-1': 1 }, B: { 'shop-2': 1 } }, wishing('wait_for_all'));
    scene.when(doing('accept'), doing('reject', { number: 2, store: 'shop-2' }));
    expect([scene.order.state, places(scene)]).toEqual(['IN_FULFILMENT', ['shop-1 ACCEPTED', 'shop-2 REJECTED']]);
    expect(scene.order.retryAtMs).toBe(NOW_MS + TIMES.retryAfterMs);
  });
  it('cancel_rest: what is there goes, the rest is cancelled for good', () => {
    const scene = given(ONLY_A, wishing('cancel_rest', { A: 1, B: 2 }));
    expect([scene.order.state, places(scene)]).toEqual(['ROUTED', ['shop-1 ASSIGNED']]);
    expect(scene.order.lines.map(({ cancelledUnits }) => cancelledUnits)).toEqual([0, 2]);
    expect(scene.order).toMatchObject({ reason: 'out_of_stock' });
    scene.ledger.receive('B', 'dc', 9);
    expect(scene.after(TIMES.retryAfterMs).order.holds).toHaveLength(1);
  });
  it('cancel_rest: an order of which nothing is there is cancelled', () => {
    expect(given({}, wishing('cancel_rest')).order.state).toBe('CANCELLED');
  });
});

describe('what the ledger refused', () => {
  it('is remembered for the plans of the same round, and forgotten with it', () => {
    const scene = new OrderScene({ A: { dc: 1 } });
    scene.seen = (_sku, location) => (location === 'shop-1' ? 2 : 0);
    scene.hear(placing({ A: 2 }));
    scene.deliverCommand();
    scene.deliverAnswer();
    expect(scene.order.shortAt).toEqual([{ sku: 'A', locations: ['shop-1'], units: 1 }]);
    scene.deliverAll();
    expect(scene.order.state).toBe('WAITING');
    expect(scene.order).not.toHaveProperty('shortAt');
  });
});

describe('an order that waits', () => {
  it('is tried again at the time it was told, and not before', () => {
    const scene = given({}, placing());
    scene.ledger.receive('A', 'dc', 1);
    expect(scene.after(TIMES.retryAfterMs - 1).order.state).toBe('WAITING');
    expect(scene.after(1).order.state).toBe('ROUTED');
  });
  it('less and less often the longer it waits, though not more seldom than twenty times the first delay', () => {
    const scene = given({}, placing());
    const delays: number[] = [];
    for (let i = 0; i < 8; i++) {
      const { retryAtMs } = scene.order;
      scene.after(retryAtMs! - scene.nowMs);
      delays.push((scene.order.retryAtMs! - scene.nowMs) / TIMES.retryAfterMs);
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 20, 20, 20]);
  });
  it('waits on where there is still nothing', () => {
    const scene = given({}, placing()).after(TIMES.retryAfterMs);
    expect(scene.order).toMatchObject({ state: 'WAITING', retryAtMs: NOW_MS + 2 * TIMES.retryAfterMs });
  });
  it('has been planned four times where the tables saw what the ledger did not have', () => {
    const scene = new OrderScene();
    scene.seen = () => 9;
    scene.when(placing());
    expect(scene.order).toMatchObject({ state: 'WAITING', attempts: 0, holdsAsked: 4 });
    expect(scene.after(TIMES.retryAfterMs).order.holdsAsked).toBe(8);
  });
});

describe('the identifier of a reservation', () => {
  it('tells its order', () => {
    expect(orderOfReservation(reservationIdOf(ORDER_ID, 'line-A', 3))).toBe(ORDER_ID);
  });
  it.each(['basket/7', 'order', '', 'orders/web-1/line-A/1'])('%p is somebody else’s', (id) => {
    expect(orderOfReservation(id)).toBeUndefined();
  });
});
