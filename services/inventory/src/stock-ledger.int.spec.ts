import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Availability, StockLevel } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import type { RiskEvent } from '@shelfline/contracts/upkeep';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { LedgerBacklog } from './ledger-backlog.js';
import { InventoryRig, until } from './testing/inventory-rig.js';

const OCCURRED = '2026-01-05T10:00:00.000Z';
const PLACES = ['shop-a', 'shop-b', 'dc'];
const SKUS = Array.from({ length: 40 }, (_, i) => `S-${i}`);
const location = (code: string) => ({
  code,
  type: code === 'dc' ? 'regional_dc' : 'store',
  name: code,
  city: 'Springfield',
  region: 'north',
  latitude: 0,
  longitude: 0,
});
let serial = 0;
const fact = (type: string, sku: string, place: string, quantity: number, more: object = {}) => ({
  id: `f${++serial}`,
  source: 'it',
  type,
  sku,
  location: place,
  quantity,
  occurredAt: OCCURRED,
  ...more,
});
/** The same sequence in every run. */
const numbers = (() => {
  let state = 20_260_105;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
})();

describe('the ledger on real servers', () => {
  const rig = new InventoryRig();
  const levels = async (query: string): Promise<StockLevel[]> =>
    (await rig.call('GET', `levels?limit=1000&${query}`)).json['items'] as unknown as StockLevel[];
  const level = async (sku: string, place: string): Promise<StockLevel | undefined> =>
    (await levels(`sku=${sku}&location=${place}`))[0];
  const letters = () => rig.connection.collection('dead_letters').find({}).toArray();
  const inLater = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

  beforeAll(async () => {
    await rig.open();
    await rig.send(
      TOPICS.locations,
      PLACES.map((code) => ({ key: code, value: location(code) })),
    );
    await rig.send(
      TOPICS.products,
      [...SKUS, 'tea'].map((sku) => ({ key: sku, value: { sku, name: sku } })),
    );
  });
  afterAll(() => rig.close());

  it('levels equal a recount, through repeats, a restart and a second process', async () => {
    const recount = new Map<string, number>();
    const list = Array.from({ length: 6000 }, () => {
      const [sku, place, quantity] = [SKUS[numbers(SKUS.length)]!, PLACES[numbers(3)]!, numbers(5)];
      const type = numbers(4) === 0 ? 'receipt' : 'sale';
      const key = `${sku}@${place}`;
      recount.set(key, (recount.get(key) ?? 0) + (type === 'receipt' ? quantity : -quantity));
      return fact(type, sku, place, quantity);
    });
    await rig.sendDeltas(list.slice(0, 2000));
    await rig.service.lifecycle.stop();
    await rig.sendDeltas(list.slice(1500, 4000));
    rig.service = await rig.start();
    const second = await rig.start();
    await rig.sendDeltas(list.slice(3500));
    await rig.sendDeltas(list.filter((_, i) => i % 10 === 0));
    await until(
      async () => (await rig.movements()).filter(({ source }) => source === 'it').length === list.length,
      'all are applied',
    );
    await second.lifecycle.stop();
    const committed = new Map((await levels('')).map((each) => [`${each.sku}@${each.location}`, each]));
    expect(new Map([...committed].map(([key, { onHand }]) => [key, onHand]))).toEqual(recount);
    const newest = () => rig.shown<StockLevel>(TOPICS.levels);
    await until(
      () => [...committed].every(([key, { version }]) => newest().get(key)?.version === version),
      'the topic shows every level as it is committed',
    );
    const stored = () => rig.connection.collection('levels').find({}).toArray();
    await until(
      async () =>
        (await stored()).filter(({ _id, version }) => committed.get(String(_id))?.version === version).length ===
        committed.size,
      'every level is written to its collection',
    );
    expect((await rig.call('GET', 'verify')).json).toMatchObject({ driftUnits: 0, drifts: [] });
  });

  it('no version ever went back on the compacted topics', () => {
    for (const topic of [TOPICS.levels, TOPICS.availability]) {
      const newest = new Map<string, number>();
      for (const record of rig.published.filter((each) => each.topic === rig.topic(topic))) {
        const { version } = JSON.parse(record.value!.toString()) as Availability;
        expect(version).toBeGreaterThanOrEqual(newest.get(record.key!) ?? 0);
        newest.set(record.key!, version);
      }
    }
  });

  it('sets aside what it cannot read or keep, and goes on', async () => {
    const good = fact('receipt', 'tea', 'dc', 7);
    const bad = (change: object) => ({ key: 'tea', value: { ...fact('sale', 'tea', 'dc', 1), ...change } });
    await rig.send(TOPICS.deltas, [
      { key: 'tea', value: '{"half' },
      { key: 'tea', value: Buffer.from([0x7b, 0xff, 0x7d]) },
      bad({ quantity: -1 }),
      bad({ occurredAt: '2999-01-01T00:00:00Z' }),
      bad({ type: 'teleport' }),
      bad({ 'nul\u0000': 1 }),
      bad({ x: { _bsontype: 'ObjectId' } }),
      bad({ x: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) }),
      { key: 'tea', value: good },
      { key: 'tea', value: { ...good, quantity: 8 } },
    ]);
    await until(async () => (await letters()).length === 9, 'nine dead letters');
    expect((await letters()).map(({ reason }) => String(reason)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'conflict',
      'future_date',
      'invalid',
      'not_json',
      'not_storable',
      'not_storable',
      'not_storable',
      'not_utf8',
      'unknown_type',
    ]);
    expect((await level('tea', 'dc'))?.onHand).toBe(7);
    expect((await rig.call('GET', `deltas/it/${good.id}`)).json).toMatchObject({ outcome: 'applied', quantity: 7 });
  });

  it('reserves, answers again, refuses with what is short, and gives back', async () => {
    const expiresAt = inLater(60 * 24);
    const ask = (id: string, quantity: number) =>
      rig.call('POST', 'reservations', {
        id,
        lines: [{ sku: 'tea', quantity, locations: ['dc'] }],
        mode: 'all_or_nothing',
        expiresAt,
      });
    expect(await ask('R1', 5)).toMatchObject({ status: 200, json: { lines: [{ reserved: 5, short: 0 }] } });
    expect(await ask('R1', 5)).toMatchObject({ status: 200, json: { lines: [{ reserved: 5 }] } });
    expect(await ask('R1', 4)).toMatchObject({ status: 409, json: { type: 'urn:shelfline:problem:conflict' } });
    expect(await ask('R2', 3)).toMatchObject({ status: 409, json: { lines: [{ short: 1, reason: 'short' }] } });
    expect((await level('tea', 'dc'))?.reserved).toBe(5);
    expect((await rig.call('DELETE', 'reservations/R1')).status).toBe(200);
    expect((await level('tea', 'dc'))?.reserved).toBe(0);
    expect(await rig.call('DELETE', 'reservations/R3')).toMatchObject({ status: 404 });
    expect(await rig.call('DELETE', 'reservations/R3?sku=tea')).toMatchObject({
      status: 200,
      json: { barred: ['tea'] },
    });
    expect(await ask('R3', 1)).toMatchObject({ status: 409, json: { type: 'urn:shelfline:problem:already-released' } });
  });

  it('commits and fulfils by REST', async () => {
    const hold = { id: 'R4', lines: [{ sku: 'tea', quantity: 2, locations: ['dc'] }], expiresAt: inLater(60) };
    expect((await rig.call('POST', 'reservations', hold)).status).toBe(200);
    expect(await rig.call('POST', 'reservations/R4/commit', undefined, 'store')).toMatchObject({
      status: 200,
      json: { state: 'COMMITTED', lines: [{ sku: 'tea', state: 'COMMITTED' }] },
    });
    expect(await rig.call('POST', 'reservations/R4/fulfil')).toMatchObject({
      status: 200,
      json: { state: 'FULFILLED', lines: [{ state: 'FULFILLED' }] },
    });
    expect(await level('tea', 'dc')).toMatchObject({ onHand: 5, reserved: 0 });
    expect((await rig.call('POST', 'reservations/none/commit')).status).toBe(404);
    await rig.sendDeltas([fact('receipt', 'tea', 'dc', 2)]);
    await until(async () => (await level('tea', 'dc'))?.onHand === 7, 'what was shipped is replaced');
  });

  it.each([
    [
      'reservations',
      { id: 'R5', expiresAt: OCCURRED, lines: [{ sku: 'tea', quantity: 1, location: 'dc' }] },
      'location',
    ],
    ['reservations', { id: 'R5', expiresAt: OCCURRED, lines: [{ sku: 'tea', quantity: 1 }], kind: 'x' }, 'kind'],
    ['reservations/R4/fulfil', { lines: [{ sku: 'tea', lot: 'L' }] }, 'lot'],
    ['reservations/R4/fulfil', { lines: [{ sku: 'tea', lots: [{ lot: 'L', quantity: 1, units: 1 }] }] }, 'units'],
  ])('refuses a field of %s that nobody would read: %j', async (path, body, field) => {
    expect(await rig.call('POST', path, body)).toMatchObject({
      status: 400,
      json: { detail: expect.stringContaining(`a field that is not known here: ${field}; leave it out`) },
    });
  });

  it('ends a hold when its time is over', async () => {
    const held = await rig.call('POST', 'reservations', {
      id: 'short-lived',
      lines: [{ sku: 'tea', quantity: 2, locations: ['dc'] }],
      expiresAt: inLater(1 / 30),
    });
    expect(held.status).toBe(200);
    await until(async () => (await level('tea', 'dc'))?.reserved === 0, 'the hold ended');
    expect((await rig.call('GET', 'reservations/short-lived')).json).toMatchObject({ lines: [{ state: 'EXPIRED' }] });
  });

  it('shows a SKU only once the catalog knows it and its place', async () => {
    await rig.sendDeltas([fact('receipt', 'new', 'popup', 4)]);
    await until(async () => (await level('new', 'popup')) !== undefined, 'the fact is applied');
    expect((await rig.call('GET', 'levels?unreferenced=true')).json).toMatchObject({
      items: [{ sku: 'new', location: 'popup', onHand: 4, unreferenced: true }],
    });
    const shown = () => rig.shown<Availability>(TOPICS.availability).get('new|web|all');
    expect(shown()).toBeUndefined();
    await rig.send(TOPICS.products, [{ key: 'new', value: { sku: 'new', name: 'New' } }]);
    await rig.send(TOPICS.locations, [{ key: 'popup', value: { ...location('popup'), type: 'agent' } }]);
    await until(() => shown()?.available === 4, 'it is shown');
    expect((await level('new', 'popup'))?.unreferenced).toBe(false);
  });

  it('tells what a feed left out, and when it falls silent and comes back', async () => {
    const feed = 'wms-7';
    const heartbeat = (id: string) => ({ id, source: feed, type: 'heartbeat', occurredAt: OCCURRED });
    const numbered = Array.from({ length: 30 }, (_, sequence) => ({
      ...fact('receipt', SKUS[sequence]!, 'dc', 1),
      source: feed,
      sequence,
    }));
    await rig.sendDeltas(numbered.filter(({ sequence }) => sequence !== 7 && sequence !== 8));
    await rig.send(TOPICS.deltas, [{ key: feed, value: heartbeat('h1') }]);
    const told = () =>
      [...rig.all<RiskEvent>(TOPICS.risks)].map(({ type, detail }) => `${type} ${detail.slice(0, 14)}`);
    await until(() => told().length >= 2, 'the gap and the silence are told');
    await rig.send(TOPICS.deltas, [{ key: feed, value: heartbeat('h2') }]);
    await until(() => told().length >= 3, 'it is heard again');
    expect(told()).toEqual(
      expect.arrayContaining(['sequence_gap numbers 7 to 8', expect.stringMatching(/^feed_quiet/)]),
    );
    expect(told().at(-1)).toMatch(/^feed_back/);
  });

  it('keeps later facts on top of a count that comes late', async () => {
    const at = (hour: number) => ({ occurredAt: `2026-01-06T${String(hour).padStart(2, '0')}:00:00Z` });
    await rig.sendDeltas([fact('receipt', 'tea', 'shop-a', 20, at(8)), fact('sale', 'tea', 'shop-a', 3, at(12))]);
    await until(async () => (await level('tea', 'shop-a'))?.onHand === 17, 'both facts are applied');
    await rig.sendDeltas([
      fact('count', 'tea', 'shop-a', 15, at(10)),
      fact('sale', 'tea', 'shop-a', 1, at(9)),
      fact('sale', 'tea', 'shop-a', 1, at(11)),
    ]);
    const counted = async () =>
      (await rig.movements())
        .filter((one) => one.effects.some(({ location }) => location === 'shop-a'))
        .filter(({ sku }) => sku === 'tea').length;
    await until(async () => (await counted()) === 5, 'all five are in the ledger');
    // 15 were counted; 3 and 1 were sold after it, and the one sold before it was counted with the rest.
    expect((await level('tea', 'shop-a'))?.onHand).toBe(11);
  });

  it('says of what it does not find whether it may be waiting, and behind how much', async () => {
    const unknown = await rig.call('GET', 'deltas/nobody/nothing');
    expect([unknown.status, unknown.json['ledgerBehind']]).toEqual([404, null]);
    expect(unknown.json['detail']).toMatch(/ask again.*not accepted.*dead letter/);
    const noStock = await rig.call('GET', 'availability?sku=tea&region=nowhere', undefined, 'storefront');
    expect([noStock.status, noStock.json['detail']]).toEqual([404, expect.stringMatching(/no stock|no place/)]);
    expect((await rig.call('GET', 'availability?sku=no-such')).json['detail']).toMatch(/catalog does not know/);

    await rig.service.lifecycle.stop();
    await rig.sendDeltas(Array.from({ length: 100 }, () => fact('receipt', 'tea', PLACES[0]!, 1)));
    const behind = new LedgerBacklog({
      kafka: rig.kafka,
      connection: rig.connection,
      topicName: rig.topic(TOPICS.deltas),
      stream: TOPICS.deltas.name,
      partitionOf: (sku) => partitionFor(sku, 3),
      tickEveryMs: 250,
    });
    expect(await behind.find()).toEqual({ records: expect.any(Number), seconds: expect.any(Number) });
    const ofTea = await behind.find('tea');
    expect(typeof ofTea === 'object' && ofTea.records).toBeGreaterThanOrEqual(100);
    rig.service = await rig.start();
    await until(async () => (await behind.find('tea')) === undefined, 'the ledger caught up');
  });
});
