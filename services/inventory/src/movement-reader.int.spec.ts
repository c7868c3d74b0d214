import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection, type mongo } from 'mongoose';
import { lotTrace } from './entry-traces.js';
import { MOVEMENT_PACKS, type MovementPack } from './movement-packs.js';
import { MovementReader, type MovementsAsked } from './movement-reader.js';
import { StockRepository } from './stock.repository.js';
import { StockEntry } from './stock-entry.js';

const NOON_MS = Date.parse('2026-03-01T12:00:00Z');
const HOUR_MS = 3_600_000;
const SKUS = ['A', 'B', 'A"'];
const BATCHES = 12;
const PER_BATCH = 150;

/** Most occur about when they are recorded, some long before, and many in the same moment. */
function movementOf(i: number): StockEntry {
  const batch = Math.floor(i / PER_BATCH);
  const isLate = i % 7 === 0;
  const atMs = NOON_MS + batch * (HOUR_MS / 4) + (i % 11) * 1000 - (isLate ? ((i * 31) % 40) * HOUR_MS : 0);
  const [sku, location] = [SKUS[(i * 5) % 3]!, `dc-${i % 4}`];
  const lot = i % 20 === 0 ? { lot: `L-${i % 3}` } : {};
  const occurredAt = new Date(atMs).toISOString();
  return new StockEntry(
    { id: `${i}`, source: 'it', type: i % 9 === 0 ? 'count' : 'sale', sku, location, quantity: 1, occurredAt, ...lot },
    {
      id: `it/${i}`,
      partition: 0,
      offset: i,
      outcome: 'applied',
      atMs,
      recordedAtMs: NOON_MS + i,
      version: 2 ** 40 + i,
      effects: [{ location, onHand: -1, onHandAfter: i, reservedAfter: 0 }],
      traces: lot.lot === undefined ? undefined : [lotTrace(lot.lot)],
    },
  );
}
const ALL = Array.from({ length: BATCHES * PER_BATCH }, (_, i) => movementOf(i));
const NEWEST_FIRST = ALL.toSorted((a, b) => b.atMs - a.atMs || b.version - a.version);

describe('movements read out of their packs', () => {
  let connection: Connection;
  let packs: mongo.Collection<MovementPack>;
  let reader: MovementReader;

  beforeAll(async () => {
    const dbName = `it_movements_${randomUUID().slice(0, 8)}`;
    connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
    packs = connection.collection('movements') as unknown as mongo.Collection<MovementPack>;
    reader = new MovementReader(packs);
    await new StockRepository(connection).prepare();
    for (let batch = 0; batch < BATCHES; batch++)
      await packs.insertMany(
        MOVEMENT_PACKS.toDocuments(ALL.slice(batch * PER_BATCH, (batch + 1) * PER_BATCH), `c/${batch}`) as never,
      );
  });
  afterAll(async () => {
    await connection?.dropDatabase();
    await connection?.close();
  });

  async function paged(asked: MovementsAsked, limit: number): Promise<string[]> {
    const ids: string[] = [];
    for (let after: MovementsAsked['after'], isFirst = true; isFirst || after; isFirst = false) {
      const newest = reader.newestFirst({ ...asked, after });
      const { movements, next } = await newest.page(limit);
      await newest.close();
      ids.push(...movements.map(({ id }) => id));
      after = next;
    }
    return ids;
  }
  const expected = (isAsked: (movement: StockEntry) => boolean) => NEWEST_FIRST.filter(isAsked).map(({ id }) => id);

  it('come newest first, those that came late in their place, whatever the size of a page', async () => {
    for (const sku of SKUS)
      for (const limit of [7, 100, 5000]) expect(await paged({ sku }, limit)).toEqual(expected((m) => m.sku === sku));
  });

  it('are found by time, by what else is asked and by lot', async () => {
    const [fromMs, toMs] = [NOON_MS - 5 * HOUR_MS, NOON_MS + 1000];
    const isBetween = ({ atMs }: StockEntry) => atMs >= fromMs && atMs < toMs;
    expect(await paged({ sku: 'A', fromMs, toMs }, 5)).toEqual(expected((m) => m.sku === 'A' && isBetween(m)));
    const isWanted = ({ type }: StockEntry) => type === 'count';
    expect(await paged({ sku: 'B', isWanted }, 9)).toEqual(expected((m) => m.sku === 'B' && isWanted(m)));
    const traces = [lotTrace('L-1')];
    const ofLot = expected((m) => m.sku === 'A"' && m.message['lot'] === 'L-1');
    expect(ofLot.length).toBeGreaterThan(5);
    expect(await paged({ sku: 'A"', traces }, 4)).toEqual(ofLot);
  });

  it('are found by id, and after an instant', async () => {
    expect(await reader.find('it/77')).toEqual(ALL[77]);
    expect(await reader.find('it/nothing')).toBeUndefined();
    const found = [];
    for await (const { id } of reader.after('A', NOON_MS)) found.push(id);
    expect(found.toSorted()).toEqual(expected(({ sku, atMs }) => sku === 'A' && atMs > NOON_MS).toSorted());
  });

  it('are in one pack only: an id that comes again is refused', async () => {
    const again = MOVEMENT_PACKS.toDocuments([ALL[5]!], 'other');
    await expect(packs.insertMany(again as never)).rejects.toMatchObject({ code: 11000 });
  });

  it('of former versions, one to a document, are not taken for none', async () => {
    const former = connection.useDb(`${connection.name}_former`);
    await former.collection<{ _id: string }>('movements').insertOne({ _id: 'it/1', sku: 'A', effects: '[]' } as never);
    await expect(new StockRepository(former).prepare()).rejects.toThrow('as former versions wrote them');
    await former.dropDatabase();
  });
});
