import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countStock, openPlaces } from './stocked-place.js';
import { WholeSystem } from './whole-system.js';

const LYON = { city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85 };

interface Step {
  readonly type: string;
  readonly words: string;
  readonly at: string;
  readonly sourceAt?: string;
  readonly by?: string;
  readonly source: string;
}
interface Timeline {
  readonly steps: readonly Step[];
  readonly next: string | null;
}

describe('what became of an order is told by REST', () => {
  const system = new WholeSystem();
  const get = async <T>(path: string) => (await system.call<T>('GET', `/api/orders${path}`)).body;
  const place = (orderId: string, sku: string) =>
    system.call('POST', '/api/orders', {
      orderId,
      channel: 'web',
      channelOrder: `TM-${orderId}`,
      placedAt: '2026-03-01T10:00:00+01:00',
      currency: 'EUR',
      method: 'courier',
      destination: { ...LYON, address: '1 rue du Port' },
      lines: [{ lineId: '1', sku, quantity: 1, unitPriceMinor: 990 }],
    });
  const work = (action: string, by: string, more: object = {}) =>
    system.call('POST', '/api/orders/tasks', { taskId: 'told-1/1', store: 'shop-1', action, by, ...more });

  beforeAll(async () => {
    await system.start();
    await openPlaces(system, { 'shop-1': { name: 'Shop One', nameZh: '一号店', type: 'store', ...LYON } });
    await countStock(system, { sku: 'TEA' }, { 'shop-1': 5 });
    await countStock(system, { sku: 'GONE' }, { 'shop-1': 0 });
    await place('told-1', 'TEA');
    await place('told-2', 'GONE');
  }, 120_000);
  afterAll(() => system.stop(), 60_000);

  it('who did what when, in words of two languages, refusals too', async () => {
    await work('ship', 'Li');
    await work('accept', 'Li');
    await work('pick', 'Wang');
    const { steps, next } = await get<Timeline>('/told-1/timeline');
    expect(steps[0]).toMatchObject({ type: 'placed', sourceAt: '2026-03-01T10:00:00+01:00', source: 'orders-api' });
    expect(steps.map(({ words }) => words)).toEqual(
      expect.arrayContaining([
        '1 piece of line 1 is reserved at Shop One.',
        'Shop One accepted. (by Li)',
        'Shop One began to pick. (by Wang)',
      ]),
    );
    expect(steps.map(({ type }) => type)).toEqual(expect.arrayContaining(['routing', 'refused', 'task_assigned']));
    expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted());
    expect(next).toBeNull();
    const chinese = await get<Timeline>('/told-1/timeline?language=zh');
    expect(chinese.steps.at(-1)!.words).toBe('一号店 开始拣货。（操作人 Wang）');
    const page = await get<Timeline>('/told-1/timeline?limit=1');
    const rest = await get<Timeline>(`/told-1/timeline?cursor=${page.next}`);
    expect([...page.steps, ...rest.steps]).toEqual(steps);
    expect((await system.call('GET', '/api/orders/nobody/timeline')).status).toBe(404);
  });

  it('is found by its number, by state and age, and exported through the front door', async () => {
    const ids = async (query: string) =>
      (await get<{ items: { orderId: string }[] }>(query)).items.map(({ orderId }) => orderId);
    const soon = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
    const before = encodeURIComponent(new Date(Date.now() - 3_600_000).toISOString());
    expect(await ids('?channelOrder=TM-told-1')).toEqual(['told-1']);
    expect(await ids('?store=shop-1&state=IN_FULFILMENT')).toEqual(['told-1']);
    expect(await ids(`?state=WAITING&placedBefore=${soon}`)).toEqual(['told-2']);
    expect(await ids(`?state=WAITING&placedBefore=${before}`)).toEqual([]);
    const rows = (await get<string>('/export?limit=1')).trimEnd().split('\r\n');
    expect([rows.length, rows[1]!.split(',')[0]]).toEqual([2, 'told-2']);
    const more = await get<string>(`/export?cursor=${rows[1]!.split(',').at(-1)!}`);
    expect(more.trimEnd().split('\r\n').slice(1)).toEqual([expect.stringMatching(/^told-1,web,TM-told-1,/)]);
    expect(more).not.toContain('rue du Port');
  });

  it('and whose it was is taken out of it on request, once it is over', async () => {
    const request = { by: 'data protection', reason: 'R-7' };
    const erase = () => system.call<{ detail: string }>('POST', '/api/orders/told-2/erase-customer', request);
    expect((await erase()).status).toBe(409);
    await system.call('POST', '/api/orders/told-2/cancel', {});
    expect(await erase()).toMatchObject({ status: 200, body: { erased: 1 } });
    expect((await system.call('POST', '/api/orders/told-2/erase-customer', request, 'integrator')).status).toBe(403);
    const { steps } = await get<Timeline>('/told-2/timeline');
    expect(steps.at(-1)!.words).toBe('The customer was taken out of the order. (R-7; by data protection)');
  });
});
