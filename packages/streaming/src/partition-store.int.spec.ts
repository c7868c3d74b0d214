import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { databaseOf, MongoPartitionStore } from './mongo-partition-store.js';
import { createCountingStream, type Totals } from './testing/counting-stream.js';
import { describePartitionStore } from './testing/partition-store.contract.js';
import { until } from './testing/until.js';

const connections: Connection[] = [];
const connect = async (database: string): Promise<Connection> => {
  const connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName: database }).asPromise();
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
    const stuck = new MongoPartitionStore<Totals>({
      connection: await connect(database),
      stream: 'stuck',
      entriesCollection: 'stuck_entries',
      partitions: 1,
      write: () => {
        stuckWrites++;
        return new Promise<void>(() => {});
      },
    });
    await stuck.prepare();
    const { epoch } = await stuck.claim(0);
    const entry = { _id: 'a', contentHash: '', partition: 0, offset: 0, outcome: 'applied' };
    const move = { partition: 0, epoch, fromNext: -1, next: 1, published: 0, newestMs: 1 };
    // Its process is killed here, within the transaction: the write never returns.
    void stuck.commit(move, [entry], [], new Map());
    await until(() => stuckWrites > 0, 'the transaction is under way');
    const next = new MongoPartitionStore<Totals>({
      connection,
      stream: 'stuck',
      entriesCollection: 'stuck_entries',
      partitions: 1,
      write: () => Promise.resolve(),
    });
    await next.prepare();
    const startedMs = Date.now();
    const claim = await next.claim(0);
    expect(await next.commit({ ...move, epoch: claim.epoch }, [entry], [], new Map())).toEqual({ kind: 'committed' });
    expect(Date.now() - startedMs).toBeLessThan(5000);
  });
});
