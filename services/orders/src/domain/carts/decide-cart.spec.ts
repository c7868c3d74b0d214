import { describe, expect, it } from '@jest/globals';
import { type CartMessage, CartOrder } from '@shelfline/contracts/cart';
import { MAX_LINE_UNITS, MAX_LINES, PlaceOrder } from '@shelfline/contracts/order';
import { toldOrder } from '../../carts/cart-outputs.js';
import { adding, becoming, CartScene, DAY_MS, joining, ordering, putting, setting } from '../../testing/cart-cases.js';
import { expiresAtMs } from './cart.js';
import { expireCart } from './decide-cart.js';
import { memberOfCartOrder } from './order-cart.js';

const scene = (...messages: readonly CartMessage[]) => new CartScene().when(...messages);

describe('a member’s cart', () => {
  it('is one on every channel: added here, changed there, taken out', () => {
    const { cart } = scene(adding({ A: 2, B: 1 }), setting({ A: 5 }, { channel: 'app' }), adding({ B: -1 }));
    expect(cart?.lines).toMatchObject([{ sku: 'A', quantity: 5, channel: 'app' }]);
  });

  it('keeps both of what two channels put in at once, and refuses what would undo the other’s', () => {
    const both = scene(adding({ A: 1 }));
    const { version } = both.cart!;
    both.when(adding({ B: 1 }, { channel: 'app' }), adding({ A: 1 }));
    expect(both.units).toEqual({ A: 2, B: 1 });
    both.when(putting({ A: 1 }, { expectedVersion: version }));
    expect(both.refusals).toEqual(['other_version']);
    expect(both.units).toEqual({ A: 2, B: 1 });
    both.when(putting({ A: 1 }, { expectedVersion: both.cart!.version }));
    expect(both.units).toEqual({ A: 1 });
  });

  it('may be asked for only where there is none', () => {
    const first = scene(putting({ A: 1 }, { expectedVersion: 0 }));
    expect(first.units).toEqual({ A: 1 });
    expect(first.when(putting({ B: 1 }, { expectedVersion: 0 })).refusals).toEqual(['other_version']);
  });

  it('does not change where nothing changes', () => {
    const known = scene(putting({ A: 1, B: 2 }));
    const { version } = known.cart!;
    for (const message of [putting({ B: 2, A: 1 }), setting({ A: 1 }), adding({ C: -3 })])
      expect(known.when(message).decided.kind).toBe('unchanged');
    expect(known.cart!.version).toBe(version);
  });

  it('holds no more than an order may, and only what is sold, through a channel that sells', () => {
    const full = Object.fromEntries(Array.from({ length: MAX_LINES }, (_, i) => [String.fromCodePoint(0x4e00 + i), 1]));
    expect(scene(putting(full), adding({ A: 1 })).refusals).toEqual(['too_many_lines']);
    expect(scene(putting(full), setting({ [Object.keys(full)[0]!]: 9 })).refusals).toEqual([]);
    expect(scene(adding({ A: MAX_LINE_UNITS }), adding({ A: 1 })).refusals).toEqual(['too_many_units']);
    expect(scene(adding({ NOPE: 1 })).refusals).toEqual(['unknown_sku']);
    expect(scene(putting({ NOPE: 1 })).refusals).toEqual(['unknown_sku']);
    expect(scene(adding({ A: 1 }, { channel: 'shut' })).refusals).toEqual(['unknown_channel']);
  });

  it('adds a guest’s cart, leaves out what does not fit, and keeps nobody from signing in', () => {
    const joined = scene(adding({ A: MAX_LINE_UNITS - 1 }), joining({ A: 3, B: 2, NOPE: 1 }));
    expect(joined.units).toEqual({ A: MAX_LINE_UNITS, B: 2 });
    expect(joined.decided).toMatchObject({
      leftOut: [
        { sku: 'A', quantity: 2 },
        { sku: 'NOPE', quantity: 1 },
      ],
    });
  });

  it('expires as a whole, and counts as none from then on', () => {
    const known = scene(adding({ A: 1 }));
    expect(expiresAtMs(known.cart!)).toBe(known.nowMs + 90 * DAY_MS);
    known.cart = expireCart(known.cart!, known.context());
    expect([known.units, expiresAtMs(known.cart)]).toEqual([{}, undefined]);
    expect(known.when(putting({ B: 1 }, { expectedVersion: 0 })).units).toEqual({ B: 1 });
    expect(known.cart.isExpired).toBeUndefined();
  });
});

describe('an order that is made of a cart', () => {
  it('takes what it orders out of it at once, and no second order gets it', () => {
    const known = scene(adding({ A: 2, B: 1 }));
    const { version } = known.cart!;
    known.when(ordering({ A: 2 }, 'o-1', { expectedVersion: version }));
    expect(PlaceOrder.parse(known.placed)).toMatchObject({
      orderId: 'o-1',
      memberId: 'm-1',
      channel: 'web',
      lines: [{ sku: 'A', quantity: 2 }],
    });
    expect(memberOfCartOrder(known.placed!.id)).toBe('m-1');
    expect(known.units).toEqual({ B: 1 });
    expect(known.when(ordering({ B: 1 }, 'o-2', { expectedVersion: version })).refusals).toEqual(['other_version']);
    expect(known.when(ordering({ A: 2 }, 'o-2')).refusals).toEqual(['not_in_cart']);
  });

  it.each([
    ['promised', { state: 'ROUTED' as const }, 'ordered', { B: 2 }],
    ['waits', { state: 'WAITING' as const }, 'ordered', { B: 2 }],
    ['cannot be had', { state: 'CANCELLED' as const }, 'out_of_stock', { B: 2, A: 3 }],
    ['is refused', { result: 'refused' as const, errors: [] }, 'refused', { B: 2, A: 3 }],
  ])('where it %s the cart is right, with what was put in meanwhile', (_, answer, result, units) => {
    const known = scene(adding({ A: 3 }), ordering({ A: 3 }));
    const { id } = known.placed!;
    known.when(adding({ B: 2 }), becoming(id, answer));
    expect(known.units).toEqual(units);
    expect(known.decided).toMatchObject({ settled: { orderId: 'o-1', result } });
    expect(known.when(becoming(id, { state: 'CANCELLED' })).decided.kind).toBe('unchanged');
  });

  it.each([
    ['placed', { state: 'ROUTED' as const, promisedUnits: 2, waitingUnits: 1 }],
    ['placed', { state: 'ARRIVING' as const, promisedUnits: 3 }],
    ['backordered', { state: 'WAITING' as const, waitingFor: 'delivery' as const, awaitedUnits: 3 }],
    ['waiting_for_credit', { state: 'WAITING' as const, waitingFor: 'credit' as const }],
    ['out_of_stock', { state: 'WAITING' as const, waitingFor: 'stock' as const, promisedUnits: 0, waitingUnits: 3 }],
    ['out_of_stock', { state: 'CANCELLED' as const, cancelledUnits: 3 }],
  ])('was ordered, whatever became of it: it says %s, and of how many', (became, answer) => {
    const known = scene(adding({ A: 3 }), ordering({ A: 3 }));
    const under = toldOrder(known.cart!.orders[0]!);
    expect(under).toMatchObject({ result: 'under_way', became: 'pending' });
    known.when(becoming(known.placed!.id, answer));
    const { state: _, ...units } = answer;
    const told = toldOrder(known.cart!.orders[0]!);
    expect(told).toMatchObject({ became, ...units });
    expect(CartOrder.parse(told)).toEqual(told);
  });

  it('says of a refused order why, and not what became of it', () => {
    const known = scene(adding({ A: 3 }), ordering({ A: 3 }));
    known.when(becoming(known.placed!.id, { result: 'refused', errors: [] }));
    expect(toldOrder(known.cart!.orders[0]!)).not.toHaveProperty('became');
  });

  it('may name a product in several lines, and not more of it than is in the cart', () => {
    const known = scene(adding({ A: 3 }));
    const order = ordering({ A: 2 });
    const twice = {
      ...order,
      order: { ...order.order, lines: [order.order.lines[0]!, { ...order.order.lines[0]!, lineId: '2' }] },
    };
    expect(known.when(twice).refusals).toEqual(['not_in_cart']);
    expect(known.when(adding({ A: 1 }), twice).units).toEqual({});
  });

  it('keeps the cart from expiring while it is under way, and from having too many', () => {
    const known = scene(adding({ A: 9 }));
    for (let i = 1; i <= 5; i++) known.when(ordering({ A: 1 }, `o-${i}`));
    const last = known.placed!.id;
    expect(expiresAtMs(known.cart!)).toBeUndefined();
    expect(known.when(ordering({ A: 1 }, 'o-6')).refusals).toEqual(['too_many_orders']);
    known.when(becoming(last), ordering({ A: 1 }, 'o-6'));
    expect(known.cart?.orders.map(({ orderId }) => orderId)).toEqual(['o-1', 'o-2', 'o-3', 'o-4', 'o-6']);
    expect(known.units).toEqual({ A: 3 });
  });
});
