import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StockLevel } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { InventoryRig, until } from './testing/inventory-rig.js';

const DAY_MS = 86_400_000;
const OCCURRED = '2026-01-05T10:00:00.000Z';
/** Far from today, so that no midnight comes between. */
const PAST = new Date(Date.now() - 30 * DAY_MS).toISOString().slice(0, 10);
const SOON = new Date(Date.now() + 30 * DAY_MS).toISOString().slice(0, 10);
const LATER = new Date(Date.now() + 90 * DAY_MS).toISOString().slice(0, 10);
const now = () => new Date().toISOString();
let serial = 0;
const fact = (type: string, quantity: number, more: object = {}) => ({
  id: `f${++serial}`,
  source: 'wms',
  type,
  sku: 'milk',
  location: 'dc',
  quantity,
  occurredAt: OCCURRED,
  ...more,
});
interface Lot {
  readonly location: string;
  readonly lot: string | null;
  readonly onHand: number;
  readonly daysLeft: number | null;
  readonly serials: readonly string[];
}
interface Movement {
  readonly id: string;
  readonly type: string;
  readonly reservationId?: string;
  readonly effects: readonly { readonly lots?: readonly object[] }[];
}

describe('lots on real servers, by REST', () => {
  const rig = new InventoryRig();
  const shown = () => rig.shown<StockLevel>(TOPICS.levels).get('milk@dc');
  const lotsOf = async (query: string) =>
    (await rig.call('GET', `lots?${query}`)).json as unknown as { items: Lot[]; next: string | null };
  const movementsOf = async (query: string) =>
    ((await rig.call('GET', `movements?sku=milk&${query}`)).json as unknown as { items: Movement[] }).items;
  const indexes = async (name: string) =>
    (await rig.connection.collection(name).indexes()).map(({ key }) => Object.keys(key).join());

  beforeAll(async () => {
    await rig.open();
    await rig.send(TOPICS.locations, [
      {
        key: 'dc',
        value: {
          code: 'dc',
          type: 'regional_dc',
          name: 'dc',
          city: 'Hangzhou',
          region: 'east',
          latitude: 0,
          longitude: 0,
        },
      },
    ]);
    await rig.send(TOPICS.products, [{ key: 'milk', value: { sku: 'milk', name: 'Milk' } }]);
    await rig.sendDeltas([
      fact('receipt', 10, { lot: 'M-1', expiresOn: SOON }),
      fact('receipt', 10, { lot: 'M-2', expiresOn: LATER, serials: ['n1', 'n2'] }),
      fact('receipt', 4, { lot: 'M-0', expiresOn: PAST }),
      fact('receipt', 6),
      fact('receipt', 3, { location: 'shop', lot: 'M-1', expiresOn: SOON }),
    ]);
    await until(async () => shown()?.onHand === 30 && !shown()?.unreferenced, 'the receipts are applied');
  });
  afterAll(() => rig.close());

  it('levels show their lots, and promise nothing that is past its last day', async () => {
    const { items } = (await rig.call('GET', 'levels?sku=milk&location=dc')).json as unknown as { items: StockLevel[] };
    expect(items).toMatchObject([{ onHand: 30, available: 26, expired: 4 }]);
    expect(items[0]?.lots?.map(({ lot, expiresOn, onHand }) => [lot, expiresOn, onHand])).toEqual([
      ['M-0', PAST, 4],
      ['M-1', SOON, 10],
      ['M-2', LATER, 10],
    ]);
    expect(shown()?.lots).toEqual(items[0]?.lots);
  });

  it('lots are listed page by page, with age, days left and serial numbers, before and after they are written', async () => {
    const seen = async () => {
      const all: Lot[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { items, next }: Awaited<ReturnType<typeof lotsOf>> = await lotsOf(
          `sku=milk&limit=2${cursor && `&cursor=${cursor}`}`,
        );
        expect(items.length).toBeLessThanOrEqual(2);
        all.push(...items);
        cursor = next;
      }
      return all.map(({ location, lot, onHand }) => [location, lot, onHand]);
    };
    const expected = [
      ['dc', null, 6],
      ['dc', 'M-0', 4],
      ['dc', 'M-1', 10],
      ['dc', 'M-2', 10],
      ['shop', 'M-1', 3],
    ];
    expect(await seen()).toEqual(expected);
    await until(
      async () => (await rig.connection.collection('levels').countDocuments({ hasLots: true })) === 2,
      'they are written',
    );
    expect(await seen()).toEqual(expected);
    const ending = await lotsOf(`expiresBefore=${LATER}`);
    expect(ending.items.map(({ location, lot }) => [location, lot])).toEqual([
      ['dc', 'M-0'],
      ['dc', 'M-1'],
      ['shop', 'M-1'],
    ]);
    expect((await lotsOf('lot=M-2')).items).toMatchObject([
      { location: 'dc', serials: ['n1', 'n2'], receivedAt: OCCURRED, daysLeft: 90 },
    ]);
    expect((await rig.call('GET', 'lots?cursor=x')).status).toBe(400);
    expect((await rig.call('GET', 'lots?expiresBefore=tomorrow')).status).toBe(400);
    expect(await indexes('levels')).toEqual(expect.arrayContaining(['hasLots,_id', 'lots.lot,_id']));
  });

  it('a recall finds every movement and order that a lot went to, named or not', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const lines = [{ sku: 'milk', quantity: 3, locations: ['dc'] }];
    expect((await rig.call('POST', 'reservations', { id: 'O-1', lines, expiresAt: inAnHour })).status).toBe(200);
    const line = (sku: string, quantity: number) => ({ sku, lots: [{ lot: 'M-2', quantity }] });
    for (const wrong of [[line('tea', 2)], [line('milk', 1), line('milk', 1)], [line('milk', 4)]])
      expect((await rig.call('POST', 'reservations/O-1/fulfil', { lines: wrong })).status).toBe(400);
    const picked = { lines: [{ sku: 'milk', lots: [{ lot: 'M-2', quantity: 2 }] }] };
    expect((await rig.call('POST', 'reservations/O-1/fulfil', picked)).status).toBe(200);
    await rig.sendDeltas([
      fact('sale', 7, { reference: 'basket-9', occurredAt: now() }),
      fact('sale', 1, { serials: ['n2'], occurredAt: now() }),
    ]);
    await until(() => shown()?.onHand === 19, 'both sales are applied');
    const ofM2 = await movementsOf('lot=M-2');
    expect(ofM2.map(({ type, effects }) => [type, effects[0]?.lots])).toEqual(
      expect.arrayContaining([
        ['fulfil', [{ lot: 'M-2', onHand: -2 }]],
        ['sale', [{ lot: 'M-2', onHand: -1 }]],
        ['receipt', [{ lot: 'M-2', onHand: 10 }]],
      ]),
    );
    expect(ofM2).toHaveLength(3);
    expect(ofM2.find(({ type }) => type === 'fulfil')).toMatchObject({ reservationId: 'O-1' });
    expect(await movementsOf('lot=M-1&location=dc')).toMatchObject([
      { type: 'sale', reference: 'basket-9', effects: [{ lots: [{ lot: 'M-1', onHand: -2 }] }] },
      { type: 'receipt' },
    ]);
    expect((await movementsOf('serial=n2')).map(({ type }) => type)).toEqual(['sale', 'receipt']);
    expect((await lotsOf('lot=M-2')).items).toMatchObject([{ onHand: 7, serials: ['n1'] }]);
    expect(await indexes('movements')).toContain('traces,lastAt');
  });

  it('a count of a lot sets it and leaves the others; the level is still the sum of its movements', async () => {
    await rig.sendDeltas([fact('count', 5, { lot: 'M-2', occurredAt: now() })]);
    await until(() => shown()?.onHand === 17, 'the count is applied');
    expect(shown()?.lots?.map(({ lot, onHand }) => [lot, onHand])).toEqual([
      ['M-0', 4],
      ['M-1', 8],
      ['M-2', 5],
    ]);
    expect((await rig.call('GET', 'verify?sku=milk')).json).toMatchObject({ driftUnits: 0 });
    const [past] = (
      (await rig.call('GET', `levels?sku=milk&location=dc&at=${OCCURRED}`)).json as unknown as { items: StockLevel[] }
    ).items;
    expect([past?.lots, past?.expired]).toEqual([undefined, undefined]);
  });

  it('survive a restart', async () => {
    await rig.service.lifecycle.stop();
    rig.service = await rig.start();
    await rig.sendDeltas([fact('sale', 1, { serials: ['n1'], occurredAt: now() })]);
    await until(() => shown()?.onHand === 16, 'the sale is applied');
    expect((await lotsOf('lot=M-2')).items).toMatchObject([{ onHand: 4, serials: [] }]);
  });
});
