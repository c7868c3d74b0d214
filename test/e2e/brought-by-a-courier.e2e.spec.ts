import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection } from '@shelfline/client/store';
import { connectStorefront, type StorefrontConnection, type TrackedOrder } from '@shelfline/client/storefront';
import { stockPlace } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const SECRET = 'of-this-spec-and-no-other';
const STEP_MS = 700;

describe('a parcel that a courier brings', () => {
  const system = new WholeSystem();
  let screen: StoreConnection;
  let shop: StorefrontConnection;
  const tokenOf = async (query: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?${query}`);
    return ((await response.json()) as { token: string }).token;
  };
  const packed = async (orderId: string, recipient: string) => {
    const lines = [{ lineId: '1', sku: 'LAMP', quantity: 1, unitPriceMinor: 990 }];
    const destination = { city: 'Lyon', region: 'south', address: '1 rue X', recipient };
    const order = { orderId, channel: 'web', currency: 'EUR', method: 'courier', destination, lines };
    const { body } = await system.call<{ items: { trackingToken: string }[] }>(
      'POST',
      '/api/orders',
      { ...order, placedAt: new Date().toISOString() },
      'integrator',
    );
    const { taskId } = await until(() => screen.tasks.find((task) => task.orderId === orderId), `${orderId} there`);
    for (const step of ['accept', 'pick', 'pack'] as const)
      expect(await screen[step](taskId)).toMatchObject({ ok: true });
    return { taskId, token: body.items[0]!.trackingToken };
  };
  const untilLabelled = (taskId: string) =>
    until(() => {
      const parcel = screen.get(taskId)?.parcel;
      return parcel?.state === 'labelled' ? parcel : undefined;
    }, `the label of ${taskId}`);
  const orderOf = async (orderId: string) =>
    (
      await system.call<{ state: string; tasks: { state: string; tracking?: string }[] }>(
        'GET',
        `/api/orders/${orderId}`,
      )
    ).body;
  const tell = (body: string, signature: string) =>
    fetch(`${system.address}/api/orders/couriers/simulator/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'courier-signature': signature },
      body,
    });
  const sign = (body: string): string => {
    const seconds = Math.floor(Date.now() / 1000);
    return `t=${seconds},v1=${createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex')}`;
  };

  beforeAll(async () => {
    await system.start({
      orders: {
        COURIER: 'simulator',
        COURIER_WEBHOOK_SECRETS: `simulator:${SECRET}`,
        COURIER_SIMULATOR_STEP_MS: `${STEP_MS}`,
      },
    });
    const product = { sku: 'LAMP', name: 'Lamp' };
    await stockPlace(system, { code: 'lamps', facts: { name: 'Lamps' }, product, units: 9 });
    screen = connectStore({ url: system.address, token: () => tokenOf('role=store&store=lamps') });
    shop = connectStorefront({ url: system.address, token: () => tokenOf('role=storefront&channel=web') });
  }, 120_000);
  afterAll(async () => {
    screen?.close();
    shop?.close();
    await system.stop();
  }, 60_000);

  it('has its label and number once it is packed, and is followed by its customer until it is delivered', async () => {
    const { taskId, token } = await packed('lamp-1', 'Mei');
    let followed: TrackedOrder | undefined;
    shop.track(token, (order) => {
      followed = order;
    });
    const parcel = await untilLabelled(taskId);
    expect(parcel).toMatchObject({ courier: 'simulator', tracking: expect.stringMatching(/^SIM[0-9A-F]{12}$/) });
    const label = await system.call<string>('GET', parcel.label!);
    expect([label.status, label.body]).toEqual([200, expect.stringContaining('Mei')]);
    await until(() => followed?.state === 'COMPLETED', 'the customer sees that it was delivered');
    expect(followed!.parcels).toMatchObject([
      {
        state: 'DELIVERED',
        tracking: parcel.tracking,
        courier: 'simulator',
        delivery: [{ step: 'collected' }, { step: 'out_for_delivery' }, { step: 'delivered' }],
      },
    ]);
    expect(await orderOf('lamp-1')).toMatchObject({ state: 'COMPLETED', tasks: [{ state: 'DELIVERED' }] });
    const erased = await system.call('POST', '/api/orders/lamp-1/erase-customer', { reason: 'asked for' });
    expect(erased.status).toBe(200);
    await until(async () => {
      const { body } = await system.call<string>('GET', parcel.label!);
      return !/Mei|1 rue X/.test(body) && body.includes('Lyon') ? true : undefined;
    }, 'the parcel has forgotten who it was for');
  });

  it('is told by nobody who cannot sign, and once however often it is told', async () => {
    const { taskId } = await packed('lamp-2', 'SIMULATE-UNAVAILABLE SIMULATE-WAITS');
    await untilLabelled(taskId);
    const event = { id: 'own-1', parcel: taskId, step: 'delivered', at: new Date().toISOString() };
    const body = JSON.stringify({ events: [event] });
    expect((await tell(body, 't=1,v1=00')).status).toBe(401);
    expect((await tell(body.replace('lamp-2', 'lamp-9'), sign(body))).status).toBe(401);
    const other = body.replace('lamp-2', 'lamp-9');
    expect((await tell(other, sign(other))).status).toBe(404);
    expect([(await tell(body, sign(body))).status, (await tell(body, sign(body))).status]).toEqual([202, 202]);
    await until(async () => (await orderOf('lamp-2')).state === 'COMPLETED', 'it is delivered');
  });

  it('is asked for again after a kill between question and answer, and cancelled with its order', async () => {
    const { taskId } = await packed('lamp-3', 'SIMULATE-UNAVAILABLE SIMULATE-WAITS');
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    expect((await untilLabelled(taskId)).tracking).toMatch(/^SIM/);
    const { body } = await system.call<{ state: string }>('POST', '/api/orders/lamp-3/cancel', {}, 'integrator');
    expect(body.state).toBe('CANCELLED');
    const parcels = () =>
      system.call<{ items: { parcelId: string; state: string }[] }>('GET', '/api/orders/couriers/parcels');
    await until(async () => {
      const own = (await parcels()).body.items.find(({ parcelId }) => parcelId === taskId);
      return own?.state === 'CANCELLED' ? true : undefined;
    }, 'the label is cancelled');
  });

  it('is shown at the store where its courier refuses it, and is not asked for by itself', async () => {
    const { taskId } = await packed('lamp-4', 'SIMULATE-REFUSED');
    await until(() => screen.get(taskId)?.parcel?.state === 'label_failed', 'the screen shows why');
    expect(screen.get(taskId)!.parcel!.reason).toContain('address');
    const again = await system.call('POST', `/api/orders/couriers/parcels/${taskId}/retry`, { by: 'Mei' });
    expect(again.status).toBe(202);
  });
});
