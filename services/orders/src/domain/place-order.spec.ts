import { describe, expect, it } from '@jest/globals';
import type { PlaceOrder } from '@shelfline/contracts/order';
import { placing } from '../testing/order-cases.js';
import { given, OrderScene } from '../testing/order-scene.js';

const refusing = (message: PlaceOrder) => new OrderScene().hear(message).refusals;

describe('an order that is placed', () => {
  it('asks the ledger for each line at the place that has it all, and promises nothing yet', () => {
    const scene = new OrderScene({ A: { 'shop-2': 2 }, B: { 'shop-2': 1 } }).hear(placing({ A: 2, B: 1 }));
    expect(scene.eventTypes).toEqual(['placed', 'planned', 'hold_asked', 'hold_asked']);
    expect(scene.order).toMatchObject({ state: 'RESERVING', askedBy: 'shop/place/web-1', version: 1 });
    expect(scene.order.holds).toMatchObject([
      { reservationId: 'order/web-1/line-A/1', locations: ['shop-2'], quantity: 2, state: 'asked' },
      { reservationId: 'order/web-1/line-B/2', locations: ['shop-2'], quantity: 1, state: 'asked' },
    ]);
  });
  it('goes to the place that holds it as soon as the ledger has answered', () => {
    const scene = given({ A: { dc: 1 } }, placing());
    expect(scene.order).toMatchObject({ state: 'ROUTED', tasks: [{ number: 1, location: 'dc', state: 'ASSIGNED' }] });
  });
  it('keeps what it says of itself, and nothing it does not say', () => {
    const { order } = given({}, placing({ A: 1 }, { memberId: 'm-1', channelOrder: 'T-1', store: 'shop-1' }));
    expect(order.placed).toEqual({
      channel: 'web',
      placedAt: '2026-06-01T12:00:00Z',
      currency: 'CNY',
      method: 'courier',
      wish: 'split',
      payment: 'paid',
      destination: { city: 'Shanghai' },
      memberId: 'm-1',
      channelOrder: 'T-1',
      store: 'shop-1',
    });
    expect(given({}, placing()).order.placed).not.toHaveProperty('memberId');
  });
  it('waits in the queue where nothing is anywhere', () => {
    const scene = given({}, placing());
    expect([scene.order.state, scene.order.reason, scene.eventTypes]).toEqual([
      'WAITING',
      'out_of_stock',
      ['placed', 'waiting'],
    ]);
  });
});

describe('an order is refused, with the field to correct', () => {
  it.each([
    ['unknown_channel', 'channel', placing({ A: 1 }, { channel: 'nobody' })],
    ['unknown_channel', 'channel', placing({ A: 1 }, { channel: 'shut' })],
    ['unknown_store', 'store', placing({ A: 1 }, { store: 'nowhere' })],
    ['unknown_store', 'store', placing({ A: 1 }, { store: 'closed' })],
    ['unknown_sku', 'lines[1].sku', placing({ A: 1, NOPE: 1 })],
  ] as const)('%s in %s', (code, field, message) => {
    expect(refusing(message)).toEqual([expect.objectContaining({ code, field })]);
  });
  it('with everything that is wrong at once', () => {
    const wrong = refusing(placing({ NO: 1, NEVER: 1 }, { channel: 'nobody', store: 'nowhere' }));
    expect(wrong.map(({ field }) => field)).toEqual(['channel', 'store', 'lines[0].sku', 'lines[1].sku']);
  });
  it('where another message placed one of this id, which stays as it is', () => {
    const scene = given({ A: { dc: 1 } }, placing());
    const before = scene.order;
    scene.hear(placing({ A: 2 }, { id: 'place/other' }));
    expect(scene.refusals).toEqual([expect.objectContaining({ code: 'order_exists', field: 'orderId' })]);
    expect(scene.order).toBe(before);
  });
});
