import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection } from '@shelfline/client/store';
import { stockPlace } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

interface OrderBody {
  readonly state: string;
  readonly reason?: string;
  readonly waitsUntil?: string;
  readonly tasks: readonly { readonly state: string }[];
  readonly arriving?: readonly { readonly from: string }[];
}
const DAY_MS = 86_400_000;

describe('an order that is collected at the only place that has it', () => {
  const system = new WholeSystem();
  let screen: StoreConnection;
  const orderOf = async () => (await system.call<OrderBody>('GET', '/api/orders/only-1')).body;
  const untilOrder = (state: string, tasks: number) =>
    until(async () => {
      const order = await orderOf();
      return order.state === state && order.tasks.length === tasks ? order : undefined;
    }, `the order is ${state} with ${tasks} tasks`);
  const receive = (id: string, location: string) => {
    const fact = { id, source: 'e2e', type: 'receipt', sku: 'COAT', location, quantity: 1 };
    return system.call('POST', '/api/inventory/deltas', [{ ...fact, occurredAt: new Date().toISOString() }]);
  };
  const reject = async () => {
    const task = await until(
      async () => screen.tasks.find(({ orderId }) => orderId === 'only-1'),
      'it is on the screen',
    );
    expect(await screen.reject(task.taskId, 'not on the floor')).toMatchObject({ ok: true });
  };

  beforeAll(async () => {
    await system.start();
    const product = { sku: 'COAT', name: 'Green coat' };
    await stockPlace(system, { code: 'corner', facts: { name: 'Corner' }, product, units: 2 });
    const depot = { name: 'Depot', type: 'ecommerce_dc' };
    await stockPlace(system, { code: 'depot', facts: depot, product: { sku: 'SOCKS', name: 'Socks' }, units: 1 });
    screen = connectStore({
      url: system.address,
      token: async () => {
        const response = await fetch(`${system.address}/api/auth/dev-token?role=store&store=corner`);
        return ((await response.json()) as { token: string }).token;
      },
    });
    const order = { orderId: 'only-1', channel: 'web', currency: 'EUR', method: 'pickup', store: 'corner' };
    const lines = [{ lineId: '1', sku: 'COAT', quantity: 1, unitPriceMinor: 4900 }];
    const placedAt = new Date().toISOString();
    await system.call('POST', '/api/orders', { ...order, lines, placedAt }, 'integrator');
  }, 150_000);
  afterAll(async () => {
    screen?.close();
    await system.stop();
  }, 60_000);

  it('waited for ever once the store had refused it: it says why and until when, and goes back when goods come in', async () => {
    await reject();
    const waiting = await untilOrder('WAITING', 1);
    expect(waiting.reason).toBe('store_refused');
    const waitsMs = Date.parse(waiting.waitsUntil!) - Date.now();
    expect(waitsMs > 6.9 * DAY_MS && waitsMs <= 7 * DAY_MS).toBe(true);
    const { body } = await system.call<{ items: { said: string }[] }>('GET', '/api/orders/only-1/timeline?language=en');
    expect(JSON.stringify(body)).toContain('its store did not take it');
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    await receive('more', 'corner');
    await untilOrder('ROUTED', 2);
  }, 120_000);

  it('is brought to the store, where another place gets it after the store refused once more', async () => {
    await reject();
    await untilOrder('WAITING', 2);
    await receive('elsewhere', 'depot');
    expect((await untilOrder('ARRIVING', 2)).arriving).toMatchObject([{ from: 'depot' }]);
  }, 60_000);
});
