import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StockLevel } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { InventoryRig, until } from './testing/inventory-rig.js';
import { type VerifyRequest, verifyLevels } from './verify-command.js';

const OCCURRED = '2026-01-05T10:00:00.000Z';
let serial = 0;
const receipt = (sku: string, location: string, quantity: number) => ({
  id: `r${++serial}`,
  source: 'it',
  type: 'receipt',
  sku,
  location,
  quantity,
  occurredAt: OCCURRED,
});
const BY = { operator: 'Li Wei', reason: 'restored from two dumps' };
const QUIET = { listed: 20, json: true };

describe('levels that are not the sum of their movements, on real servers', () => {
  const rig = new InventoryRig();
  const levels = () => rig.connection.collection<{ _id: string; onHand: number; version: number }>('levels');
  const shown = (key: string) => rig.shown<StockLevel>(TOPICS.levels).get(key);
  const repairs = async (sku: string) => {
    return (await rig.movements()).filter((movement) => movement.sku === sku && movement.type === 'repair');
  };
  const aborted = new AbortController();

  async function verify(request: Partial<VerifyRequest> = {}, signal = new AbortController().signal) {
    const said: Record<string, unknown>[] = [];
    const servers = { connection: rig.connection, prefix: rig.prefix, kafka: async () => rig.kafka };
    const output = { say: (line: string) => void said.push(JSON.parse(line)), tell: () => {}, signal };
    return { units: await verifyLevels(servers, { ...QUIET, ...request }, output), said };
  }
  const isFlushed = async (key: string) =>
    (await levels().findOne({ _id: key }))?.version === shown(key)?.version && shown(key) !== undefined;

  beforeAll(async () => {
    await rig.open();
    await rig.sendDeltas([
      ...['tea', 'milk', 'rice'].map((sku) => receipt(sku, 'dc', 10)),
      receipt('tea', 'shop', 4),
      receipt('rice', 'dc', 5),
    ]);
    for (const key of ['tea@dc', 'tea@shop', 'milk@dc', 'rice@dc'])
      await until(() => isFlushed(key), `${key} is in its collection`);
  });
  afterAll(() => rig.close());

  it('are none at first', async () => {
    expect(await verify()).toMatchObject({ units: 0, said: [{ type: 'report', levels: 4, movements: 5, skus: 0 }] });
  });

  it('a SKU of which nothing is known is no success', async () => {
    await expect(verify({ sku: 'no-such' })).rejects.toThrow(/^Nothing is known of SKU no-such/);
    expect(await rig.call('GET', 'verify?sku=no-such')).toMatchObject({ status: 404 });
    expect(await verify({ sku: 'tea' })).toMatchObject({ units: 0, said: [{ levels: 2, movements: 2 }] });
  });

  it('lots that are not the sum of what movements did to them are listed and repaired too', async () => {
    const lotted = (type: string, quantity: number, lot?: string) => ({
      ...receipt('beans', 'dc', quantity),
      type,
      ...(lot === undefined ? {} : { lot }),
    });
    await rig.sendDeltas([lotted('receipt', 5, 'L-1'), lotted('receipt', 5, 'L-2'), lotted('sale', 3, 'L-2')]);
    await until(() => isFlushed('beans@dc'), 'beans are in their collection');
    expect(await verify()).toMatchObject({ units: 0 });
    await levels().updateOne({ _id: 'beans@dc' }, { $inc: { 'lots.$[lot].onHand': 4 } } as never, {
      arrayFilters: [{ 'lot.lot': 'L-1' }],
    });
    const drift = { sku: 'beans', location: 'dc', lot: 'L-1', bucket: 'onHand', stored: 9, fromMovements: 5 };
    expect(await verify()).toMatchObject({
      units: 4,
      said: [
        { type: 'drift', ...drift },
        { type: 'report', skus: 1 },
      ],
    });
    expect((await rig.call('GET', 'verify?sku=beans')).json).toMatchObject({ driftUnits: 4, drifts: [drift] });
    expect((await verify({ repair: BY })).units).toBe(0);
    expect((await repairs('beans')).length).toBe(1);
    expect(shown('beans@dc')?.lots?.map(({ lot, onHand }) => [lot, onHand])).toEqual([
      ['L-1', 5],
      ['L-2', 2],
    ]);
    await until(() => isFlushed('beans@dc'), 'the repaired level is in its collection');
    expect(await verify()).toMatchObject({ units: 0 });
    // Of a level that lost its lots whole nothing but its movements says that there were any.
    await levels().updateOne({ _id: 'beans@dc' }, { $unset: { lots: 1, hasLots: 1 } } as never);
    expect(await verify({ sku: 'beans' })).toMatchObject({ units: 7 });
    expect((await verify({ repair: BY })).units).toBe(0);
  });

  it('are listed, repaired by the ledger with who asked and why, and no difference is left', async () => {
    await levels().updateOne({ _id: 'tea@dc' }, { $inc: { onHand: 7 } });
    await levels().deleteOne({ _id: 'milk@dc' });
    const found = await verify();
    expect(found.units).toBe(17);
    expect(found.said).toEqual([
      ...[
        { type: 'drift', sku: 'milk', location: 'dc', bucket: 'onHand', stored: 0, fromMovements: 10 },
        { type: 'drift', sku: 'tea', location: 'dc', bucket: 'onHand', stored: 17, fromMovements: 10 },
      ].map((drift) => expect.objectContaining(drift)),
      expect.objectContaining({ type: 'report', driftUnits: 17, skus: 2 }),
    ]);

    const repaired = await verify({ repair: BY });
    expect(repaired.units).toBe(0);
    expect(await verify()).toMatchObject({ units: 0 });
    const [record] = await repairs('tea');
    expect(record).toMatchObject({
      type: 'repair',
      source: 'verify-cli',
      outcome: 'applied',
      message: { location: 'dc', ...BY, found: { onHand: 17 }, recount: { onHand: 10 } },
      effects: [{ location: 'dc', onHandAfter: 10, reservedAfter: 0 }],
    });
    expect(record!['effects'][0]).not.toHaveProperty('onHand');
    await until(() => shown('tea@dc')?.version === record!['version'], 'the repaired level is published');
    await until(() => isFlushed('milk@dc'), 'the level whose document was gone is back');
    expect((await levels().findOne({ _id: 'milk@dc' }))?.onHand).toBe(10);
    const told = rig.all<{ type: string; sku: string }>(TOPICS.movements).filter(({ type }) => type === 'repair');
    expect(told).toContainEqual(expect.objectContaining({ sku: 'tea', ...BY }));
  });

  it('are repaired too where the ledger itself goes by the wrong level', async () => {
    await rig.service.lifecycle.stop();
    await levels().updateOne({ _id: 'tea@shop' }, { $inc: { onHand: 100, damaged: 1 } });
    rig.service = await rig.start();
    await rig.sendDeltas([receipt('tea', 'shop', 1)]);
    await until(() => shown('tea@shop')?.onHand === 105, 'it has gone on from the wrong level');
    expect((await verify({ sku: 'tea', repair: BY })).units).toBe(0);
    await until(() => shown('tea@shop')?.onHand === 5, 'the right level is published');
  });

  it('are left alone by a recount that is out of date', async () => {
    const before = shown('rice@dc')!;
    const recount = { onHand: 10, reserved: 0, damaged: 0, qualityControl: 0, incoming: 0 };
    const of = { id: 'late', source: 'verify-cli', type: 'repair', sku: 'rice', location: 'dc' };
    const late = { ...of, recount, found: recount, recountedThrough: before.version, ...BY };
    await rig.sendDeltas([late]);
    await until(async () => (await repairs('rice')).length === 1, 'it is decided');
    expect(await repairs('rice')).toMatchObject([{ outcome: 'refused_outdated_recount', effects: [] }]);
    expect((await verify({ sku: 'rice' })).units).toBe(0);
    expect(shown('rice@dc')?.onHand).toBe(15);
  });

  it('are not seen where there are none while stock moves', async () => {
    const [skus, rounds] = [20, 15];
    const before = (await rig.movements()).length;
    const moving = (async () => {
      for (let round = 0; round < rounds; round++)
        await rig.sendDeltas(Array.from({ length: skus }, (_, i) => receipt(`moving-${i}`, 'dc', 1)));
    })();
    let stored = 0;
    await until(async () => {
      expect((await verify()).units).toBe(0);
      stored = (await rig.movements()).length - before;
      return stored === skus * rounds;
    }, 'all of them are stored');
    await moving;
    expect((await verify()).units).toBe(0);
  });

  it('are not looked for any more once somebody interrupts', async () => {
    aborted.abort();
    await expect(verify({}, aborted.signal)).rejects.toThrow(/abort/i);
  });
});
