import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countStock, openPlaces } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const PLACES = {
  'store-near': { type: 'store', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85 },
  'store-far': { type: 'store', city: 'Lille', region: 'north', latitude: 50.63, longitude: 3.06 },
  dc: { type: 'ecommerce_dc', city: 'Paris', region: 'centre', latitude: 48.85, longitude: 2.35 },
} as const;
const LYON = { city: 'Lyon', region: 'south', latitude: 45.75, longitude: 4.84, address: '1 rue du Port' };

interface OrderBody {
  readonly state: string;
  readonly reason?: string;
  readonly lines: readonly { lineId: string; promisedUnits: number; cancelledUnits: number }[];
  readonly tasks: readonly { taskId: string; store: string; state: string }[];
}
interface PlacedBody {
  readonly placed: number;
  readonly outOfStock: number;
  readonly refused: number;
  readonly items: readonly { result: string; state?: string; errors?: { field: string; code: string }[] }[];
}

describe('an order goes to a place and out of the house', () => {
  const system = new WholeSystem();
  let serial = 0;
  const order = (lines: Record<string, number>, over: object = {}) => ({
    orderId: `web-${++serial}`,
    channel: 'web',
    placedAt: '2026-03-01T10:00:00+01:00',
    currency: 'EUR',
    method: 'courier',
    destination: LYON,
    lines: Object.entries(lines).map(([sku, quantity], i) => ({
      lineId: `${i + 1}`,
      sku,
      quantity,
      unitPriceMinor: 990,
    })),
    ...over,
  });
  const place = async (body: object) => (await system.call<PlacedBody>('POST', '/api/orders', body, 'integrator')).body;
  const get = async (orderId: string) => (await system.call<OrderBody>('GET', `/api/orders/${orderId}`)).body;
  const untilOrder = (orderId: string, is: (order: OrderBody) => boolean, what: string) =>
    until(async () => {
      const found = await get(orderId);
      return is(found) ? found : undefined;
    }, `${orderId}: ${what}`);
  const work = (taskId: string, store: string, action: string, more: object = {}) =>
    system.call<{ state: string; detail: string; allowed?: string[] }>('POST', '/api/orders/tasks', {
      taskId,
      store,
      action,
      ...more,
    });
  const levelOf = async (sku: string, location: string) =>
    (
      await system.call<{ items: { onHand: number; reserved: number }[] }>(
        'GET',
        `/api/inventory/levels?sku=${sku}&location=${location}`,
      )
    ).body.items[0];
  const stock = (sku: string, units: Partial<Record<keyof typeof PLACES, number>>) =>
    countStock(system, { sku }, units);

  beforeAll(async () => {
    await system.start();
    await openPlaces(system, PLACES);
  }, 120_000);
  afterAll(() => system.stop(), 60_000);

  it('is promised, worked off by the store next to the customer, and its stock is gone', async () => {
    await stock('COAT', { 'store-near': 6, 'store-far': 6, dc: 6 });
    const wanted = order({ COAT: 2 });
    expect(await place(wanted)).toMatchObject({ placed: 1, items: [{ result: 'placed', state: 'ROUTED' }] });
    const { tasks } = await get(wanted.orderId);
    expect(tasks).toEqual([expect.objectContaining({ store: 'store-near', state: 'ASSIGNED' })]);
    const { taskId } = tasks[0]!;
    expect((await levelOf('COAT', 'store-near'))!.reserved).toBe(2);
    for (const action of ['accept', 'pick', 'pack', 'ship', 'deliver'])
      expect((await work(taskId, 'store-near', action)).status).toBe(200);
    expect(await get(wanted.orderId)).toMatchObject({ state: 'COMPLETED', lines: [{ promisedUnits: 2 }] });
    await until(async () => {
      const level = await levelOf('COAT', 'store-near');
      return level?.onHand === 4 && level.reserved === 0 ? true : undefined;
    }, 'two coats left the house');
  });

  it('moves on by itself to the next place where a store refuses it', async () => {
    await stock('HAT', { 'store-near': 6, 'store-far': 6 });
    const wanted = order({ HAT: 1 });
    await place(wanted);
    const [first] = (await get(wanted.orderId)).tasks;
    expect((await work(first!.taskId, 'store-near', 'reject', { reason: 'not found on the floor' })).body.state).toBe(
      'REJECTED',
    );
    const moved = await untilOrder(wanted.orderId, ({ tasks }) => tasks.length === 2, 'a second task');
    expect(moved.tasks[1]).toMatchObject({ store: 'store-far', state: 'ASSIGNED' });
    await until(
      async () => ((await levelOf('HAT', 'store-near'))?.reserved === 0 ? true : undefined),
      'the hat is free again',
    );
    expect((await levelOf('HAT', 'store-far'))!.reserved).toBe(1);
  });

  it('refuses what is out of state, another store’s, unknown or contradicts itself, and changes nothing', async () => {
    await stock('SCARF', { 'store-near': 6 });
    const wanted = order({ SCARF: 1 });
    await place(wanted);
    const [task] = (await get(wanted.orderId)).tasks;
    expect(await work(task!.taskId, 'store-near', 'ship')).toMatchObject({
      status: 409,
      body: { allowed: ['accept', 'reject'] },
    });
    expect((await work(task!.taskId, 'store-far', 'accept')).status).toBe(404);
    expect((await work('web-none/1', 'store-near', 'accept')).status).toBe(404);
    const bad = [
      order({ NOTHING: 1 }),
      order({ SCARF: 0 }),
      order({ SCARF: 1 }, { channel: 'tmall' }),
      order({ SCARF: 1 }, { method: 'pickup', store: 'nowhere' }),
      { ...order({ SCARF: 2 }), orderId: wanted.orderId },
      order({ SCARF: 1 }),
    ];
    const answer = await place(bad);
    expect(answer).toMatchObject({ refused: 5, placed: 1 });
    expect(answer.items.map(({ errors }) => errors?.[0]?.code)).toEqual([
      'unknown_sku',
      'invalid',
      'unknown_channel',
      'unknown_store',
      'conflict',
      undefined,
    ]);
    expect((await place(wanted)).refused).toBe(0);
    // Was refused for ever, under a number that its shop could not give to another.
    await stock('NOTHING', { dc: 1 });
    expect(await place(bad[0]!)).toMatchObject({ placed: 1 });
    expect(await place({ ...bad[2]!, channel: 'web' })).toMatchObject({ placed: 1 });
    expect(await place(bad[2]!)).toMatchObject({ refused: 1, items: [{ errors: [{ code: 'conflict' }] }] });
    expect(await get(wanted.orderId)).toMatchObject({ state: 'ROUTED', tasks: [{ taskId: task!.taskId }] });
  });

  it('gives everything back where it is cancelled, and nothing once it has left the house', async () => {
    await stock('GLOVES', { dc: 6 });
    const wanted = order({ GLOVES: 3 });
    await place(wanted);
    expect((await levelOf('GLOVES', 'dc'))!.reserved).toBe(3);
    const cancelled = await system.call<OrderBody>('POST', `/api/orders/${wanted.orderId}/cancel`, {
      reason: 'changed my mind',
    });
    expect(cancelled).toMatchObject({ status: 200, body: { state: 'CANCELLED', tasks: [{ state: 'CANCELLED' }] } });
    await until(
      async () => ((await levelOf('GLOVES', 'dc'))?.reserved === 0 ? true : undefined),
      'the gloves are free again',
    );
    expect((await system.call('POST', '/api/orders/nobody/cancel', {})).status).toBe(404);
  });

  it('comes from two places where none has it all', async () => {
    await stock('CUP', { 'store-near': 4 });
    await stock('SAUCER', { dc: 4 });
    const wanted = order({ CUP: 1, SAUCER: 1 });
    expect(await place(wanted)).toMatchObject({ placed: 1 });
    const { tasks } = await get(wanted.orderId);
    expect(tasks.map(({ store }) => store).toSorted()).toEqual(['dc', 'store-near']);
  });

  it('promises exactly what there is, however many ask at once', async () => {
    await stock('SALE', { dc: 40 });
    const asked = Array.from({ length: 300 }, () => order({ SALE: 1 }, { wish: 'cancel_rest' }));
    const answer = await place(asked);
    expect([answer.placed, answer.outOfStock]).toEqual([40, 260]);
    expect(await levelOf('SALE', 'dc')).toMatchObject({ onHand: 40, reserved: 40 });
  });

  it('waits in a visible queue, and goes on once there is stock', async () => {
    await stock('BOOK', { dc: 0 });
    const wanted = order({ BOOK: 1 });
    expect(await place(wanted)).toMatchObject({ outOfStock: 1, items: [{ state: 'WAITING' }] });
    const { body } = await system.call<{ items: { orderId: string }[] }>('GET', '/api/orders?state=WAITING');
    expect(body.items.map(({ orderId }) => orderId)).toContain(wanted.orderId);
    const occurredAt = new Date().toISOString();
    const receipt = {
      id: 'book-1',
      source: 'e2e',
      type: 'receipt',
      sku: 'BOOK',
      location: 'dc',
      quantity: 1,
      occurredAt,
    };
    await system.call('POST', '/api/inventory/deltas', [receipt], 'integrator');
    expect(await untilOrder(wanted.orderId, ({ state }) => state === 'ROUTED', 'routed')).toMatchObject({
      tasks: [{ store: 'dc' }],
    });
  });

  it('loses nothing and promises nothing twice while the service is killed', async () => {
    await stock('TEA', { dc: 60, 'store-near': 30 });
    const asked = Array.from({ length: 80 }, () => order({ TEA: 1 }, { wish: 'cancel_rest' }));
    const first = place(asked.slice(0, 40)).catch(() => undefined);
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    await first;
    await place(asked);
    for (const { orderId } of asked) await untilOrder(orderId, ({ state }) => state === 'ROUTED', 'routed');
    const held = async () =>
      ((await levelOf('TEA', 'dc'))?.reserved ?? 0) + ((await levelOf('TEA', 'store-near'))?.reserved ?? 0);
    await until(async () => ((await held()) >= 80 ? true : undefined), '80 are held');
    expect(await held()).toBe(80);
  }, 90_000);
});
