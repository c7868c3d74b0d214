import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import mongoose, { type Connection, type mongo } from 'mongoose';
import { findEarliestMs } from './mongo-earliest.js';

interface Dated {
  _id: string;
  partition: number;
  dueAt?: Date;
}
let connection: Connection;
beforeAll(async () => {
  const dbName = `it_earliest_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

it('finds the earliest date of a partition, past whatever has none', async () => {
  const rows = connection.collection<Dated>('rows') as unknown as mongo.Collection<Dated>;
  await rows.createIndex({ partition: 1, dueAt: 1 });
  expect(await findEarliestMs(rows, { partition: 0 }, 'dueAt')).toBeUndefined();
  const dated = (partition: number, dueMs: number) => ({
    _id: `${partition}/${dueMs}`,
    partition,
    dueAt: new Date(dueMs),
  });
  const undated = Array.from({ length: 20 }, (_, i) => ({ _id: `undated ${i}`, partition: i % 3 }));
  await rows.insertMany([...undated, dated(0, 7000), dated(0, 5000), dated(0, 6000), dated(1, 0), dated(1, 1000)]);
  const earliest = await Promise.all([0, 1, 2].map((partition) => findEarliestMs(rows, { partition }, 'dueAt')));
  expect(earliest).toEqual([5000, 0, undefined]);
});
