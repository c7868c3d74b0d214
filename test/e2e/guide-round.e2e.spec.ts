import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection } from '@shelfline/client/store';
import { stockPlace } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

interface RoundAnswer {
  readonly stops: readonly { readonly taskId: string; readonly orderId: string; readonly distanceM?: number }[];
}
/** North of the store, one after the other. */
const DOORS = { 'door-3': 45.79, 'door-1': 45.77, 'door-2': 45.78 } as const;

describe('a guide who brings orders to their customers', () => {
  const system = new WholeSystem();
  let screen: StoreConnection;
  const tokenOf = async (query: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?${query}`);
    return ((await response.json()) as { token: string }).token;
  };
  const round = async () =>
    (await system.call<RoundAnswer>('GET', '/api/orders/rounds?store=atelier&guide=Li')).body.stops;

  beforeAll(async () => {
    await system.start();
    const product = { sku: 'SUIT', name: 'Suit' };
    await stockPlace(system, { code: 'atelier', facts: { name: 'Atelier' }, product, units: 9 });
    screen = connectStore({ url: system.address, token: () => tokenOf('role=store&store=atelier') });
  }, 120_000);
  afterAll(async () => {
    screen?.close();
    await system.stop();
  }, 60_000);

  it('goes from door to door, is shown on the store’s screen, and proves what was delivered', async () => {
    for (const [orderId, latitude] of Object.entries(DOORS)) {
      const lines = [{ lineId: '1', sku: 'SUIT', quantity: 1, unitPriceMinor: 990 }];
      const destination = { city: 'Lyon', region: 'south', latitude, longitude: 4.85, recipient: orderId };
      const order = { orderId, channel: 'web', currency: 'EUR', method: 'guide_visit', lines, destination };
      await system.call('POST', '/api/orders', { ...order, placedAt: new Date().toISOString() }, 'integrator');
      const { taskId } = await until(() => screen.tasks.find((task) => task.orderId === orderId), `${orderId} there`);
      for (const step of ['accept', 'pick', 'pack'] as const) await screen[step](taskId);
      const visit = { taskId, store: 'atelier', guide: 'Li' };
      expect((await system.call('POST', '/api/orders/visits', visit)).status).toBe(200);
    }
    await until(() => screen.tasks.every((task) => task.visit?.guide === 'Li'), 'the screen shows who goes');
    const stops = await round();
    const [first, second, third] = stops.map(({ orderId }) => orderId);
    // Up the road or down it is the same way.
    expect([`${first} ${second} ${third}`]).toEqual([
      expect.stringMatching(/^door-1 door-2 door-3$|^door-3 door-2 door-1$/),
    ]);
    const { taskId, orderId } = stops[0]!;
    expect(await screen.ship(taskId)).toMatchObject({ ok: true });
    const proof = { kind: 'photo', reference: 'pics/1.jpg' } as const;
    expect(await screen.deliver(taskId, { proof })).toMatchObject({ ok: true, state: 'DELIVERED' });
    const { body } = await system.call('GET', `/api/orders/${orderId}`);
    expect(body).toMatchObject({ state: 'COMPLETED', tasks: [{ state: 'DELIVERED', visit: { guide: 'Li' }, proof }] });
    expect((await round()).length).toBe(2);
    const late = { taskId, store: 'atelier', guide: 'Wu' };
    expect((await system.call('POST', '/api/orders/visits', late)).status).toBe(409);
  });
});
