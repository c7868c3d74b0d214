import { describe, expect, it } from '@jest/globals';
import { changing } from '../../testing/changing.js';
import { EXPECTED_AT } from '../../testing/fake-ledger.js';
import { cancelling, NOW_MS, placing, TIMES } from '../../testing/order-cases.js';
import { orderFaults } from '../../testing/order-faults.js';
import { OrderScene } from '../../testing/order-scene.js';
import { backorderedOf } from './backorder-state.js';

const DAY_MS = 24 * 3_600_000;
const COMES_AFTER_MS = Date.parse(EXPECTED_AT) - NOW_MS;

/** An order that awaits three of five at the warehouse. */
function awaiting(over: object = {}): OrderScene {
  const scene = new OrderScene({});
  scene.expect('A', 'dc', 5);
  return scene.when(placing({ A: 3 }, { wish: 'backorder', ...over }));
}
const risen = (scene: OrderScene, units = 3, location = 'shop-1'): OrderScene => {
  scene.ledger.receive('A', location, units);
  return scene.rise();
};
const triesOf = ({ order }: OrderScene) => order.elsewhere?.tries ?? 0;

describe('stock that rises elsewhere before the delivery has come', () => {
  it('is reserved first, and only then the promise of the delivery is given back', () => {
    const scene = risen(awaiting());
    expect(scene.eventTypes).toEqual(['looked_elsewhere', 'hold_asked']);
    expect(scene.commands.map(({ type }) => type)).toEqual(['reserve']);
    expect([scene.order.state, backorderedOf(scene.order).awaitedUnits]).toEqual(['WAITING', 3]);
    scene.deliverCommand();
    expect([scene.ledger.reservedOf('A', 'shop-1'), scene.ledger.arrivingOf('A', 'dc')]).toEqual([3, 2]);
    scene.deliverAnswer();
    expect(scene.eventTypes).toEqual(['hold_granted', 'backorder_replaced', 'task_assigned']);
    expect(scene.deliverAll().order).toMatchObject({ state: 'ROUTED', tasks: [{ location: 'shop-1' }] });
    expect([scene.ledger.arrivingOf('A', 'dc'), backorderedOf(scene.order), orderFaults(scene)]).toEqual([5, {}, []]);
  });

  it('is of use as a whole alone, and moves each line by itself', () => {
    expect(triesOf(risen(awaiting(), 2))).toBe(0);
    const scene = new OrderScene({});
    for (const sku of ['A', 'B']) scene.expect(sku, 'dc', 2);
    scene.when(placing({ A: 2, B: 2 }, { wish: 'backorder' }));
    risen(scene, 2).deliverAll();
    expect(backorderedOf(scene.order, 'line-A')).toEqual({});
    expect(backorderedOf(scene.order, 'line-B')).toMatchObject({ awaitedUnits: 2 });
    expect([scene.order.tasks.length, orderFaults(scene)]).toEqual([1, []]);
  });

  it('that somebody else was quicker to take leaves the order as it was, tried again ever more calmly', () => {
    const scene = awaiting();
    scene.seen = (_, location) => (location === 'shop-1' ? 3 : 0);
    scene.rise().deliverAll();
    expect(backorderedOf(scene.order)).toMatchObject({ awaitedUnits: 3 });
    scene.rise();
    expect([scene.decided.kind, triesOf(scene)]).toEqual(['unchanged', 1]);
    scene.nowMs += TIMES.retryAfterMs;
    expect(triesOf(scene.rise().deliverAll())).toBe(2);
    scene.nowMs += TIMES.retryAfterMs;
    expect(triesOf(scene.rise())).toBe(2);
    for (let i = 0; i < 1000; i++) {
      scene.nowMs += TIMES.retryAfterMs;
      scene.rise().deliverAll();
    }
    expect([triesOf(scene), scene.order.reason, orderFaults(scene)]).toEqual([21, 'awaiting_delivery', []]);
    expect(scene.arrive('A', 'dc', 5).deliverAll().order.state).toBe('ROUTED');
  });

  it('looked never again once twelve others had been quicker, however much there was then', () => {
    const scene = awaiting();
    scene.seen = (_, location) => (location === 'shop-1' ? 3 : 0);
    for (let i = 0; i < 13; i++) {
      scene.nowMs += TIMES.retryAfterMs * 64;
      scene.rise().deliverAll();
    }
    expect([triesOf(scene), scene.order.state]).toEqual([13, 'WAITING']);
    scene.nowMs += TIMES.retryAfterMs * 64;
    scene.ledger.receive('A', 'shop-1', 3);
    expect(scene.rise().deliverAll().order).toMatchObject({ state: 'ROUTED', tasks: [{ location: 'shop-1' }] });
  });

  it('is looked for by time too, as what has risen is remembered in memory alone', () => {
    const scene = awaiting();
    scene.ledger.receive('A', 'shop-1', 3);
    expect(triesOf(scene.after(9 * 60_000))).toBe(0);
    expect(scene.after(60_000).order).toMatchObject({ state: 'ROUTED', tasks: [{ location: 'shop-1' }] });
  });

  it('is looked for by time the less often the longer it was in vain, and that is no change of the order', () => {
    const scene = awaiting();
    const { changedAtMs } = scene.order;
    const looks: number[] = [];
    for (let minute = 1; minute <= 24 * 60; minute++) {
      scene.decided = { kind: 'unchanged' };
      scene.pass(60_000);
      if (scene.eventTypes.includes('looked_elsewhere')) looks.push(minute);
    }
    expect(looks).toEqual([10, 20, 40, 80, 160, 320, 640, 1000, 1360]);
    expect(scene.order).toMatchObject({ changedAtMs, elsewhere: { tries: 0 } });
  });
});

describe('whether a place is sooner than the delivery', () => {
  /** The shop is open for an hour on the third day after the delivery. */
  const closed = (atMs: number): OrderScene => {
    const scene = awaiting();
    const opensAt = new Date(Date.parse(EXPECTED_AT) + 3 * DAY_MS);
    const span = { day: opensAt.getUTCDay() || 7, opens: '10:00', closes: '11:00' };
    scene.hours = { 'shop-1': { openingHours: [span], timeZone: 'UTC' } };
    scene.nowMs = atMs;
    return risen(scene);
  };
  const comesMs = NOW_MS + COMES_AFTER_MS;

  it('is told by when people are there to take it', () => {
    expect(triesOf(closed(comesMs - DAY_MS))).toBe(0);
    expect(triesOf(closed(comesMs - 6 * DAY_MS))).toBe(1);
  });

  it('is so of any place where the delivery is late', () => {
    expect(triesOf(closed(comesMs + 1))).toBe(1);
  });

  it('is not known of what has to be brought to where it is collected, so it stays', () => {
    const scene = new OrderScene({});
    scene.expect('A', 'shop-1', 5);
    scene.when(placing({ A: 3 }, { wish: 'backorder', method: 'pickup', store: 'shop-1' }));
    expect(triesOf(risen(scene, 3, 'dc'))).toBe(0);
    expect(triesOf(risen(scene, 3, 'shop-1'))).toBe(1);
  });
});

describe('what happens while stock elsewhere is asked for', () => {
  const asked = () => risen(awaiting());

  it('the delivery that comes first is kept, and the try is given back', () => {
    const scene = asked().arrive('A', 'dc', 5);
    scene.deliverAnswer();
    expect(scene.order).toMatchObject({ state: 'ROUTED', tasks: [{ location: 'dc' }] });
    scene.deliverAll();
    expect([scene.ledger.availableOf('A', 'shop-1'), scene.order.tasks.length, orderFaults(scene)]).toEqual([3, 1, []]);
  });

  it('a delivery that is cancelled leaves it to what is asked for', () => {
    const scene = asked().expect('A', 'dc', -5).deliverAll();
    expect(scene.order).toMatchObject({ state: 'ROUTED', tasks: [{ location: 'shop-1' }] });
    expect([scene.ledger.live().length, orderFaults(scene)]).toEqual([1, []]);
  });

  it('both are given back when the order is cancelled', () => {
    const scene = asked().hear(cancelling());
    scene.deliverAll();
    expect([scene.order.state, scene.ledger.live(), orderFaults(scene)]).toEqual(['CANCELLED', [], []]);
  });

  it('the try is given back when fewer are wanted, or it goes another way', () => {
    const fewer = asked().hear(changing({ A: 2 }));
    fewer.deliverAll();
    expect([backorderedOf(fewer.order).awaitedUnits, fewer.ledger.reservedOf('A', 'shop-1')]).toEqual([2, 0]);
    expect(orderFaults(fewer)).toEqual([]);
  });

  it('a lost answer is asked for again, and an answer that comes twice changes nothing', () => {
    const scene = asked();
    scene.deliverCommand();
    scene.answers.splice(0);
    scene.after(TIMES.askAgainAfterMs);
    expect([scene.order.state, scene.ledger.live().length]).toEqual(['ROUTED', 1]);
    const again = asked();
    again.deliverCommand();
    again.deliverAnswer(0, true);
    again.deliverAnswer();
    expect(again.decided.kind).toBe('unchanged');
  });

  it('the order goes on waiting visibly, and what it awaits comes when the ledger refuses', () => {
    const scene = asked();
    scene.ledger.sell('A', 'shop-1', 2);
    scene.deliverAll();
    expect(scene.order).toMatchObject({ state: 'WAITING', reason: 'awaiting_delivery' });
    scene.arrive('A', 'dc', 5).deliverAll();
    expect([scene.order.state, orderFaults(scene)]).toEqual(['ROUTED', []]);
  });
});
