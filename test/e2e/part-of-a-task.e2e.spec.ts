import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection, type StoreTask } from '@shelfline/client/store';
import { countStock, openPlaces } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const NEAR = { type: 'store', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85 };
const FAR = { type: 'store', city: 'Lille', region: 'north', latitude: 50.63, longitude: 3.06 };
/** Minutes. */
const ACCEPT = [
  { afterMinutes: 0.05, level: 'remind' },
  { afterMinutes: 0.1, level: 'manager' },
];

describe('what a store cannot do, or does not', () => {
  const escalation = JSON.stringify({ store: { accept: ACCEPT } });
  const system = new WholeSystem();
  const screens = new Map<string, StoreConnection>();
  const seen = new Map<string, StoreTask[]>();
  const tokenOf = async (store: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?role=store&store=${store}`);
    return ((await response.json()) as { token: string }).token;
  };
  const units = async (sku: string, location: string) => {
    const path = `/api/inventory/levels?sku=${sku}&location=${location}`;
    const { body } = await system.call<{ items: { onHand: number; reserved: number }[] }>('GET', path);
    return body.items[0];
  };
  const place = async (orderId: string, quantities: Readonly<Record<string, number>>) => {
    const lines = Object.entries(quantities).map(([sku, quantity]) => ({
      lineId: sku,
      sku,
      quantity,
      unitPriceMinor: 1990,
    }));
    const destination = { city: 'Lyon', region: 'south', latitude: 45.75, longitude: 4.84 };
    const order = { orderId, channel: 'web', currency: 'EUR', method: 'courier', lines, destination };
    await system.call('POST', '/api/orders', { ...order, placedAt: new Date().toISOString() }, 'integrator');
  };
  const untilTask = (store: string, orderId: string) =>
    until(() => screens.get(store)!.tasks.find((task) => task.orderId === orderId), `${orderId} at ${store}`);

  beforeAll(async () => {
    await system.start({ orders: { TASK_ESCALATION: escalation, TASK_ACCEPT_WITHIN_MS: '9000' } });
    await openPlaces(system, { near: NEAR, far: FAR });
    for (const sku of ['HAT', 'SOCK']) await countStock(system, { sku }, { near: 9, far: 9 });
    for (const store of ['near', 'far']) {
      const own: StoreTask[] = [];
      seen.set(store, own);
      const onTasks = (tasks: readonly StoreTask[]) => void own.push(...tasks);
      screens.set(store, connectStore({ url: system.address, token: () => tokenOf(store), onTasks }));
    }
  }, 120_000);
  afterAll(async () => {
    for (const screen of screens.values()) screen.close();
    await system.stop();
  }, 60_000);

  it('goes to another store by the piece, and the rest is shipped from where it was', async () => {
    await place('part-1', { HAT: 3, SOCK: 1 });
    const near = screens.get('near')!;
    const { taskId } = await untilTask('near', 'part-1');
    expect(await near.accept(taskId)).toMatchObject({ ok: true });
    const rejected = { lines: [{ lineId: 'HAT', quantity: 2 }], id: 'part-1-reject' };
    expect(await near.reject(taskId, 'torn', { lines: [{ lineId: 'SHOE' }] })).toMatchObject({
      ok: false,
      code: 'unknown_line',
    });
    const answer = await near.reject(taskId, 'torn', rejected);
    expect(answer).toMatchObject({ ok: true, state: 'ACCEPTED' });
    expect(await near.reject(taskId, 'torn', rejected)).toEqual(answer);
    expect(await untilTask('far', 'part-1')).toMatchObject({ lines: [{ lineId: 'HAT', quantity: 2 }] });
    await until(() => near.get(taskId)?.lines[0]?.quantity === 1, 'the screen shows what is left');
    for (const step of ['pick', 'pack', 'ship'] as const) await near[step](taskId);
    await until(async () => ((await units('HAT', 'near'))?.onHand === 8 ? true : undefined), 'one has left');
    expect([await units('HAT', 'near'), await units('HAT', 'far')]).toMatchObject([
      { onHand: 8, reserved: 0 },
      { onHand: 9, reserved: 2 },
    ]);
  });

  it('is reminded of, shown to the manager, and goes to another store', async () => {
    await place('late-1', { SOCK: 1 });
    await untilTask('near', 'late-1');
    const { state } = await untilTask('far', 'late-1');
    const levels = seen
      .get('near')!
      .filter(({ orderId }) => orderId === 'late-1')
      .map(({ escalation: reached }) => reached?.level ?? 'none');
    expect([state, [...new Set(levels)]]).toEqual(['ASSIGNED', ['none', 'remind', 'manager']]);
    const { body } = await system.call('GET', '/api/orders/late-1');
    expect(body).toMatchObject({ tasks: [{ store: 'near', state: 'TIMED_OUT' }, { store: 'far' }] });
  });
});
