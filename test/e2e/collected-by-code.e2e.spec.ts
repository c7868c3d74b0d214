import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection, type StoreTask } from '@shelfline/client/store';
import { stockPlace } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

interface Waiting {
  readonly waiting: readonly { readonly code: string; readonly qr: string; readonly locked: boolean }[];
}

describe('an order that its customer collects with a code', () => {
  const system = new WholeSystem();
  let screen: StoreConnection;
  const tokenOf = async (query: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?${query}`);
    return ((await response.json()) as { token: string }).token;
  };
  const taskOf = (orderId: string): StoreTask | undefined => screen.tasks.find((task) => task.orderId === orderId);
  const ready = async (orderId: string) => {
    const lines = [{ lineId: '1', sku: 'SCARF', quantity: 1, unitPriceMinor: 990 }];
    const order = { orderId, channel: 'web', currency: 'EUR', method: 'pickup', store: 'corner', lines };
    await system.call('POST', '/api/orders', { ...order, placedAt: new Date().toISOString() }, 'integrator');
    const { taskId } = await until(async () => taskOf(orderId), `${orderId} on the screen`);
    for (const step of ['accept', 'pick', 'pack', 'ready'] as const)
      expect(await screen[step](taskId)).toMatchObject({ ok: true });
    return taskId;
  };
  const shown = async (orderId: string) =>
    (await system.call<Waiting>('GET', `/api/orders/${orderId}/handover`)).body.waiting[0]!;

  beforeAll(async () => {
    await system.start();
    const product = { sku: 'SCARF', name: 'Scarf' };
    await stockPlace(system, { code: 'corner', facts: { name: 'Corner' }, product, units: 9 });
    screen = connectStore({ url: system.address, token: () => tokenOf('role=store&store=corner') });
  }, 120_000);
  afterAll(async () => {
    screen?.close();
    await system.stop();
  }, 60_000);

  it('gets it for the code, which the owning channel reads and no store can', async () => {
    const taskId = await ready('collect-1');
    const { code, qr } = await shown('collect-1');
    const asStore = await fetch(`${system.address}/api/orders/collect-1/handover`, {
      headers: { authorization: `Bearer ${await tokenOf('role=store&store=corner')}` },
    });
    const ofAnother = await fetch(`${system.address}/api/orders/collect-1/handover`, {
      headers: { authorization: `Bearer ${await tokenOf('role=integrator&channel=elsewhere')}` },
    });
    expect([asStore.status, ofAnother.status]).toEqual([403, 404]);
    expect(JSON.stringify(screen.tasks)).not.toContain(code);
    expect(await screen.handOver(taskId)).toMatchObject({ ok: false, code: 'code_missing' });
    expect(await screen.handOver(taskId, { code: qr })).toMatchObject({ ok: true, state: 'HANDED_OVER' });
    expect((await system.call<Waiting>('GET', '/api/orders/collect-1/handover')).body.waiting).toEqual([]);
  });

  it('is locked by five wrong codes, and opened by a new one', async () => {
    const taskId = await ready('collect-2');
    const { code } = await shown('collect-2');
    const wrong = code === '000000' ? '000001' : '000000';
    for (let i = 0; i < 5; i++)
      expect(await screen.handOver(taskId, { code: wrong, by: 'Wang' })).toMatchObject({
        ok: false,
        code: 'wrong_code',
      });
    expect(await screen.handOver(taskId, { code })).toMatchObject({ ok: false, code: 'handover_locked' });
    await until(async () => taskOf('collect-2')?.handoverLocked, 'the screen says that it is locked');
    const body = { taskId, change: 'new_code', by: 'Chen', reason: 'called, named the order' };
    const renewed = await system.call<Waiting>('POST', '/api/orders/collect-2/handover', body, 'integrator');
    expect(renewed.body.waiting[0]).toMatchObject({ locked: false });
    const { code: fresh } = renewed.body.waiting[0]!;
    expect(await screen.handOver(taskId, { code: fresh })).toMatchObject({ ok: true, state: 'HANDED_OVER' });
  });
});
