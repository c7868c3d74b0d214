import { describe, expect, it } from '@jest/globals';
import type { ReservationAnswered } from '@shelfline/contracts/order';
import { cancelling, ORDER_ID, placing, TIMES } from '../testing/order-cases.js';
import { orderFaults } from '../testing/order-faults.js';
import { given, OrderScene } from '../testing/order-scene.js';

const ID = `order/${ORDER_ID}/line-A/1`;
const answered = (over: Partial<ReservationAnswered> = {}): ReservationAnswered => ({
  type: 'reservation_answered',
  id: `reserve/${ID}`,
  source: 'inventory',
  orderId: ORDER_ID,
  reservationId: ID,
  command: 'reserve',
  result: 'accepted',
  shortUnits: 0,
  allocations: [{ location: 'shop-1', quantity: 1 }],
  ...over,
});
const asked = () => new OrderScene({ A: { 'shop-1': 1 } }).hear(placing());

describe('the answer to a reserve', () => {
  it('granted, is held where the ledger says', () => {
    const scene = asked().hear(answered({ allocations: [{ location: 'shop-2', quantity: 1 }] }));
    expect(scene.eventTypes).toEqual(['hold_granted', 'task_assigned']);
    expect(scene.order.holds[0]).toMatchObject({ state: 'held', location: 'shop-2', task: 1 });
  });
  it('unchanged, as to what was asked again, is as good', () => {
    expect(asked().hear(answered({ result: 'unchanged' })).order.state).toBe('ROUTED');
  });
  it('refused, is planned anew at once', () => {
    const scene = asked();
    scene.seen = (_sku, place) => (place === 'dc' ? 1 : 0);
    scene.hear(answered({ result: 'refused', allocations: [], reason: 'short' }));
    expect(scene.events).toEqual([
      { type: 'hold_refused', reservationId: ID, reason: 'short' },
      { type: 'planned' },
      expect.objectContaining({ type: 'hold_asked', reservationId: `order/${ORDER_ID}/line-A/2`, locations: ['dc'] }),
    ]);
  });
  it('divided among places, is given back: a task is of one place', () => {
    const parts = ['shop-1', 'dc'].map((location) => ({ location, quantity: 1 }));
    const scene = asked().hear(answered({ allocations: parts }));
    expect(scene.eventTypes.slice(0, 2)).toEqual(['hold_released', 'planned']);
    expect([scene.deliverAll().ledger.reservedOf('A', 'shop-1'), orderFaults(scene)]).toEqual([1, []]);
  });
  it('refused without a reason, or granted nowhere, is out of stock', () => {
    for (const said of [{ result: 'refused' as const, allocations: [] }, { allocations: [] }])
      expect(asked().hear(answered(said)).events[0]).toMatchObject({ type: 'hold_refused', reason: 'out_of_stock' });
  });
  it('changes nothing of an order or reservation that is not there', () => {
    expect(new OrderScene().hear(answered()).decided).toEqual({ kind: 'unchanged' });
    expect(asked().hear(answered({ reservationId: `order/${ORDER_ID}/line-A/9` })).decided.kind).toBe('unchanged');
  });
  it('refused, is counted once, however often and late it is told', () => {
    const scene = asked();
    scene.seen = (_sku, place) => (place === 'dc' ? 1 : 0);
    const refused = answered({ result: 'refused', allocations: [] });
    const { attempts } = scene.hear(refused).order;
    for (const id of [refused.id, 'told-again', 'late'])
      expect(scene.hear({ ...refused, id }).decided).toEqual({ kind: 'unchanged' });
    expect([attempts, scene.order.attempts, scene.order.shortAt?.length]).toEqual([2, 2, 1]);
  });
  it('changes nothing once it has been decided, whatever it says then', () => {
    const held = given({ A: { 'shop-1': 1 } }, placing());
    expect(held.hear(answered({ result: 'refused', allocations: [] })).decided.kind).toBe('unchanged');
    const cancelled = asked().hear(cancelling());
    expect(cancelled.hear(answered()).decided.kind).toBe('unchanged');
    expect(cancelled.order.state).toBe('CANCELLED');
  });
});

it('answers to release and fulfil change nothing', () => {
  const scene = given({ A: { 'shop-1': 1 } }, placing());
  for (const said of [
    { command: 'release', result: 'refused' as const },
    { command: 'fulfil', result: 'refused' as const },
  ])
    expect(scene.hear(answered(said)).decided.kind).toBe('unchanged');
});

/** A hold that ran out by itself left a task with nothing behind it where the order was slow to make it lasting. */
it('an answer that was on its way for longer than the hold is as good as one that came at once', () => {
  const scene = asked();
  scene.deliverCommand();
  scene.pass(TIMES.holdForMs + 100_000).deliverAll();
  expect(scene.order.tasks).toMatchObject([{ state: 'ASSIGNED' }]);
  expect(orderFaults(scene)).toEqual([]);
});
