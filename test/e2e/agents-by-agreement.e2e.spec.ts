import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countStock, openPlaces } from './stocked-place.js';
import { WholeSystem } from './whole-system.js';

const PLACES = {
  agent: { type: 'agent', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85 },
  dc: { type: 'ecommerce_dc', city: 'Paris', region: 'centre', latitude: 48.85, longitude: 2.35 },
} as const;
const RULE = {
  filters: [{ by: 'agreement' }],
  sorters: [{ by: 'nearest', stepKm: 1 }],
  limits: { maxSplits: 3, splitAboveMinor: 0 },
};
const AGREEMENT = { id: 'V-7', location: 'agent', brands: ['Alba'], regions: ['south'], commissionPercent: 12 };

describe("agents' stock", () => {
  const system = new WholeSystem();
  let serial = 0;
  const order = (over: { sku?: string; region?: string } = {}) => ({
    orderId: `agent-${++serial}`,
    channel: 'web',
    placedAt: '2026-03-01T10:00:00+01:00',
    currency: 'EUR',
    method: 'courier',
    destination: { city: 'Lyon', region: over.region ?? 'south', latitude: 45.75, longitude: 4.84 },
    lines: [{ lineId: '1', sku: over.sku ?? 'ALBA', quantity: 1, unitPriceMinor: 990 }],
  });
  const placeOf = async (wanted: { orderId: string }) => {
    await system.call('POST', '/api/orders', wanted, 'integrator');
    const { body } = await system.call<{ tasks: { store: string }[] }>('GET', `/api/orders/${wanted.orderId}`);
    return body.tasks[0]?.store;
  };
  const put = (version: number, agreements: readonly object[]) =>
    system.call<{ errors: { path: string }[] }>('PUT', `/api/orders/routing/rules/${version}`, { ...RULE, agreements });

  beforeAll(async () => {
    await system.start();
    await openPlaces(system, PLACES);
    for (const [sku, brand] of Object.entries({ ALBA: 'Alba', NOIR: 'Noir' }))
      await countStock(system, { sku, brand }, { agent: 50, dc: 50 });
  }, 120_000);
  afterAll(() => system.stop(), 60_000);

  it('serves what its agreement covers, says so in words, and nothing else', async () => {
    expect((await put(1, [AGREEMENT, AGREEMENT])).body.errors).toMatchObject([{ path: 'agreements[1].id' }]);
    expect((await put(1, [AGREEMENT])).status).toBe(200);
    await system.untilRuleInForce(1);
    const served = order();
    expect(await placeOf(served)).toBe('agent');
    expect(await placeOf(order({ sku: 'NOIR' }))).toBe('dc');
    expect(await placeOf(order({ region: 'north' }))).toBe('dc');
    const { body } = await system.call<{ routings: { words: string[] }[] }>(
      'GET',
      `/api/orders/${served.orderId}/routing?language=en`,
    );
    expect(body.routings[0]!.words.join('\n')).toContain('by agreement V-7, commission 12 %');
  });

  it('ends with its agreement, and a version on trial shows what would come of another', async () => {
    const ended = { ...AGREEMENT, validUntil: new Date(Date.now() - 60_000).toISOString() };
    expect((await put(2, [ended])).status).toBe(200);
    await system.untilRuleInForce(2);
    expect(await placeOf(order())).toBe('dc');
    const { body } = await system.call<{ orders: { tried: { locations: string[] } }[] }>(
      'POST',
      '/api/orders/routing/simulate',
      { rule: { ...RULE, agreements: [AGREEMENT] }, orders: [order()] },
    );
    expect(body.orders[0]!.tried.locations).toEqual(['agent']);
  });
});
