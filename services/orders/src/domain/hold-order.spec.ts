import { describe, expect, it } from '@jest/globals';
import { MAX_HOLD_SECONDS } from '@shelfline/contracts/order-hold';
import { cancelling, extending, holding, placing, releasing } from '../testing/order-cases.js';
import { orderFaults } from '../testing/order-faults.js';
import { given, type OrderScene } from '../testing/order-scene.js';

const held = ({ ledger }: OrderScene) =>
  ledger.live().map(({ sku, quantity, allocations }) => `${quantity} ${sku} ${allocations[0]!.location}`);
const STOCK = { A: { 'shop-1': 5 }, B: { 'shop-2': 3 } };

describe('a basket that is held', () => {
  it('is reserved and given to nobody to do', () => {
    const scene = given(STOCK, holding({ A: 2, B: 1 }));
    expect(scene.order).toMatchObject({ state: 'HELD', tasks: [], isDecided: true });
    expect(held(scene).toSorted()).toEqual(['1 B shop-2', '2 A shop-1']);
  });

  it('says what is short of each line, and holds the rest', () => {
    const scene = given(STOCK, holding({ A: 2, B: 4 }));
    expect(scene.order).toMatchObject({ state: 'HELD', lines: [{ cancelledUnits: 0 }, { cancelledUnits: 1 }] });
    expect(given(STOCK, holding({ C: 1 })).order).toMatchObject({ state: 'ENDED', reason: 'out_of_stock' });
  });

  it('ends at its time and not a millisecond before, and gives everything back', () => {
    const scene = given(STOCK, holding({ A: 2, B: 1 }, { ttlSeconds: 60 })).after(59_999);
    expect([scene.order.state, held(scene).length]).toEqual(['HELD', 2]);
    scene.after(1);
    expect(scene.order).toMatchObject({ state: 'ENDED', reason: 'hold_expired' });
    expect([held(scene), orderFaults(scene)]).toEqual([[], []]);
  });

  it('ends at its time while the ledger has not answered yet', () => {
    const scene = given(STOCK)
      .hear(holding({ A: 2 }, { ttlSeconds: 10 }))
      .after(10_000);
    expect([scene.order.state, held(scene), orderFaults(scene)]).toEqual(['ENDED', [], []]);
  });

  it('outlasts what an order’s reservations are asked for', () => {
    const scene = given(STOCK, holding({ A: 2 }, { ttlSeconds: 3600 })).after(3_599_000);
    expect([scene.order.state, held(scene)]).toEqual(['HELD', ['2 A shop-1']]);
  });

  it('is extended, but not beyond a day from when it was first held', () => {
    const scene = given(STOCK, holding({ A: 2 }, { ttlSeconds: 60 }))
      .after(50_000)
      .when(extending(60))
      .after(59_000);
    expect(scene.order.state).toBe('HELD');
    scene.hear(extending(MAX_HOLD_SECONDS, 'again'));
    expect(scene.refusals).toEqual([expect.objectContaining({ code: 'held_too_long', field: 'ttlSeconds' })]);
    expect(scene.after(1000).order.state).toBe('ENDED');
    expect(scene.hear(extending(60, 'late')).refusals).toEqual([expect.objectContaining({ code: 'out_of_state' })]);
  });

  it.each([
    ['released', releasing()],
    ['cancelled', cancelling()],
  ])('is %s, once', (_, message) => {
    const scene = given(STOCK, holding({ A: 2 }), message);
    expect([scene.order.state, held(scene)]).toEqual(['ENDED', []]);
    expect(scene.hear(message).decided.kind).toBe('unchanged');
  });

  it('becomes another basket: more is asked for, less is given back, what is equal stays', () => {
    const scene = given(STOCK, holding({ A: 3, B: 1 }));
    const kept = scene.order.holds.find(({ sku }) => sku === 'B')!.reservationId;
    scene.when(holding({ A: 1, B: 1 }, { id: 'hold/second' }));
    expect(held(scene).toSorted()).toEqual(['1 A shop-1', '1 B shop-2']);
    expect(scene.order.holds.map(({ reservationId }) => reservationId)).toContain(kept);
    scene.when(holding({ A: 5, B: 2 }, { id: 'hold/third' }));
    expect(scene.order.lines.map(({ cancelledUnits }) => cancelledUnits)).toEqual([0, 0]);
    scene.when(holding({ B: 2 }, { id: 'hold/fourth' }));
    expect([held(scene).every((one) => one.endsWith('B shop-2')), orderFaults(scene)]).toEqual([true, []]);
  });

  it('names what the catalog does not know, field by field', () => {
    const scene = given(STOCK).hear(holding({ NONE: 1 }, { channel: 'nowhere', store: 'closed' }));
    expect(scene.refusals.map(({ field }) => field)).toEqual(['channel', 'store', 'lines[0].sku']);
  });
});

describe('placing what is held', () => {
  it('takes over equal lines without asking the ledger anew', () => {
    const scene = given(STOCK, holding({ A: 2, B: 1 }));
    scene.hear(placing({ A: 2, B: 1 }));
    expect(scene.order).toMatchObject({ state: 'ROUTED', tasks: [{ location: 'shop-1' }, { location: 'shop-2' }] });
    expect(scene.eventTypes).not.toContain('hold_asked');
    expect(scene.order.cart).toBeUndefined();
    expect(scene.deliverAll().after(3_600_000).order.state).not.toBe('ENDED');
    expect(orderFaults(scene)).toEqual([]);
  });

  it('asks for what is more, gives back what is less, and what is not ordered at all', () => {
    const scene = given(STOCK, holding({ A: 3, B: 2 })).when(placing({ A: 5 }));
    expect([scene.order.state, scene.order.tasks.length]).toEqual(['ROUTED', 1]);
    expect(held(scene).toSorted()).toEqual(['2 A shop-1', '3 A shop-1']);
    const less = given(STOCK, holding({ A: 3 })).when(placing({ A: 1 }));
    expect([held(less), less.order.state, orderFaults(less)]).toEqual([['1 A shop-1'], 'ROUTED', []]);
  });

  it('keeps what is held against others, though nothing else is left', () => {
    const scene = given({ A: { 'shop-1': 1 } }, holding({ A: 1 })).when(placing({ A: 1 }, { orderId: 'web-2' }));
    expect(scene.getOrder('web-2').state).toBe('WAITING');
    expect(scene.when(placing({ A: 1 })).order.state).toBe('ROUTED');
  });

  it('in another way is reserved anew where that way leads', () => {
    const stock = { A: { 'shop-1': 2, 'shop-2': 2 } };
    const scene = given(stock, holding({ A: 2 }));
    scene.when(placing({ A: 2 }, { method: 'pickup', store: 'shop-2', id: 'place/p' }));
    expect([scene.order.state, orderFaults(scene)]).toEqual(['ROUTED', []]);
    expect(scene.ledger.live()).toHaveLength(1);
    const same = given(stock, holding({ A: 2 })).when(placing({ A: 2 }, { method: 'pickup', store: 'shop-1' }));
    expect(same.eventTypes).not.toContain('hold_asked');
  });

  it('after it ended is an order as any other', () => {
    const scene = given(STOCK, holding({ A: 2 }, { ttlSeconds: 10 }))
      .after(10_000)
      .when(placing({ A: 2 }));
    expect([scene.order.state, scene.order.reason, orderFaults(scene)]).toEqual(['ROUTED', undefined, []]);
  });

  it('ends the basket: it is held, extended and released no more', () => {
    const scene = given(STOCK, holding({ A: 2 }), placing({ A: 2 }));
    for (const message of [holding({ A: 1 }, { id: 'hold/x' }), extending(60), releasing()])
      expect(scene.hear(message).refusals).toEqual([expect.objectContaining({ code: 'order_exists' })]);
  });
});
