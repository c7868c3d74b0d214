import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until, WholeSystem } from './whole-system.js';

interface TransferBody {
  readonly state: string;
  readonly actions: readonly string[];
  readonly discrepancies: readonly { kind: string; units: number; reason: string }[];
}
interface LevelBody {
  readonly onHand: number;
  readonly reserved: number;
  readonly damaged: number;
  readonly incoming: number;
}

const WHERE = { city: 'Cologne', region: 'DE-NW', latitude: 50.94, longitude: 6.96 };

describe('goods go from one place to another', () => {
  const system = new WholeSystem();
  const levelOf = async (sku: string, location: string) =>
    (await system.call<{ items: LevelBody[] }>('GET', `/api/inventory/levels?sku=${sku}&location=${location}`)).body
      .items[0];
  const untilLevel = (sku: string, location: string, wanted: Partial<LevelBody>) =>
    until(
      async () => {
        const level = await levelOf(sku, location);
        return Object.entries(wanted).every(([name, units]) => level?.[name as keyof LevelBody] === units)
          ? true
          : undefined;
      },
      `${sku} at ${location}: ${JSON.stringify(wanted)}`,
    );
  const untilState = (transferId: string, state: string) =>
    until(
      async () =>
        (await system.call<TransferBody>('GET', `/api/transfers/${transferId}`)).body.state === state
          ? true
          : undefined,
      `${transferId} ${state}`,
    );
  const step = (transferId: string, name: string, body: object = {}) =>
    system.call<TransferBody>('POST', `/api/transfers/${transferId}/${name}`, body);
  const request = (transferId: string, quantity: number, more: object = {}) =>
    system.call<TransferBody>('POST', '/api/transfers', {
      transferId,
      from: 'dc',
      to: 'shop',
      purpose: 'replenishment',
      lines: [{ lineId: '1', sku: 'COAT', quantity }],
      ...more,
    });
  const put = async (path: string, body: object) =>
    expect((await system.call('PUT', `/api/catalog/${path}`, body)).status).toBeLessThan(300);

  beforeAll(async () => {
    await system.start();
    for (const [code, type] of [
      ['dc', 'ecommerce_dc'],
      ['shop', 'store'],
    ] as const)
      await put(`locations/${code}`, { code, name: code, safetyStock: 0, type, ...WHERE });
    await put('products/COAT', { sku: 'COAT', name: 'Coat' });
    const occurredAt = new Date(Date.now() - 60_000).toISOString();
    const count = { id: 'c1', source: 'e2e', type: 'count', sku: 'COAT', location: 'dc', quantity: 10, occurredAt };
    await system.call('POST', '/api/inventory/deltas', [count], 'integrator');
    await untilLevel('COAT', 'dc', { onHand: 10 });
    // A refusal is remembered under its id, so each try is a transfer of its own.
    let tries = 0;
    await until(
      async () => ((await request(`probe-${++tries}`, 1)).status === 200 ? true : undefined),
      'the catalog has reached the service of transfers',
    );
  }, 120_000);
  afterAll(() => system.stop(), 60_000);

  it('short and damaged through a crash, and every piece is accounted for', async () => {
    expect(await request('t-1', 6)).toMatchObject({ status: 200, body: { state: 'REQUESTED' } });
    expect((await step('t-1', 'ship')).status).toBe(409);
    expect((await step('t-1', 'approve')).status).toBe(200);
    await untilState('t-1', 'APPROVED');
    await untilLevel('COAT', 'dc', { onHand: 10, reserved: 6 });
    expect((await step('t-1', 'ship', { id: 's1' })).body.state).toBe('IN_TRANSIT');
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    // Sent again after the crash it is the same shipment.
    expect((await step('t-1', 'ship', { id: 's1' })).body.state).toBe('IN_TRANSIT');
    await untilLevel('COAT', 'dc', { onHand: 4, reserved: 0 });
    await untilLevel('COAT', 'shop', { onHand: 0, incoming: 6 });
    expect((await system.call('GET', '/api/transfers/on-their-way?sku=COAT&location=shop')).body).toEqual({
      items: [{ sku: 'COAT', from: 'dc', to: 'shop', transferId: 't-1', units: 6 }],
      next: null,
    });
    const came = { id: 'r1', lines: [{ lineId: '1', quantity: 4, damaged: 1, reason: 'wet box' }] };
    for (let i = 0; i < 2; i++) expect((await step('t-1', 'receive', came)).status).toBe(200);
    expect((await step('t-1', 'close', { reason: 'not in the van' })).body).toMatchObject({
      state: 'CLOSED',
      actions: [],
      discrepancies: [
        { kind: 'damaged', units: 1, reason: 'wet box' },
        { kind: 'short', units: 2, reason: 'not in the van' },
      ],
    });
    await untilLevel('COAT', 'shop', { onHand: 4, damaged: 1, incoming: 0 });
    expect(await levelOf('COAT', 'dc')).toMatchObject({ onHand: 4, reserved: 0 });
    const { body } = await system.call('GET', '/api/inventory/movements?sku=COAT&location=shop');
    const told = JSON.stringify(body);
    expect(told).toContain('transfer_short: not in the van');
    expect(told).toContain('transfer_damaged: wet box');
  }, 120_000);

  it('by rule without approval, and cancelled it leaves nothing behind', async () => {
    expect((await request('t-2', 2, { purpose: 'pickup' })).status).toBe(200);
    await untilState('t-2', 'APPROVED');
    await untilLevel('COAT', 'dc', { onHand: 4, reserved: 2 });
    expect((await step('t-2', 'cancel', { reason: 'customer changed his mind' })).body.state).toBe('CANCELLED');
    await untilLevel('COAT', 'dc', { onHand: 4, reserved: 0 });
    const { body } = await system.call<{ items: { transferId: string }[] }>('GET', '/api/transfers?from=dc&limit=1');
    expect(body.items.map(({ transferId }) => transferId)).toEqual(['t-2']);
  }, 60_000);
});
