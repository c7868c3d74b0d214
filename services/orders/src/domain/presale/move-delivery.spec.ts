import { describe, expect, it } from '@jest/globals';
import type { DeliveryMoved } from '@shelfline/contracts/incoming';
import { NOW_MS, placing } from '../../testing/order-cases.js';
import { orderFaults } from '../../testing/order-faults.js';
import { OrderScene } from '../../testing/order-scene.js';
import { backorderedOf } from './backorder-state.js';

const DAY_MS = 24 * 3_600_000;
const dayAt = (days: number): string => new Date(NOW_MS + days * DAY_MS).toISOString();
const [SOON, LATE, LATER] = [dayAt(4), dayAt(20), dayAt(30)] as const;
/** Two days of handling after it came. */
const leaves = (day: string): string => new Date(Date.parse(day) + 2 * DAY_MS).toISOString();
const PROMISED_BY = dayAt(14);

const asked = (): OrderScene => {
  const scene = new OrderScene({});
  scene.expect('A', 'dc', 5);
  scene.hear(placing({ A: 3 }, { wish: 'backorder', promisedBy: PROMISED_BY }));
  scene.deliverCommand();
  return scene;
};
const awaiting = () => asked().deliverAll();
const expectedAtOf = ({ order }: OrderScene) => backorderedOf(order).expectedAt;

describe('a delivery whose day moves', () => {
  it('is told with the day before and the new one, and what was promised to the customer follows', () => {
    const scene = awaiting();
    const before = expectedAtOf(scene)!;
    scene.redate('A', 'dc', LATE).deliverAnswer();
    const [formerAtMs, expectedAtMs] = [before, leaves(LATE)].map((day) => Date.parse(day));
    expect(scene.events).toMatchObject([{ type: 'backorder_redated', formerAtMs, expectedAtMs }]);
    expect(scene.order).toMatchObject({ state: 'WAITING', reason: 'awaiting_delivery' });
    const movedMs = Date.parse(PROMISED_BY) + expectedAtMs! - formerAtMs!;
    expect([expectedAtOf(scene), scene.order.placed.promisedBy]).toEqual([
      leaves(LATE),
      new Date(movedMs).toISOString(),
    ]);
    scene.redate('A', 'dc', SOON).deliverAll();
    expect([expectedAtOf(scene), orderFaults(scene)]).toEqual([leaves(SOON), []]);
  });

  it('is no day any more where nobody can tell it, and the promise stays as it was', () => {
    const scene = awaiting().redate('A', 'dc').deliverAll();
    expect(backorderedOf(scene.order)).toEqual({ awaitedUnits: 3 });
    expect(scene.order.placed.promisedBy).toBe(PROMISED_BY);
    expect(expectedAtOf(scene.redate('A', 'dc', LATE).deliverAll())).toBe(leaves(LATE));
  });

  it('tells nothing when it is heard twice, or when an older notice is sent once more', () => {
    const scene = awaiting().redate('A', 'dc', LATE).redate('A', 'dc', LATER);
    const [late] = scene.answers as [DeliveryMoved, DeliveryMoved];
    scene.deliverAll();
    expect(expectedAtOf(scene)).toBe(leaves(LATER));
    scene.hear({ ...late, id: 'sent/again' });
    expect([scene.decided.kind, expectedAtOf(scene)]).toEqual(['unchanged', leaves(LATER)]);
  });

  it('is known before the answer to the question: that was older', () => {
    const scene = asked().redate('A', 'dc', LATE);
    scene.deliverAnswer(1);
    expect(expectedAtOf(scene)).toBeUndefined();
    scene.deliverAnswer();
    expect(expectedAtOf(scene)).toBe(leaves(LATE));
  });

  it('says nothing of what has come, was given back, or is of no order', () => {
    const scene = awaiting().redate('A', 'dc', LATE);
    const [notice] = scene.answers.splice(0) as [DeliveryMoved];
    scene.arrive('A', 'dc', 5).deliverAll();
    for (const one of [notice, { ...notice, orderId: 'nobody' }, { ...notice, reservationId: 'order/web-1/line-A/9' }])
      expect(scene.hear(one).decided.kind).toBe('unchanged');
  });

  it('later than other stock could be sent makes the order look for that at once', () => {
    const scene = new OrderScene({});
    const opensAt = new Date(NOW_MS + 6 * DAY_MS);
    const span = { day: opensAt.getUTCDay() || 7, opens: '10:00', closes: '11:00' };
    scene.hours = { 'shop-1': { openingHours: [span], timeZone: 'UTC' } };
    scene.expect('A', 'dc', 5);
    scene.when(placing({ A: 3 }, { wish: 'backorder' }));
    scene.redate('A', 'dc', dayAt(1)).deliverAll();
    scene.ledger.receive('A', 'shop-1', 3);
    expect(scene.rise().order.elsewhere).toBeUndefined();
    scene.redate('A', 'dc', LATE).deliverAll();
    expect(scene.order).toMatchObject({ state: 'ROUTED', tasks: [{ location: 'shop-1' }] });
    expect(orderFaults(scene)).toEqual([]);
  });

  it('never is one that does not come: then it looks anew, or waits visibly', () => {
    const scene = awaiting().redate('A', 'dc', LATE).expect('A', 'dc', -5).deliverAll();
    expect(scene.order).toMatchObject({ state: 'WAITING', reason: 'out_of_stock' });
    expect([expectedAtOf(scene), orderFaults(scene)]).toEqual([undefined, []]);
  });
});

describe('the days of an order', () => {
  it('move alone: a day that is moved sooner for one of two lines is not that of both', () => {
    const scene = new OrderScene({});
    for (const sku of ['A', 'B']) scene.expect(sku, 'dc', 5);
    scene.when(placing({ A: 1, B: 1 }, { wish: 'backorder', promisedBy: PROMISED_BY }));
    scene.redate('A', 'dc', SOON).deliverAll();
    expect(backorderedOf(scene.order, 'line-A').expectedAt).toBe(leaves(SOON));
    expect(scene.order.placed.promisedBy).toBe(PROMISED_BY);
  });
});
