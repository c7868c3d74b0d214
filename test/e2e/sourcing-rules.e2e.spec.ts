import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countStock, openPlaces } from './stocked-place.js';
import { WholeSystem } from './whole-system.js';

const PLACES = {
  'store-near': { type: 'store', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85 },
  dc: { type: 'ecommerce_dc', city: 'Paris', region: 'centre', latitude: 48.85, longitude: 2.35 },
} as const;
const NEAREST = { sorters: [{ by: 'nearest', stepKm: 1 }], filters: [], limits: { maxSplits: 3, splitAboveMinor: 0 } };
const WAREHOUSE_FIRST = { ...NEAREST, sorters: [{ by: 'guaranteed_warehouse' }, { by: 'nearest', stepKm: 1 }] };

interface Problem {
  readonly detail: string;
  readonly errors: readonly { path: string; code: string }[];
}

describe('the rules by which places are chosen', () => {
  const system = new WholeSystem();
  let serial = 0;
  const order = () => ({
    orderId: `rule-${++serial}`,
    channel: 'web',
    placedAt: '2026-03-01T10:00:00+01:00',
    currency: 'EUR',
    method: 'courier',
    destination: { city: 'Lyon', region: 'south', latitude: 45.75, longitude: 4.84 },
    lines: [{ lineId: '1', sku: 'COAT', quantity: 1, unitPriceMinor: 990 }],
  });
  const placeOf = async () => {
    const wanted = order();
    await system.call('POST', '/api/orders', wanted, 'integrator');
    const { body } = await system.call<{ tasks: { store: string }[] }>('GET', `/api/orders/${wanted.orderId}`);
    return { orderId: wanted.orderId, store: body.tasks[0]?.store };
  };
  const put = (version: number, rule: object, role: 'ops' | 'integrator' = 'ops') =>
    system.call<Problem & { result: string; rule: { changedBy: string } }>(
      'PUT',
      `/api/orders/routing/rules/${version}`,
      rule,
      role,
    );

  beforeAll(async () => {
    await system.start();
    await openPlaces(system, PLACES);
    await countStock(system, { sku: 'COAT' }, { 'store-near': 50, dc: 50 });
  }, 120_000);
  afterAll(() => system.stop(), 60_000);

  it('are those the software comes with until somebody writes one, which then decides and is named', async () => {
    expect((await placeOf()).store).toBe('store-near');
    const taken = await put(1, { ...WAREHOUSE_FIRST, note: 'the festival goes through the warehouse' });
    expect(taken).toMatchObject({ status: 200, body: { result: 'applied' } });
    expect(taken.body.rule.changedBy).not.toBe('');
    await system.untilRuleInForce(1);
    const { orderId, store } = await placeOf();
    expect(store).toBe('dc');
    const why = await system.call<{ routings: { words: string[]; figures: { ruleVersion: number } }[] }>(
      'GET',
      `/api/orders/${orderId}/routing?language=en`,
    );
    expect(why.body.routings[0]!.words).toContain('Decided by version 1 of the rules.');
    expect(why.body.routings[0]!.figures.ruleVersion).toBe(1);
  });

  it('are refused field by field, out of turn, and to whom they are no affair', async () => {
    expect((await put(2, NEAREST, 'integrator')).status).toBe(403);
    const bad = await put(2, { ...NEAREST, filters: [{ by: 'max_distance_km', km: -5 }], limits: { maxSplits: 99 } });
    expect(bad).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'filters[0].km' }, { path: 'limits.maxSplits' }] },
    });
    expect((await put(2, { ...NEAREST, sorter: [] })).status).toBe(400);
    expect(await put(1, NEAREST)).toMatchObject({ status: 409, body: { errors: [{ code: 'version_conflict' }] } });
    // Was said of "version version 5".
    expect(await put(5, NEAREST)).toMatchObject({
      status: 409,
      body: { detail: 'version must be 2, the next after the newest: 5 would leave a gap. Nothing was changed.' },
    });
    expect(await put(2, { ...NEAREST, channel: 'nowhere' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'channel' }] },
    });
    expect((await put(0, NEAREST)).status).toBe(400);
  });

  it('come into force at their time, for one channel if told, and are listed with who wrote them', async () => {
    expect((await put(2, { ...NEAREST, validFrom: '2099-01-01T00:00:00Z' })).status).toBe(200);
    expect((await put(2, { ...NEAREST, validFrom: '2099-01-01T00:00:00Z' })).body.result).toBe('unchanged');
    expect((await put(3, { ...NEAREST, channel: 'web' })).status).toBe(200);
    await system.untilRuleInForce(3);
    expect((await placeOf()).store).toBe('store-near');
    const other = await system.call('GET', '/api/orders/routing/rules/in-force?channel=tmall&at=2099-02-01T00:00:00Z');
    expect(other.body).toMatchObject({ version: 2 });
    const page = await system.call<{ items: { version: number }[]; next: string }>(
      'GET',
      '/api/orders/routing/rules?limit=2',
    );
    expect(page.body.items.map(({ version }) => version)).toEqual([3, 2]);
    const rest = await system.call('GET', `/api/orders/routing/rules?limit=2&cursor=${page.body.next}`);
    expect(rest.body).toMatchObject({ items: [{ version: 1 }], next: null });
    expect((await system.call('GET', '/api/orders/routing/rules/9')).status).toBe(404);
  });

  it('are tried out on an order and on those there were, and nothing is reserved by it', async () => {
    const { orderId } = await placeOf();
    const before = (await system.call<{ items: object[] }>('GET', '/api/inventory/levels?sku=COAT')).body;
    const simulate = (body: object) =>
      system.call<{
        differing: number;
        words: string[];
        orders: { inForce: { locations: string[] }; tried: { locations: string[]; words: string[] } }[];
      }>('POST', '/api/orders/routing/simulate', body);
    const { status, body } = await simulate({ rule: WAREHOUSE_FIRST, orders: [order()] });
    expect([status, body.differing]).toEqual([200, 1]);
    expect(body.orders[0]).toMatchObject({ inForce: { locations: ['store-near'] }, tried: { locations: ['dc'] } });
    expect(body.orders[0]!.tried.words).toContain('Decided by the rule that is tried out.');
    expect((await simulate({ rule: NEAREST, orderIds: [orderId], language: 'zh' })).body.words[0]).toBe(
      '1 个订单中有 0 个会改由其他地点供应或改变包裹。',
    );
    const asked = { rule: NEAREST, orderIds: [orderId] };
    const chinese = await system.call<{ words: string[] }>('POST', '/api/orders/routing/simulate?language=zh', asked);
    // Was answered in English, as if nothing had been asked.
    expect(chinese.body.words[0]).toMatch(/个订单/);
    expect(await simulate({ rule: NEAREST, orderIds: ['nobody'] })).toMatchObject({
      status: 422,
      body: { detail: 'orderIds[0]: no order nobody was placed here. Nothing was changed.' },
    });
    expect((await simulate({ rule: NEAREST, orders: [{ ...order(), channel: 'nowhere' }] })).status).toBe(422);
    expect((await simulate({ rule: NEAREST })).status).toBe(400);
    const replay = await system.call<string>('POST', '/api/orders/routing/simulate/replay', {
      rules: [WAREHOUSE_FIRST],
      from: new Date(Date.now() - 3_600_000).toISOString(),
      to: new Date(Date.now() + 60_000).toISOString(),
    });
    const lines = replay.body.trim().split('\n');
    const report = JSON.parse(lines.at(-1)!) as { type: string; orders: number; rules: { differing: number }[] };
    expect(report).toMatchObject({ type: 'report', isCut: false, rules: [{ differing: report.orders }] });
    expect(report.orders).toBeGreaterThanOrEqual(4);
    expect((await system.call<{ items: object[] }>('GET', '/api/inventory/levels?sku=COAT')).body).toEqual(before);
  });

  it('are read again by a process that starts anew', async () => {
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    await system.untilRuleInForce(3);
    expect((await placeOf()).store).toBe('store-near');
  }, 90_000);
});
