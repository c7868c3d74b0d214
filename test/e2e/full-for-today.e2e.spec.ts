import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countStock, openPlaces } from './stocked-place.js';
import { WholeSystem } from './whole-system.js';

/** It is around noon there, so that no day ends while the spec runs. */
const hoursAhead = 12 - new Date().getUTCHours();
const timeZone = hoursAhead >= 0 ? `Etc/GMT-${hoursAhead}` : `Etc/GMT+${-hoursAhead}`;
const PLACES = {
  shop: { type: 'store', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85, timeZone, capacityPerDay: 2 },
  dc: { type: 'ecommerce_dc', city: 'Paris', region: 'centre', latitude: 48.85, longitude: 2.35 },
} as const;

interface Task {
  readonly taskId: string;
  readonly store: string;
  readonly state: string;
  readonly workingDay?: string;
}

describe('a shop that takes two orders a day', () => {
  const system = new WholeSystem();
  let serial = 0;
  const order = (sku: string) => ({
    orderId: `full-${++serial}`,
    channel: 'web',
    placedAt: '2026-03-01T10:00:00+01:00',
    currency: 'EUR',
    method: 'courier',
    destination: { city: 'Lyon', region: 'south', latitude: 45.75, longitude: 4.84 },
    lines: [{ lineId: '1', sku, quantity: 1, unitPriceMinor: 990 }],
  });
  const tasksOf = async (orderId: string) =>
    (await system.call<{ tasks: Task[] }>('GET', `/api/orders/${orderId}`)).body.tasks;
  const place = async (sku: string) => {
    const wanted = order(sku);
    await system.call('POST', '/api/orders', wanted, 'integrator');
    const [task] = await tasksOf(wanted.orderId);
    return { orderId: wanted.orderId, ...task! };
  };
  const dayAhead = (days: number) =>
    new Date(Date.now() + (hoursAhead + 24 * days) * 3_600_000).toISOString().slice(0, 10);
  const wordsOf = async (orderId: string, language: string) =>
    (
      await system.call<{ routings: { words: string[] }[] }>(
        'GET',
        `/api/orders/${orderId}/routing?language=${language}`,
      )
    ).body.routings[0]!.words.join('\n');

  beforeAll(async () => {
    await system.start();
    await openPlaces(system, PLACES);
    await countStock(system, { sku: 'COAT' }, { shop: 50, dc: 50 });
    await countStock(system, { sku: 'SCARF' }, { shop: 50 });
  }, 120_000);
  afterAll(() => system.stop(), 60_000);

  it('takes two of those that come at once, and the warehouse the others, which tell why', async () => {
    const orders = Array.from({ length: 6 }, () => order('COAT'));
    await system.call('POST', '/api/orders', orders, 'integrator');
    const tasks = (await Promise.all(orders.map(({ orderId }) => tasksOf(orderId)))).flat();
    expect(tasks.filter(({ store }) => store === 'shop').map(({ workingDay }) => workingDay)).toEqual([
      dayAhead(0),
      dayAhead(0),
    ]);
    expect(tasks.filter(({ store }) => store === 'dc')).toHaveLength(4);
    const elsewhere = orders[tasks.findIndex(({ store }) => store === 'dc')]!.orderId;
    expect(await wordsOf(elsewhere, 'en')).toContain('shop was passed over: can take 0 more orders today, 1 needed.');
  });

  it('takes what nobody else has for the next days, and promises no sooner', async () => {
    const days = [await place('SCARF'), await place('SCARF'), await place('SCARF')].map(({ workingDay }) => workingDay);
    expect(days).toEqual([dayAhead(1), dayAhead(1), dayAhead(2)]);
    const last = await place('SCARF');
    expect(await wordsOf(last.orderId, 'en')).toContain(`full today, so it works on it from ${dayAhead(2)} on`);
    expect(await wordsOf(last.orderId, 'zh')).toContain(`今日接单能力已满，自 ${dayAhead(2)} 起处理`);
    const { destination, lines } = order('SCARF');
    const { body } = await system.call<{ offers: { method: string; latest: string }[] }>('POST', '/api/orders/offers', {
      channel: 'web',
      currency: 'EUR',
      destination,
      lines,
    });
    const courier = body.offers.find(({ method }) => method === 'courier')!;
    expect(Date.parse(courier.latest)).toBeGreaterThan(Date.parse(`${dayAhead(3)}T00:00:00Z`));
  });

  it('has room again for what is given back, not for what is done; so after a restart, and for a rule on trial', async () => {
    const { items } = (
      await system.call<{ items: { orderId: string; tasks: Task[] }[] }>('GET', '/api/orders?store=shop')
    ).body;
    const today = items.filter(({ tasks }) => tasks.some(({ workingDay }) => workingDay === dayAhead(0)));
    const [done, cancelled] = today.map(({ orderId, tasks }) => ({ orderId, taskId: tasks[0]!.taskId }));
    for (const action of ['accept', 'pick', 'pack', 'ship', 'deliver'])
      await system.call('POST', '/api/orders/tasks', { taskId: done!.taskId, store: 'shop', action }, 'integrator');
    expect((await place('COAT')).store).toBe('dc');
    await system.call('POST', `/api/orders/${cancelled!.orderId}/cancel`, {}, 'integrator');
    expect(await place('COAT')).toMatchObject({ store: 'shop', workingDay: dayAhead(0) });
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    expect((await place('COAT')).store).toBe('dc');
    const { body } = await system.call<{ orders: { tried: { locations: string[] } }[] }>(
      'POST',
      '/api/orders/routing/simulate',
      {
        rule: {
          sorters: [{ by: 'nearest', stepKm: 1 }],
          filters: [{ by: 'capacity_left', atLeast: 1 }],
          limits: { maxSplits: 3, splitAboveMinor: 0 },
        },
        orders: [order('COAT')],
      },
    );
    expect(body.orders[0]!.tried.locations).toEqual(['dc']);
  }, 90_000);
});
