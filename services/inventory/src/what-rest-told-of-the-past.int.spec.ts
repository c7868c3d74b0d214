import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InventoryRig, until } from './testing/inventory-rig.js';

const DAY = '2026-01-05T';
const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString();
const fact = (id: string, type: string, quantity: number, time: string, more: object = {}) => ({
  id,
  source: 'it',
  type,
  sku: 'tea',
  location: 'dc',
  quantity,
  occurredAt: `${DAY}${time}Z`,
  ...more,
});
interface Movement {
  readonly id: string;
  readonly version: number;
  readonly effects: readonly { readonly onHandAfter: number }[];
}

describe('what REST tells of what has happened', () => {
  const rig = new InventoryRig();
  const ofTea = async () => (await rig.movements()).filter(({ sku }) => sku === 'tea');
  const page = async (query: string) =>
    (await rig.call('GET', `movements?sku=tea${query}`)).json as unknown as { items: Movement[]; next: string | null };
  const levelAt = async (time: string) =>
    ((await rig.call('GET', `levels?sku=tea&location=dc&at=${DAY}${time}Z`)).json as unknown as { items: object[] })
      .items;

  beforeAll(() => rig.open());
  afterAll(() => rig.close());

  it('movements of one moment come in the order of the ledger, so balances do not jump, through pages too', async () => {
    const ids = ['m9', 'm1', 'm5', 'm2', 'm8', 'm3'];
    for (const id of ids) await rig.sendDeltas([fact(id, 'receipt', 1, '10:00:00')]);
    await until(async () => (await ofTea()).length === ids.length, 'all are applied');
    const seen: Movement[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { items, next }: Awaited<ReturnType<typeof page>> = await page(`&limit=4${cursor && `&cursor=${cursor}`}`);
      seen.push(...items);
      cursor = next;
    }
    expect(seen.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(seen.map(({ effects }) => effects[0]?.onHandAfter)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('a level of the past has the time and the version of then', async () => {
    await rig.sendDeltas([
      fact('c1', 'count', 4, '11:00:00'),
      fact('s1', 'sale', 1, '12:00:00'),
      fact('c2', 'count', 9, '13:00:00'),
    ]);
    await until(async () => (await ofTea()).length === 9, 'all are applied');
    const versionOf = async (id: string) => (await ofTea()).find((movement) => movement.id === id)?.version;
    const iso = (time: string) => `${DAY}${time}.000Z`;
    expect(await levelAt('12:30:00')).toMatchObject([
      { onHand: 3, asOf: iso('12:00:00'), version: await versionOf('s1'), countedAt: iso('11:00:00') },
    ]);
    expect(await levelAt('10:30:00')).toMatchObject([
      { onHand: 6, asOf: iso('10:00:00'), version: await versionOf('m3'), countedAt: null },
    ]);
    expect(await levelAt('13:00:00')).toMatchObject([
      { onHand: 9, version: await versionOf('c2'), countedAt: iso('13:00:00') },
    ]);
    expect(await levelAt('09:00:00')).toEqual([]);
    expect(await rig.call('GET', 'levels?sku=tea&location=dc&at=2999-01-01T00:00:00Z')).toMatchObject({
      status: 400,
      json: { detail: expect.stringMatching(/^at must not be in the future/) },
    });
  });

  it('movements say what came of them, and refusals are listed when they are asked for', async () => {
    await rig.sendDeltas([
      fact('late', 'sale', 1, '12:59:00'),
      {
        ...fact('hold', 'reserve', 900, '15:00:00'),
        reservationId: 'R',
        mode: 'split',
        locations: ['dc'],
        expiresAt: IN_AN_HOUR,
      } as never,
    ]);
    await until(async () => (await rig.call('GET', 'deltas/it/hold')).status === 200, 'the refusal is stored');
    const { items } = await page('');
    expect(items).toContainEqual(expect.objectContaining({ id: 'c2', outcome: 'applied' }));
    expect(items).toContainEqual(expect.objectContaining({ id: 'late', outcome: 'absorbed_by_count' }));
    expect(items.map(({ id }) => id)).not.toContain('hold');
    expect((await page('&outcome=refused')).items).toEqual([
      expect.objectContaining({
        id: 'hold',
        outcome: 'refused',
        effects: [],
        answer: { shortUnits: 900, reason: 'unknown_sku' },
      }),
    ]);
    expect((await rig.call('GET', 'movements?sku=tea&outcome=refuse')).status).toBe(400);
  });

  it('a delta shows what came under its id with other content', async () => {
    const first = fact('dup', 'receipt', 1, '14:00:00');
    const other = (quantity: number) => fact('dup', 'receipt', quantity, '14:00:00');
    await rig.sendDeltas([first, other(2), first]);
    await rig.sendDeltas([other(3)]);
    const shown = async () => (await rig.call('GET', 'deltas/it/dup')).json as unknown as { conflicts: object[] };
    await until(async () => (await rig.call('GET', 'deltas/it/dup')).status === 200, 'the first is applied');
    await until(async () => (await shown()).conflicts.length === 2, 'both conflicts are shown');
    expect(await shown()).toMatchObject({
      outcome: 'applied',
      quantity: 1,
      conflicts: [
        {
          reason: 'conflict',
          position: expect.stringMatching(/^inventory\.deltas\/\d+\/\d+$/),
          at: expect.any(String),
        },
        { detail: expect.stringMatching(/nothing of it was applied.*an id of its own/) },
      ],
    });
    expect((await rig.call('GET', 'deltas/it/c1')).json).toMatchObject({ conflicts: [] });
  });

  it('verify goes by slices, and tells how far it is to who reads lines', async () => {
    await rig.sendDeltas(['a', 'b', 'c'].map((sku) => fact(`v-${sku}`, 'receipt', 1, '15:00:00', { sku })));
    await until(async () => (await rig.connection.collection('levels').countDocuments({})) === 4, 'levels are written');
    const slices: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { json } = await rig.call('GET', `verify?limit=3${cursor && `&cursor=${cursor}`}`);
      expect(json).toMatchObject({ driftUnits: 0, drifts: [] });
      slices.push(json['skus']!);
      cursor = json['next']!;
    }
    expect(slices).toEqual([3, 1]);
    expect((await rig.call('GET', 'verify?limit=3&cursor=x')).status).toBe(400);
    const answer = await rig.request('GET', 'verify', undefined, 'ops', { accept: 'application/x-ndjson' });
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines[0]).toMatchObject({ type: 'progress' });
    expect(lines.at(-1)).toMatchObject({ type: 'report', levels: 4, driftUnits: 0 });
    expect((await rig.call('GET', 'verify')).json).toMatchObject({ levels: 4, driftUnits: 0 });
  });
});
