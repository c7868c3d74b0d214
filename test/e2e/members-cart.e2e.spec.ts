import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStorefront, type MemberCart } from '@shelfline/client/storefront';
import { until, WholeSystem } from './whole-system.js';

interface Cart {
  readonly version: number;
  readonly lines: readonly { sku: string; quantity: number; available: string }[];
  readonly orders: readonly { orderId: string; result: string }[];
}
type Refused = { readonly cart: Cart };

describe('a member’s cart follows him', () => {
  const system = new WholeSystem();
  const tokens = new Map<string, string>();
  async function tokenOf(who: string): Promise<string> {
    const response = await fetch(`${system.address}/api/auth/dev-token?${who}`);
    return ((await response.json()) as { token: string }).token;
  }
  /** As somebody with a token of his own would ask: a shopper of this member, or a channel's system. */
  async function ask<T = Cart>(who: string, method: string, path: string, body?: unknown, match?: number | '*') {
    if (!tokens.has(who)) tokens.set(who, await tokenOf(who));
    const response = await fetch(`${system.address}/api/orders/carts/m-1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens.get(who)}`,
        'content-type': 'application/json',
        ...(match === undefined ? {} : match === '*' ? { 'if-none-match': '*' } : { 'if-match': `"${match}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, etag: response.headers.get('etag'), body: (await response.json()) as T };
  }
  const PHONE = 'role=storefront&member=m-1';
  const SHOP = 'role=integrator';
  const MARKETPLACE = 'role=integrator&sub=market&channel=market';
  const add = (who: string, sku: string, units: number) => ask(who, 'PATCH', '', { changes: [{ sku, add: units }] });
  const order = (orderId: string, units: number, match?: number, over: object = {}) =>
    ask<{ order: { result: string }; cart: Cart } & Refused>(
      SHOP,
      'POST',
      '/order',
      {
        channel: 'web',
        order: {
          orderId,
          placedAt: '2026-03-01T10:00:00+01:00',
          currency: 'EUR',
          method: 'courier',
          destination: { city: 'Cologne' },
          lines: [{ lineId: '1', sku: 'COAT', quantity: units, unitPriceMinor: 990 }],
          ...over,
        },
      },
      match,
    );
  const linesOf = ({ lines }: Cart) => lines.map(({ sku, quantity, available }) => `${quantity} ${sku} ${available}`);

  beforeAll(async () => {
    await system.start();
    await system.call('PUT', '/api/catalog/locations/shop', {
      code: 'shop',
      name: 'shop',
      safetyStock: 0,
      type: 'store',
      city: 'Cologne',
      region: 'DE-NW',
      latitude: 50.94,
      longitude: 6.96,
    });
    await system.call('PUT', '/api/catalog/channels/market', { code: 'market', name: 'Market', pools: [] });
    for (const sku of ['COAT', 'SOCKS']) await system.call('PUT', `/api/catalog/products/${sku}`, { sku, name: sku });
    const occurredAt = new Date(Date.now() - 60_000).toISOString();
    const count = { id: 'c1', source: 'e2e', type: 'count', sku: 'COAT', location: 'shop', quantity: 5, occurredAt };
    await system.call('POST', '/api/inventory/deltas', [count], 'integrator');
    // What is refused is remembered under its id, and each try here has one of its own.
    await until(
      async () => ((await add(MARKETPLACE, 'SOCKS', 1)).status === 200 ? true : undefined),
      'the catalog has reached the service of carts',
    );
    await until(
      async () =>
        (await add(PHONE, 'COAT', 1)).body.lines?.find(({ sku }) => sku === 'COAT')?.available === 'yes' || undefined,
      'stock is seen',
    );
    await ask(SHOP, 'PUT', '', { lines: [] }, (await ask(SHOP, 'GET', '')).body.version);
  }, 120_000);
  afterAll(() => system.stop(), 60_000);

  it('from channel to channel, and of two that change it at once neither is lost', async () => {
    const { body: empty, etag } = await ask(PHONE, 'GET', '');
    expect([linesOf(empty), etag]).toEqual([[], `"${empty.version}"`]);
    await Promise.all([add(PHONE, 'COAT', 2), add(MARKETPLACE, 'SOCKS', 1), add(SHOP, 'COAT', 1)]);
    const { body: seen } = await ask(PHONE, 'GET', '');
    expect(linesOf(seen).toSorted()).toEqual(['1 SOCKS no', '3 COAT yes']);
    const replaced = await Promise.all([
      ask<Cart & Refused>(PHONE, 'PUT', '', { lines: [{ sku: 'COAT', quantity: 2 }] }, seen.version),
      ask<Cart & Refused>(SHOP, 'PUT', '', { channel: 'web', lines: [{ sku: 'SOCKS', quantity: 9 }] }, seen.version),
    ]);
    const [won, lost] = replaced.toSorted((a, b) => a.status - b.status) as [
      (typeof replaced)[0],
      (typeof replaced)[0],
    ];
    expect([won.status, lost.status]).toEqual([200, 412]);
    expect(lost.body.cart).toMatchObject({
      version: won.body.version,
      lines: won.body.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    });
    expect((await ask('role=storefront&member=m-2', 'GET', '')).status).toBe(403);
  }, 60_000);

  it('takes a guest’s cart in once, though orders is killed meanwhile', async () => {
    const { version } = (await ask(SHOP, 'GET', '')).body;
    await ask(SHOP, 'PUT', '', { lines: [{ sku: 'COAT', quantity: 1 }] }, version);
    const join = () => ask(PHONE, 'POST', '/join', { guestCartId: 'g-1', lines: [{ sku: 'COAT', quantity: 3 }] });
    expect(linesOf((await join()).body)).toEqual(['4 COAT yes']);
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    expect((await join()).status).toBe(200);
    expect(linesOf((await ask(PHONE, 'GET', '')).body)).toEqual(['4 COAT yes']);
  }, 90_000);

  it('becomes one order, whoever asks for two at once, and is whole again where the order is refused', async () => {
    const { version } = (await ask(SHOP, 'GET', '')).body;
    const both = await Promise.all([order('o-1', 4, version), order('o-2', 4, version)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    const won = both.find(({ status }) => status === 200)!;
    expect(won.body.order).toMatchObject({ result: 'ordered', became: 'placed', promisedUnits: 4 });
    const { body: cart } = await ask(PHONE, 'GET', '');
    expect(linesOf(cart)).toEqual([]);
    const orders = await system.call<{ items: { orderId: string; memberId: string }[] }>(
      'GET',
      '/api/orders?member=m-1',
    );
    expect(orders.body.items).toMatchObject([{ orderId: cart.orders.at(-1)!.orderId, memberId: 'm-1' }]);

    await add(PHONE, 'COAT', 1);
    const refused = await order('o-3', 1, undefined, { method: 'pickup', store: 'closed' });
    expect(refused).toMatchObject({ status: 422, body: { cart: { lines: [{ sku: 'COAT', quantity: 1 }] } } });
    expect((await order('o-3', 1, undefined, { method: 'pickup', store: 'closed' })).status).toBe(422);
    expect(linesOf((await ask(PHONE, 'GET', '')).body)).toEqual(['1 COAT yes']);
    expect((await order('o-4', 2)).status).toBe(409);
    const corrected = await order('o-3', 1);
    expect(corrected).toMatchObject({ status: 200, body: { order: { orderId: 'o-3', result: 'ordered' } } });
    expect(linesOf((await ask(PHONE, 'GET', '')).body)).toEqual([]);
    await add(PHONE, 'COAT', 1);
  }, 60_000);

  it('was ordered where nothing of it could be promised: the answer says so', async () => {
    await add(PHONE, 'SOCKS', 2);
    const waiting = await order('o-5', 2, undefined, {
      wish: 'split',
      lines: [{ lineId: '1', sku: 'SOCKS', quantity: 2, unitPriceMinor: 90 }],
    });
    expect(waiting.status).toBe(200);
    expect(waiting.body.order).toMatchObject({ result: 'ordered', became: 'out_of_stock', waitingUnits: 2 });
    const { body: cart } = await ask(PHONE, 'GET', '');
    expect(cart.orders.at(-1)).toMatchObject({ orderId: 'o-5', became: 'out_of_stock', promisedUnits: 0 });
  }, 60_000);

  it('appears on every open screen as soon as another channel changes it, and on nobody else’s', async () => {
    const screen = (who: string, memberId?: string) => {
      const connection = connectStorefront({ url: system.address, token: () => tokenOf(who) });
      const shown: MemberCart[] = [];
      const problems: number[] = [];
      connection.onProblem(({ status }) => problems.push(status));
      connection.watchCart((cart) => shown.push(cart), memberId);
      return { connection, shown, problems };
    };
    const phone = screen(PHONE);
    const till = screen('role=store&store=shop', 'm-1');
    const stranger = screen('role=storefront&member=m-2', 'm-1');
    await until(() => phone.shown.length > 0 && till.shown.length > 0 && stranger.problems.length > 0, 'all are open');
    const before = phone.shown.length;
    const { body } = await add(MARKETPLACE, 'SOCKS', 2);
    const isShown = ({ shown }: typeof phone) => shown.at(-1)?.version === body.version;
    await until(() => isShown(phone) && isShown(till), 'the change is on both screens');
    expect(phone.shown.slice(before)).toHaveLength(1);
    expect(phone.shown.at(-1)!.lines).toMatchObject([
      { sku: 'COAT', quantity: 1 },
      { sku: 'SOCKS', quantity: 2, channel: 'market' },
    ]);
    // What is refused is seen by the answer alone: nothing changed.
    await ask(SHOP, 'PUT', '', { channel: 'web', lines: [] }, body.version - 1);
    await ask(SHOP, 'PUT', '', { channel: 'web', lines: [] }, body.version);
    await until(() => phone.shown.at(-1)!.lines.length === 0, 'the emptied cart is on the phone');
    expect(phone.shown.slice(before)).toHaveLength(2);
    expect([stranger.shown, stranger.problems]).toEqual([[], [403]]);
    for (const { connection } of [phone, till, stranger]) connection.close();
  }, 60_000);
});
