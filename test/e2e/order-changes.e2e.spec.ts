import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection, type StoreTask } from '@shelfline/client/store';
import { countStock, openPlaces } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const PLACES = {
  near: { type: 'store', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85 },
  far: { type: 'store', city: 'Lille', region: 'north', latitude: 50.63, longitude: 3.06 },
};
const HERE = { city: 'Lyon', region: 'south', latitude: 45.75, longitude: 4.84 };

interface Order {
  readonly state: string;
  readonly totalMinor: number;
  readonly lines: readonly { quantity: number; promisedUnits: number; cancelledUnits: number }[];
}
interface Refused {
  readonly allowed: readonly string[];
  readonly detail: string;
}

describe('an order is changed', () => {
  const system = new WholeSystem();
  const screens = new Map<string, StoreConnection>();
  const tokenOf = async (store: string) =>
    (
      (await (await fetch(`${system.address}/api/auth/dev-token?role=store&store=${store}`)).json()) as {
        token: string;
      }
    ).token;
  const change = <T = Order>(orderId: string, body: object, role: 'integrator' | 'store' = 'integrator') =>
    system.call<T>('POST', `/api/orders/${orderId}/change`, body, role);
  const get = async (orderId: string) => (await system.call<Order>('GET', `/api/orders/${orderId}`)).body;
  const place = async (orderId: string, quantity: number) => {
    const lines = [{ lineId: '1', sku: 'COAT', quantity, unitPriceMinor: 1990 }];
    const order = {
      orderId,
      channel: 'web',
      placedAt: new Date().toISOString(),
      currency: 'EUR',
      method: 'courier',
      lines,
    };
    await system.call('POST', '/api/orders', { ...order, destination: HERE }, 'integrator');
  };
  const reserved = (location: string, units: number, onHand = 5) =>
    until(async () => {
      const { body } = await system.call<{ items: { reserved: number; onHand: number }[] }>(
        'GET',
        `/api/inventory/levels?sku=COAT&location=${location}`,
      );
      return body.items[0]?.reserved === units && body.items[0].onHand === onHand ? true : undefined;
    }, `${units} of ${onHand} reserved at ${location}`);
  const onScreen = (store: string, orderId: string, wanted: (task: StoreTask | undefined) => boolean) =>
    until(() => {
      const task = screens.get(store)!.tasks.find((one) => one.orderId === orderId);
      return wanted(task) ? [task] : undefined;
    }, `${orderId} on the screen of ${store}`);
  const lines = (quantity: number) => ({ lines: [{ lineId: '1', quantity }] });

  beforeAll(async () => {
    await system.start();
    await openPlaces(system, PLACES);
    await countStock(system, { sku: 'COAT' }, { near: 5, far: 5 });
    for (const store of Object.keys(PLACES))
      screens.set(store, connectStore({ url: system.address, token: () => tokenOf(store) }));
  }, 120_000);
  afterAll(async () => {
    for (const screen of screens.values()) screen.close();
    await system.stop();
  }, 60_000);

  it('down and up, and the reservation, the screen and the sum follow, though orders is killed meanwhile', async () => {
    await place('o-1', 3);
    const [task] = await onScreen('near', 'o-1', (one) => one?.lines[0]?.quantity === 3);
    await screens.get('near')!.accept(task!.taskId);
    const body = { id: 'c-1', ...lines(1), by: 'hotline' };
    expect((await change('o-1', body)).body).toMatchObject({ totalMinor: 1990, lines: [{ cancelledUnits: 2 }] });
    await onScreen('near', 'o-1', (one) => one?.state === 'ACCEPTED' && one.lines[0]?.quantity === 1);
    await reserved('near', 1);
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    expect((await change('o-1', body)).status).toBe(200);
    expect((await change('o-1', { id: 'c-1', ...lines(2) })).status).toBe(409);
    await reserved('near', 1);
    expect((await change('o-1', lines(4))).status).toBe(200);
    await until(async () => (await get('o-1')).lines[0]!.promisedUnits === 4 || undefined, 'four are promised');
    await reserved('near', 4);
  }, 90_000);

  it('not while it is being picked, nor beyond the stock, and is told what can be done', async () => {
    const [task] = await onScreen('near', 'o-1', (one) => one?.state === 'ACCEPTED');
    await screens.get('near')!.pick(task!.taskId);
    expect(await change<Refused>('o-1', lines(0))).toMatchObject({
      status: 409,
      body: { allowed: ['lines', 'cancel'] },
    });
    expect(await change<Refused>('o-1', { destination: { city: 'Lille' } })).toMatchObject({ status: 409 });
    expect(await change<Refused>('o-1', lines(40))).toMatchObject({ status: 409 });
    expect(await change<Refused>('o-1', { lines: [{ lineId: 'x', quantity: 1 }] })).toMatchObject({ status: 404 });
    expect(await change<Refused>('o-1', {})).toMatchObject({ status: 400 });
    expect(await change<Refused>('nobody', lines(1))).toMatchObject({ status: 404 });
    expect((await change('o-1', lines(1))).status).toBe(200);
    await reserved('near', 1);
    for (const step of ['pack', 'ship'] as const) await screens.get('near')![step](task!.taskId);
    await reserved('near', 0, 4);
    expect(await change<Refused>('o-1', lines(0))).toMatchObject({ status: 409, body: { allowed: ['return'] } });
  }, 60_000);

  it('to be collected elsewhere: withdrawn from one screen, on the other, reserved there alone', async () => {
    await place('o-2', 2);
    await onScreen('near', 'o-2', (one) => one !== undefined);
    expect((await change('o-2', { method: 'pickup', store: 'far' })).status).toBe(200);
    await onScreen('far', 'o-2', (one) => one?.method === 'pickup' && one.lines[0]?.quantity === 2);
    await onScreen('near', 'o-2', (one) => one === undefined);
    await reserved('near', 0, 4);
    await reserved('far', 2);
    expect((await change('o-2', { lines: [{ lineId: '1', quantity: 0 }], reason: 'too late' })).body.state).toBe(
      'CANCELLED',
    );
    await onScreen('far', 'o-2', (one) => one === undefined);
    await reserved('far', 0);
  }, 60_000);
});
