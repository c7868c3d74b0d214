import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { type ParcelQuery, ParcelsRepository } from '../couriers/parcels.repository.js';
import { ReturnsRepository } from '../returns/returns.repository.js';
import { type TransferListQuery, TransfersRepository } from '../transfers/transfers.repository.js';
import { OrderListRepository } from './order-list.repository.js';

const DOCUMENTS = 1000;
const NOW_MS = 1_780_000_000_000;
const atMsOf = (i: number) => NOW_MS - i * 60_000;
const numbers = Array.from({ length: DOCUMENTS }, (_, i) => i);
const idOf = (i: number) => `n-${String(i).padStart(4, '0')}`;
const returned = (i: number) => ({
  channel: `c${i % 10}`,
  memberId: `m${i % 50}`,
  returnStates: [i % 20 === 0 ? 'REQUESTED' : 'CLOSED'],
  returnStores: [`s${i % 8}`, `s${(i + 3) % 8}`],
});
const moved = (i: number) => ({
  from: `s${i % 8}`,
  to: `s${(i + 3) % 8}`,
  places: [`s${i % 8}`, `s${(i + 3) % 8}`],
  state: i % 20 === 0 ? 'REQUESTED' : 'CLOSED',
  overdue: i % 100 === 0 ? 2 : 0,
});

const sent = (i: number) => ({
  store: `s${i % 8}`,
  channel: `c${i % 10}`,
  state: i % 20 === 0 ? 'FAILED' : i % 2 === 0 ? 'ENDED' : 'LABELLED',
});

let connection: Connection;
let returns: ReturnsRepository;
let transfers: TransfersRepository;
let parcels: ParcelsRepository;
beforeAll(async () => {
  const dbName = `it_lists_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
  returns = new ReturnsRepository(connection, () => NOW_MS);
  transfers = new TransfersRepository(connection, {} as never, () => NOW_MS);
  parcels = new ParcelsRepository(connection, () => NOW_MS);
  const shipped = connection.collection<{ _id: string }>('parcels');
  // As a former version left it.
  await shipped.createIndex({ store: 1, changedAt: 1 });
  for (const one of [new OrderListRepository(connection), returns, transfers, parcels]) await one.prepare();
  await shipped.insertMany(
    numbers.map((i) => ({
      _id: idOf(i),
      // Three are of the same moment: a page may end between them.
      changedAt: new Date(atMsOf(i - (i % 3))),
      ...sent(i),
      parcel: { parcelId: idOf(i), changedAtMs: atMsOf(i - (i % 3)) },
    })),
  );
  const orders = connection.collection<{ _id: string }>('orders');
  await orders.insertMany([
    ...numbers.map((i) => ({
      _id: idOf(i),
      placedAt: new Date(1),
      returnedAt: new Date(atMsOf(i)),
      ...returned(i),
      order: { orderId: idOf(i) },
    })),
    // Nothing of them came back.
    ...numbers.map((i) => ({ _id: `kept-${i}`, placedAt: new Date(1), memberId: `m${i % 50}`, order: {} })),
  ]);
  await connection.collection<{ _id: string }>('transfers').insertMany(
    numbers.map((i) => ({
      _id: idOf(i),
      requestedAt: new Date(atMsOf(i)),
      ...moved(i),
      transfer: { transferId: idOf(i), requestedAtMs: atMsOf(i) },
    })),
  );
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

interface Stage {
  readonly keyPattern?: object;
  readonly inputStage?: Stage;
}
const keyIn = (stage: Stage | undefined): string[] =>
  stage === undefined ? [] : stage.keyPattern ? Object.keys(stage.keyPattern) : keyIn(stage.inputStage);

describe.each([
  [{}, ['returnedAt', '_id'], () => true],
  [{ store: 's3' }, ['returnStores', 'returnedAt', '_id'], (i: number) => returned(i).returnStores.includes('s3')],
  [{ state: 'REQUESTED' }, ['returnStates', 'returnedAt', '_id'], (i: number) => i % 20 === 0],
  [{ member: 'm7' }, ['memberId', 'returnedAt', '_id'], (i: number) => i % 50 === 7],
  [{ channel: 'c4' }, ['channel', 'returnedAt', '_id'], (i: number) => i % 10 === 4],
] as [object, string[], (i: number) => boolean][])('returns by %j', (filter, key, isWanted) => {
  it('are all found page by page, by their index', async () => {
    const found: string[] = [];
    for (let after: { atMs: number; orderId: string } | undefined; ; ) {
      const page = await returns.list(filter, after, 60);
      found.push(...page.map(({ orderId }) => orderId));
      const { queryPlanner, executionStats } = await returns.explain(filter, after, 60);
      expect(keyIn(queryPlanner.winningPlan)).toEqual(key);
      expect(executionStats.totalDocsExamined).toBeLessThanOrEqual(2 * Math.max(5, executionStats.nReturned));
      const last = page.at(-1);
      if (page.length < 60 || !last) break;
      after = { atMs: atMsOf(Number(last.orderId.slice(2))), orderId: last.orderId };
    }
    expect(found).toEqual(numbers.filter(isWanted).map(idOf));
  });
});

describe.each([
  [{}, ['requestedAt', '_id'], () => true],
  [{ from: 's3' }, ['from', 'requestedAt', '_id'], (i: number) => i % 8 === 3],
  [{ to: 's3' }, ['to', 'requestedAt', '_id'], (i: number) => (i + 3) % 8 === 3],
  [{ place: 's3' }, ['places', 'requestedAt', '_id'], (i: number) => moved(i).places.includes('s3')],
  [{ state: 'REQUESTED' }, ['state', 'requestedAt', '_id'], (i: number) => i % 20 === 0],
  [{ isOverdue: true }, ['overdue'], (i: number) => i % 100 === 0],
  [{ requestedBeforeMs: atMsOf(900) }, ['requestedAt', '_id'], (i: number) => i > 900],
] as [Omit<TransferListQuery, 'limit'>, string[], (i: number) => boolean][])(
  'transfers by %j',
  (query, key, isWanted) => {
    it('are all found page by page, by their index', async () => {
      const found: string[] = [];
      for (let after: TransferListQuery['after']; ; ) {
        const asked = { ...query, ...(after ? { after } : {}), limit: 60 };
        const page = await transfers.list(asked);
        found.push(...page.map(({ transferId }) => transferId));
        const { queryPlanner, executionStats } = await transfers.explain(asked);
        expect(keyIn(queryPlanner.winningPlan)).toEqual(key);
        expect(executionStats.totalDocsExamined).toBeLessThanOrEqual(2 * Math.max(5, executionStats.nReturned));
        after = page.at(-1);
        if (page.length < 60) break;
      }
      expect(found).toEqual(numbers.filter(isWanted).map(idOf));
    });
  },
);

describe.each([
  [{}, ['changedAt', '_id'], () => true],
  [{ store: 's3' }, ['store', 'changedAt', '_id'], (i: number) => i % 8 === 3],
  [{ channel: 'c4' }, ['channel', 'changedAt', '_id'], (i: number) => i % 10 === 4],
  [{ state: 'LABELLED' }, ['state', 'changedAt', '_id'], (i: number) => i % 2 === 1],
  [{ state: 'FAILED', store: 's4' }, ['state', 'changedAt', '_id'], (i: number) => i % 20 === 0 && i % 8 === 4],
  [{ state: 'ENDED', store: 's2' }, ['store', 'changedAt', '_id'], (i: number) => i % 8 === 2 && i % 20 !== 0],
] as [Omit<ParcelQuery, 'limit'>, string[], (i: number) => boolean][])('parcels by %j', (query, key, isWanted) => {
  it('are all found page by page, those changed last first, by their index', async () => {
    const found: string[] = [];
    for (let after: ParcelQuery['after']; ; ) {
      const asked = { ...query, after, limit: 59 };
      const page = await parcels.list(asked);
      found.push(...page.map(({ parcelId }) => parcelId));
      const { queryPlanner } = await parcels.explain(asked);
      expect(keyIn(queryPlanner.winningPlan)).toEqual(key);
      after = page.at(-1);
      if (page.length < 59) break;
    }
    const byTime = (a: number, b: number) => atMsOf(b - (b % 3)) - atMsOf(a - (a % 3)) || b - a;
    expect(found).toEqual(numbers.filter(isWanted).toSorted(byTime).map(idOf));
  });
});

it('parcels were listed by an index of a former version, which each write kept up', async () => {
  const keys = (await connection.collection('parcels').listIndexes().toArray()).map(({ key }) => key as object);
  expect(keys).not.toContainEqual({ store: 1, changedAt: 1 });
  expect(keys).toContainEqual({ store: 1, changedAt: 1, _id: 1 });
});
