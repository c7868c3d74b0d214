import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type ClientSession, type Connection } from 'mongoose';
import { databaseOf, MongoPartitionStore, type MongoPartitionStoreOptions } from './mongo-partition-store.js';
import { createCountingStream, type Totals } from './testing/counting-stream.js';
import { describePartitionStore } from './testing/partition-store.contract.js';
import { until } from './testing/until.js';

const connections: Connection[] = [];
const connect = async (database: string, options: mongoose.ConnectOptions = {}): Promise<Connection> => {
  const connection = await mongoose
    .createConnection(process.env['MONGODB_URI']!, { dbName: database, ...options })
    .asPromise();
  connections.push(connection);
  return connection;
};
const newDatabase = () => `it_store_${randomUUID().slice(0, 8)}`;
afterAll(async () => {
  for (const connection of connections) {
    await connection.dropDatabase();
    await connection.close();
  }
});

describePartitionStore('MongoDB', async () => {
  const database = newDatabase();
  const connection = await connect(database);
  return {
    connect: async () => (await createCountingStream(await connect(database), 2, 'group')).stream.store,
    findTotal: async (key) => {
      const found = await databaseOf(connection)
        .collection<{ _id: string; total: number }>('totals')
        .findOne({ _id: key });
      return found?.total;
    },
  };
});

describe('MongoPartitionStore', () => {
  let connection: Connection;
  let database: string;
  const storeOf = async (
    stream: string,
    options: Partial<MongoPartitionStoreOptions<Totals>> = {},
  ): Promise<MongoPartitionStore<Totals>> => {
    const store = new MongoPartitionStore<Totals>({
      connection,
      stream,
      entriesCollection: `${stream}_entries`,
      partitions: 1,
      write: () => {},
      merge: ([writes]) => writes!,
      ...options,
    });
    await store.prepare();
    return store;
  };
  beforeAll(async () => {
    database = newDatabase();
    connection = await connect(database);
  });

  it('refuses a changed partition count', async () => {
    await createCountingStream(connection, 3, 'group');
    await expect(createCountingStream(connection, 4, 'group')).rejects.toThrow('begun with 3 partitions');
  });

  it('claims at once though a killed owner left its transaction open, and that one is never applied', async () => {
    let stuckWrites = 0;
    const stuck = await storeOf('stuck', {
      connection: await connect(database),
      write: (_, transaction) =>
        transaction.afterwards(() => {
          stuckWrites++;
          return new Promise<void>(() => {});
        }),
    });
    const { epoch } = await stuck.claim(0);
    const entry = { _id: 'a', contentHash: '', partition: 0, offset: 0, outcome: 'applied' };
    const move = { partition: 0, epoch, fromNext: -1, next: 1, published: 0, newestMs: 1 };
    // Its process is killed here, within the transaction: the write never returns.
    void stuck.commit(move, [entry], [], new Map());
    await until(() => stuckWrites > 0, 'the transaction is under way');
    const next = await storeOf('stuck');
    const startedMs = Date.now();
    const claim = await next.claim(0);
    expect(await next.commit({ ...move, epoch: claim.epoch }, [entry], [], new Map())).toEqual({ kind: 'committed' });
    expect(Date.now() - startedMs).toBeLessThan(5000);
  });

  it('a-read-preference-refused-every-commit: a commit goes to the primary whatever the address says of reading', async () => {
    const store = await storeOf('preferring', {
      connection: await connect(database, { readPreference: 'secondaryPreferred' }),
    });
    const { epoch } = await store.claim(0);
    const entry = { _id: 'a', contentHash: '', partition: 0, offset: 0, outcome: 'applied' };
    const move = { partition: 0, epoch, fromNext: -1, next: 1, published: 0, newestMs: 1 };
    expect(await store.commit(move, [entry], [], new Map())).toEqual({ kind: 'committed' });
  });

  it('a-killed-flush-kept-its-locks: a claim ends what the owner before had open beside its commits', async () => {
    const levels = databaseOf(connection).collection<{ _id: string; onHand: number }>('flushed_levels');
    await levels.insertOne({ _id: 'tea@dc', onHand: 1 });
    const flush = connection.getClient().startSession() as unknown as ClientSession;
    const killed = await storeOf('flushing', { otherSessions: () => [flush] });
    await killed.claim(0);
    flush.startTransaction();
    await levels.updateOne({ _id: 'tea@dc' }, { $set: { onHand: 2 } }, { session: flush as never });
    const next = await storeOf('flushing');
    await next.claim(0);
    // Refused at once where the killed one's lock is still there.
    await levels.updateOne({ _id: 'tea@dc', onHand: 1 }, { $set: { onHand: 3 } }, { maxTimeMS: 2000 });
    expect(await levels.findOne({ _id: 'tea@dc' })).toEqual({ _id: 'tea@dc', onHand: 3 });
    await flush.endSession();
  });

  describe('partitions of one process that commit at the same moment', () => {
    const PARTITIONS = [0, 1, 2];
    let transactions = 0;
    let store: MongoPartitionStore<Totals>;
    const entry = (partition: number, offset: number, id = `${partition}/${offset}`) => ({
      _id: id,
      contentHash: '',
      partition,
      offset,
      outcome: 'applied',
    });
    const move = (partition: number, epoch: number, fromNext: number) => ({
      partition,
      epoch,
      fromNext,
      next: fromNext < 0 ? 1 : fromNext + 1,
      published: 0,
      newestMs: 1,
    });
    const claimAll = () => Promise.all(PARTITIONS.map(async (partition) => (await store.claim(partition)).epoch));
    const stored = async () =>
      (
        await databaseOf(connection).collection<{ _id: string }>('shared_entries').find().sort({ _id: 1 }).toArray()
      ).map(({ _id }) => _id);

    beforeAll(async () => {
      store = await storeOf('shared', {
        partitions: PARTITIONS.length,
        write: () => void transactions++,
      });
    });

    it('share one transaction', async () => {
      const epochs = await claimAll();
      transactions = 0;
      const results = await Promise.all(
        PARTITIONS.map((p) => store.commit(move(p, epochs[p]!, -1), [entry(p, 0)], [], new Map())),
      );
      expect(results).toEqual(PARTITIONS.map(() => ({ kind: 'committed' })));
      expect(transactions).toBe(1);
      expect(await stored()).toEqual(['0/0', '1/0', '2/0']);
    });

    it('are told each for itself that one is fenced; the others are committed', async () => {
      const epochs = await claimAll();
      const results = await Promise.all(
        PARTITIONS.map((p) =>
          store.commit(move(p, p === 1 ? epochs[p]! - 1 : epochs[p]!, 1), [entry(p, 1)], [], new Map()),
        ),
      );
      expect(results.map(({ kind }) => kind)).toEqual(['committed', 'fenced', 'committed']);
      expect(await stored()).toEqual(['0/0', '0/1', '1/0', '2/0', '2/1']);
    });

    it('are told each for itself that one has a duplicate; the others are committed', async () => {
      const epochs = await claimAll();
      const results = await Promise.all([
        store.commit(move(0, epochs[0]!, 2), [entry(0, 2)], [], new Map()),
        store.commit(move(1, epochs[1]!, 1), [entry(1, 1), entry(1, 1, '0/0')], [], new Map()),
        store.commit(move(2, epochs[2]!, 2), [entry(2, 2)], [], new Map()),
      ]);
      expect(results.map(({ kind }) => kind)).toEqual(['committed', 'duplicate', 'committed']);
      expect(await stored()).toEqual(['0/0', '0/1', '0/2', '1/0', '2/0', '2/1', '2/2']);
      // Nothing of the refused batch stays: the same checkpoint moves once its duplicate is left out.
      expect(await store.commit(move(1, epochs[1]!, 1), [entry(1, 1)], [], new Map())).toEqual({ kind: 'committed' });
    });
  });
});
