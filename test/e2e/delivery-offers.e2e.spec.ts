import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore } from '@shelfline/client/store';
import { until, WholeSystem } from './whole-system.js';

interface Offers {
  readonly offers: readonly {
    readonly method: string;
    readonly collection?: string;
    readonly store?: { readonly code: string };
    readonly parcels: readonly { readonly from?: string }[];
    readonly promisedBy: string;
    readonly feeMinor: number;
    readonly words: string;
  }[];
  readonly without: readonly { readonly method: string; readonly reason: string }[];
}

describe('delivery offers before an order is placed', () => {
  const system = new WholeSystem();
  const tokenOf = async (query: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?${query}`);
    return ((await response.json()) as { token: string }).token;
  };
  const BASKET = {
    channel: 'web',
    currency: 'EUR',
    lines: [{ lineId: '1', sku: 'OFFERED', quantity: 2, unitPriceMinor: 1990 }],
    destination: { city: 'Lyon', region: 'south', latitude: 45.75, longitude: 4.84 },
  };

  beforeAll(async () => {
    await system.start();
    const near = { type: 'store', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85, safetyStock: 0 };
    const kerb = { ...near, code: 'kerb', name: 'Kerb Street', collection: ['counter', 'kerbside'] };
    await system.call('PUT', '/api/catalog/locations/kerb', kerb);
    await system.call('PUT', '/api/catalog/products/OFFERED', { sku: 'OFFERED', name: 'Coat' });
    const occurredAt = new Date(Date.now() - 60_000).toISOString();
    const count = { id: 'count-1', source: 'e2e', type: 'count', sku: 'OFFERED', location: 'kerb', quantity: 9 };
    await system.call('POST', '/api/inventory/deltas', [{ ...count, occurredAt }], 'integrator');
  }, 120_000);
  afterAll(() => system.stop(), 60_000);

  it('say how and by when, reserve nothing, and the one that is taken is on the store’s screen', async () => {
    const offers = await until(async () => {
      const { body } = await system.call<Offers>('POST', '/api/orders/offers', BASKET, 'integrator');
      return body.offers?.length > 0 ? body : undefined;
    }, 'the stock is offered');
    expect(offers.offers.map(({ method, collection }) => collection ?? method)).toEqual([
      'courier',
      'same_city',
      'guide_visit',
      'counter',
      'kerbside',
    ]);
    const level = await system.call<{ items: { reserved: number }[] }>('GET', '/api/inventory/levels?sku=OFFERED');
    expect(level.body.items.map(({ reserved }) => reserved)).toEqual([0]);

    const [courier] = offers.offers;
    const screen = connectStore({ url: system.address, token: () => tokenOf('role=store&store=kerb') });
    const order = {
      ...BASKET,
      orderId: 'offered-1',
      placedAt: new Date().toISOString(),
      method: 'courier',
      promisedBy: courier!.promisedBy,
    };
    await system.call('POST', '/api/orders', order, 'integrator');
    const task = await until(async () => screen.tasks.find(({ orderId }) => orderId === 'offered-1'), 'the task');
    screen.close();
    expect(task).toMatchObject({ store: courier!.parcels[0]!.from, promisedBy: courier!.promisedBy });
    const { body } = await system.call<{ promisedBy: string }>('GET', '/api/orders/offered-1');
    expect(body.promisedBy).toBe(courier!.promisedBy);
  });

  it('are answered to a shopper in his language, without the places they come from', async () => {
    const response = await fetch(`${system.address}/api/orders/offers?language=zh`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await tokenOf('role=storefront&channel=web')}`,
      },
      body: JSON.stringify(BASKET),
    });
    const { offers } = (await response.json()) as Offers;
    const [courier] = offers;
    expect([response.status, courier?.words.startsWith('快递配送：预计 '), courier?.parcels[0]?.from]).toEqual([
      200,
      true,
      undefined,
    ]);
  });

  it('are refused with every field that is wrong', async () => {
    const lines = [{ lineId: '1', sku: 'NOBODY-KNOWS-IT', quantity: 1, unitPriceMinor: 1 }];
    const answer = await system.call<object>('POST', '/api/orders/offers', { ...BASKET, lines }, 'integrator');
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'lines[0].sku', code: 'unknown_sku' }] } });
    const none = await system.call<object>('POST', '/api/orders/offers', { ...BASKET, lines: [] }, 'integrator');
    expect(none.status).toBe(400);
  });
});
