import { describe, expect, it } from '@jest/globals';
import type { AskedOfCart, CartOutcome } from '@shelfline/contracts/cart';
import type { Principal } from '@shelfline/service-kit/auth';
import { AskLimit } from '../offers/ask-limit.js';
import { CartScene, MEMBER } from '../testing/cart-cases.js';
import { placing } from '../testing/order-cases.js';
import { Shelf } from '../testing/shelf.js';
import { storedCart, toldOrder } from './cart-outputs.js';
import { refusedCart } from './cart-problems.js';
import { CartsController } from './carts.controller.js';

const shopper = (member: string | undefined = MEMBER, more: Partial<Principal> = {}): Principal => ({
  sub: 's',
  role: 'storefront',
  exp: 0,
  member,
  ...more,
});
const SYSTEM: Principal = { sub: 'i', role: 'integrator', exp: 0 };
const MARKETPLACE: Principal = { ...SYSTEM, channel: 'app' };
const COUNTER: Principal = { sub: 'c', role: 'store', store: 'shop-1', exp: 0 };

/** Everything asked is decided at once. */
function shop() {
  const scene = new CartScene();
  const asked: AskedOfCart[] = [];
  const shelf = new Shelf()
    .sells('web', { regions: ['south'], locations: ['shop-1'] })
    .place('shop-1')
    .place('shop-2');
  for (const sku of ['A', 'B']) shelf.products.set(sku, { active: true, brand: null });
  shelf.has('A', 'shop-1', 2);
  const ask = (message: AskedOfCart): Promise<CartOutcome> => {
    asked.push(message);
    scene.when(message);
    const { decided, cart } = scene;
    const { id, source, memberId } = message;
    const base = { id, source, memberId, version: 1, ...(cart ? { cart: storedCart(cart) } : {}) };
    if (decided.kind === 'refused')
      throw refusedCart({ ...base, result: 'refused', errors: decided.refusals.map((one) => ({ field: '', ...one })) });
    const order = decided.kind === 'applied' && decided.place ? { order: toldOrder(cart!.orders.at(-1)!) } : {};
    return Promise.resolve({ ...base, result: decided.kind, ...order });
  };
  const headers: Record<string, string> = {};
  const reply = {
    header(name: string, value: string) {
      headers[name] = value;
      return reply;
    },
  };
  const controller = new CartsController(
    { ask } as never,
    { findCart: () => Promise.resolve(scene.cart) } as never,
    shelf.stock,
    new AskLimit(() => 0, { perAsker: 3, ofAll: 100 }),
  );
  const add = (sku: string, add: number, who = SYSTEM, more: object = {}, ifMatch?: string) =>
    controller.patch(MEMBER, { changes: [{ sku, add }], ...more }, ifMatch ? { 'if-match': ifMatch } : {}, who, reply);
  const put = (units: number, match: Record<string, string>) =>
    controller.put(MEMBER, { lines: [{ sku: 'A', quantity: units }] }, match, SYSTEM, reply);
  return { controller, scene, asked, headers, reply, add, put };
}

describe('carts by REST', () => {
  it('begin as an empty one of version 0, and carry their version as an ETag', async () => {
    const { controller, headers, reply, put } = shop();
    expect(await controller.get(MEMBER, {}, shopper(), reply)).toMatchObject({ lines: [], version: 0 });
    expect(headers['etag']).toBe('"0"');
    const { version } = await put(1, { 'if-none-match': '*' });
    expect(headers['etag']).toBe(`"${version}"`);
  });

  it('are never replaced unseen: without a version not at all, with an old one refused with the cart as it is', async () => {
    const { put, add, asked } = shop();
    await expect(put(1, {})).rejects.toMatchObject({ status: 428 });
    expect(asked).toEqual([]);
    const { version } = await put(1, { 'if-none-match': '*' });
    await add('B', 1, MARKETPLACE);
    await expect(put(2, { 'if-match': `"${version}"` })).rejects.toMatchObject({
      status: 412,
      extra: {
        cart: {
          lines: [
            { sku: 'A', quantity: 1 },
            { sku: 'B', quantity: 1 },
          ],
        },
      },
    });
    await expect(add('A', 1, SYSTEM, {}, `"${version}"`)).rejects.toMatchObject({ status: 412 });
  });

  it('tell of each line whether it could be promised here and now, and never how much there is', async () => {
    const { controller, reply, add } = shop();
    await add('A', 3);
    await add('B', 1);
    const shown = async (query: object, who = SYSTEM) =>
      (await controller.get(MEMBER, query, who, reply)).lines.map(({ available, availableUnits }) => [
        available,
        availableUnits,
      ]);
    expect(await shown({ region: 'south' })).toEqual([
      ['some', 2],
      ['no', 0],
    ]);
    expect(await shown({ region: 'south' }, shopper(MEMBER, { region: 'north' }))).toEqual([
      ['no', 0],
      ['no', 0],
    ]);
    expect(await shown({ region: 'south', store: 'shop-2' })).toEqual([
      ['no', 0],
      ['no', 0],
    ]);
    await add('A', -2);
    expect((await shown({ region: 'south' }))[0]).toEqual(['yes', 1]);
  });

  it('show what is sold no more as that', async () => {
    const { controller, reply, scene, add } = shop();
    await add('A', 1);
    scene.cart = { ...scene.cart!, lines: [{ ...scene.cart!.lines[0]!, sku: 'GONE' }] };
    expect((await controller.get(MEMBER, {}, SYSTEM, reply)).lines).toMatchObject([
      { available: 'not_sold', availableUnits: 0 },
    ]);
  });

  it('are a shopper’s own alone, through the channel of his token', async () => {
    const { controller, reply, add, asked } = shop();
    for (const who of [shopper('m-2'), shopper(undefined, { member: undefined })])
      await expect(controller.get(MEMBER, {}, who, reply)).rejects.toMatchObject({ status: 403 });
    await expect(add('A', 1, shopper(MEMBER, { channel: 'app' }), { channel: 'web' })).rejects.toMatchObject({
      status: 403,
    });
    await expect(add('A', 1, MARKETPLACE, { channel: 'web' })).rejects.toMatchObject({ status: 403 });
    await expect(controller.get('a|b', {}, SYSTEM, reply)).rejects.toMatchObject({ status: 404 });
    expect(asked).toEqual([]);
    for (const who of [shopper(), SYSTEM, COUNTER]) await add('A', 1, who);
    await add('A', 1, MARKETPLACE);
    expect(asked.map(({ channel }) => channel)).toEqual(['web', 'web', 'web', 'app']);
  });

  it('are changed by one shopper a few times in ten seconds, by systems as often as they like', async () => {
    const { add } = shop();
    for (let i = 0; i < 3; i++) await add('A', 1, shopper());
    await expect(add('A', 1, shopper())).rejects.toMatchObject({ status: 429, extra: { retryAfterSeconds: 10 } });
    for (let i = 0; i < 5; i++) await add('A', 1, SYSTEM);
  });

  it('take a guest’s cart in under its name, so that twice is once', async () => {
    const { controller, reply, asked } = shop();
    const body = {
      guestCartId: 'g-1',
      lines: [
        { sku: 'A', quantity: 1 },
        { sku: 'NOPE', quantity: 1 },
      ],
    };
    expect(await controller.join(MEMBER, body, shopper(), reply)).toMatchObject({ lines: [{ sku: 'A' }] });
    await controller.join(MEMBER, body, shopper(), reply);
    expect(new Set(asked.map(({ id }) => id))).toEqual(new Set([`join/g-1/${MEMBER}`]));
  });

  it('become an order under its id; a store orders what it sells alone', async () => {
    const { controller, reply, add, asked } = shop();
    await add('A', 2);
    const { type: _t, id: _i, source: _s, channel: _c, memberId: _m, ...order } = placing({ A: 1 });
    const ask = (who: Principal, more: object = {}) =>
      controller.order(MEMBER, { order: { ...order, ...more } }, {}, who, reply);
    await expect(ask(COUNTER)).rejects.toMatchObject({ status: 403 });
    expect(await ask(COUNTER, { soldAt: 'shop-1' })).toMatchObject({
      order: { orderId: 'web-1', result: 'under_way' },
      cart: { lines: [{ sku: 'A', quantity: 1 }] },
    });
    expect(asked.at(-1)).toMatchObject({ type: 'cart_order', id: 'order/web-1', channel: 'web' });
    await expect(
      controller.order(
        MEMBER,
        { id: '2', order: { ...order, orderId: 'web-2', lines: [{ ...order.lines[0]!, quantity: 2 }] } },
        {},
        SYSTEM,
        reply,
      ),
    ).rejects.toMatchObject({ status: 409 });
  });
});
