import { describe, expect, it } from '@jest/globals';
import { messagesOf } from '../ledger-answers.stream.js';
import { toldEvents } from '../order-outputs.js';
import { doing, placing } from '../testing/order-cases.js';
import { orderFaults } from '../testing/order-faults.js';
import { given, OrderScene } from '../testing/order-scene.js';
import { unitsOf } from './order.js';

const UNITS = { A: { 'shop-1': 1, 'shop-2': 1 } };
const WAY = ['accept', 'pick', 'pack', 'ship'] as const;

describe('a till sells what stood behind a promise', () => {
  it('and it goes to another place where nobody has begun with it', () => {
    const scene = given(UNITS, placing()).sell('A', 'shop-1', 1).deliverAll();
    expect(scene.order.tasks).toMatchObject([
      { location: 'shop-1', state: 'REJECTED', reason: 'sold_meanwhile' },
      { location: 'shop-2', state: 'ASSIGNED' },
    ]);
    expect([scene.ledger.reservedOf('A', 'shop-1'), orderFaults(scene)]).toEqual([0, []]);
  });
  it.each([1, 2, 3, 4])('and whoever has begun with it finds out himself (%i steps done)', (steps) => {
    const scene = given(UNITS, placing(), ...WAY.slice(0, steps).map((action) => doing(action)));
    const before = scene.order;
    scene.sell('A', 'shop-1', 1).deliverAll();
    expect(scene.order).toBe(before);
  });
  it('and the order waits where it is nowhere else', () => {
    const scene = given({ A: { 'shop-1': 1 } }, placing())
      .sell('A', 'shop-1', 1)
      .deliverAll();
    expect([scene.order.state, scene.ledger.live()]).toEqual(['WAITING', []]);
  });
  it('and the newest promise yields, the older one stays', () => {
    const scene = given({ A: { 'shop-1': 2 } }, placing(), placing({ A: 1 }, { orderId: 'web-2' }));
    scene.sell('A', 'shop-1', 1).deliverAll();
    expect([scene.getOrder('web-1').state, scene.getOrder('web-2').state]).toEqual(['ROUTED', 'WAITING']);
  });
  it('of which a part had come and the rest was awaited: nobody heard of it, and a store was sent to pick what was sold', () => {
    const scene = given({})
      .expect('A', 'dc', 5)
      .when(placing({ A: 3 }, { wish: 'backorder' }));
    const [awaited] = scene.ledger.live();
    // One of three came and was sold; the ledger names the promise by the part that it held.
    const { reservationId } = awaited!;
    const notice = {
      type: 'shortfall' as const,
      id: 'short/9',
      source: 'till',
      sku: 'A',
      location: 'dc',
      shortUnits: 1,
      endangered: [{ reservationId, quantity: 1 }],
      version: 99,
    };
    const [endangered] = messagesOf(notice, notice.id);
    scene.hear(endangered!);
    expect(toldEvents(scene.order, scene.events, true)).toMatchObject([{ type: 'backorder_fell_short', units: 3 }]);
    scene.deliverAll();
    expect(scene.ledger.reservations.get(reservationId)?.state).toBe('RELEASED');
    expect(unitsOf(scene.ledger.live())).toBe(3);
    expect([scene.order.state, orderFaults(scene)]).toEqual(['WAITING', []]);
    expect(scene.hear(endangered!).decided.kind).toBe('unchanged');
    scene.arrive('A', 'dc', 5).deliverAll();
    expect(scene.order.tasks.every(({ location }) => location === 'dc')).toBe(true);
    expect(unitsOf(scene.order.tasks.flatMap(({ lines }) => lines))).toBe(3);
  });
  it('and hearing of it again, or of what is not there, changes nothing', () => {
    const scene = given(UNITS, placing()).sell('A', 'shop-1', 1);
    const [notice] = scene.answers;
    scene.deliverAll();
    expect(scene.hear(notice!).decided.kind).toBe('unchanged');
    expect(new OrderScene().hear(notice!).decided.kind).toBe('unchanged');
    const known = given(UNITS, placing());
    expect(
      known.hear({ ...notice!, reservationId: 'order/web-1/line-A/9' } as typeof notice & object).decided.kind,
    ).toBe('unchanged');
  });
});
