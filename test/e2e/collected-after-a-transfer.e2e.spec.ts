import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection } from '@shelfline/client/store';
import { until, WholeSystem } from './whole-system.js';

interface OrderBody {
  readonly state: string;
  readonly arriving?: readonly { readonly transferId: string; readonly from: string; readonly expectedBy?: string }[];
}
interface LevelBody {
  readonly onHand: number;
  readonly reserved: number;
  readonly incoming: number;
}
interface OfferBody {
  readonly method: string;
  readonly afterTransfer?: true;
  readonly promisedBy: string;
  readonly words: string;
}
const NEAR = { city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85, safetyStock: 1 };
const LINES = [{ lineId: '1', sku: 'SHAWL', quantity: 2, unitPriceMinor: 4900 }];

describe('an order that is collected where it is not in stock', () => {
  const system = new WholeSystem();
  let screen: StoreConnection;
  const tokenOf = async (query: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?${query}`);
    return ((await response.json()) as { token: string }).token;
  };
  const orderOf = async (orderId: string) => (await system.call<OrderBody>('GET', `/api/orders/${orderId}`)).body;
  const untilLevel = (location: string, wanted: LevelBody) =>
    until(
      async () => {
        const path = `/api/inventory/levels?sku=SHAWL&location=${location}`;
        const [level] = (await system.call<{ items: LevelBody[] }>('GET', path)).body.items;
        const isSo = level && Object.entries(wanted).every(([name, is]) => level[name as keyof LevelBody] === is);
        return isSo ? true : undefined;
      },
      `SHAWL at ${location}: ${JSON.stringify(wanted)}`,
    );
  const place = (orderId: string) => {
    const order = { orderId, channel: 'web', currency: 'EUR', method: 'pickup', store: 'corner', lines: LINES };
    const placedAt = new Date().toISOString();
    return system.call<{ items: { result: string; state: string }[] }>(
      'POST',
      '/api/orders',
      { ...order, placedAt },
      'integrator',
    );
  };
  const step = (transferId: string, name: string, body: object = {}) =>
    system.call<{ state: string }>('POST', `/api/transfers/${transferId}/${name}`, { id: name, ...body });

  beforeAll(async () => {
    await system.start();
    await system.call('PUT', '/api/catalog/locations/corner', {
      code: 'corner',
      name: 'Corner',
      type: 'store',
      ...NEAR,
    });
    await system.call('PUT', '/api/catalog/locations/depot', {
      code: 'depot',
      name: 'Depot',
      type: 'ecommerce_dc',
      ...NEAR,
      safetyStock: 0,
    });
    await system.call('PUT', '/api/catalog/products/SHAWL', { sku: 'SHAWL', name: 'Shawl' });
    const occurredAt = new Date(Date.now() - 60_000).toISOString();
    const fact = { id: 'shawl', source: 'e2e', type: 'count', sku: 'SHAWL', location: 'depot' };
    await system.call('POST', '/api/inventory/deltas', [{ ...fact, quantity: 5, occurredAt }], 'integrator');
    await untilLevel('depot', { onHand: 5, reserved: 0, incoming: 0 });
    screen = connectStore({ url: system.address, token: () => tokenOf('role=store&store=corner') });
  }, 120_000);
  afterAll(async () => {
    screen?.close();
    await system.stop();
  }, 60_000);

  it('is offered with its time, reserved where it lies, brought through a crash, and handed over', async () => {
    const asked = { channel: 'web', currency: 'EUR', store: 'corner', lines: LINES };
    const offer = await until(async () => {
      const { body } = await system.call<{ offers?: OfferBody[] }>('POST', '/api/orders/offers', asked);
      return body.offers?.find(({ method }) => method === 'pickup');
    }, 'it is offered');
    expect(offer).toMatchObject({ afterTransfer: true, words: expect.stringContaining('brought to the store first') });
    expect((await place('bring-1')).body.items).toMatchObject([{ result: 'placed', state: 'ARRIVING' }]);
    await untilLevel('depot', { onHand: 5, reserved: 2, incoming: 0 });
    const { arriving } = await orderOf('bring-1');
    expect(arriving).toMatchObject([{ transferId: 'bring-1.t1', from: 'depot' }]);
    // Worked out a moment later, so at most the next span of opening time.
    expect(Date.parse(arriving![0]!.expectedBy!)).toBeGreaterThanOrEqual(Date.parse(offer.promisedBy));
    await until(
      async () => ((await step('bring-1.t1', 'ship')).body.state === 'IN_TRANSIT' ? true : undefined),
      'the transfer is shipped',
    );
    await untilLevel('depot', { onHand: 3, reserved: 0, incoming: 0 });
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    const came = { lines: [{ lineId: '1', quantity: 2 }] };
    for (let i = 0; i < 2; i++) expect((await step('bring-1.t1', 'receive', came)).body.state).toBe('CLOSED');
    // One of two would be kept back as the store's safety stock, were they not the order's as they came.
    await untilLevel('corner', { onHand: 2, reserved: 2, incoming: 0 });
    const task = await until(
      async () => screen.tasks.find(({ orderId }) => orderId === 'bring-1'),
      'it is on the screen',
    );
    for (const action of ['accept', 'pick', 'pack', 'ready'] as const)
      expect(await screen[action](task.taskId)).toMatchObject({ ok: true });
    const { body } = await system.call<{ waiting: { code: string }[] }>('GET', '/api/orders/bring-1/handover');
    expect(await screen.handOver(task.taskId, { code: body.waiting[0]!.code })).toMatchObject({ ok: true });
    await until(async () => ((await orderOf('bring-1')).state === 'COMPLETED' ? true : undefined), 'it is completed');
    await untilLevel('corner', { onHand: 0, reserved: 0, incoming: 0 });
  }, 120_000);

  it('is free again, wherever it was, once it is cancelled', async () => {
    expect((await place('bring-2')).body.items).toMatchObject([{ state: 'ARRIVING' }]);
    await untilLevel('depot', { onHand: 3, reserved: 2, incoming: 0 });
    await system.call('POST', '/api/orders/bring-2/cancel', {}, 'integrator');
    await untilLevel('depot', { onHand: 3, reserved: 0, incoming: 0 });
    const transfer = await system.call<{ state: string }>('GET', '/api/transfers/bring-2.t1');
    expect(transfer.body).toMatchObject({ state: 'CANCELLED', orderId: 'bring-2' });
  }, 60_000);
});
