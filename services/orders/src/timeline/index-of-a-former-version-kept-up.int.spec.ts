import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { ORDER_ENTRIES } from '../order-entry.js';
import { OrderTimelineRepository } from './order-timeline.repository.js';

let connection: Connection;
beforeAll(async () => {
  const dbName = `it_old_index_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

it('an index that no timeline is read by any more goes at the start, also where two start at once', async () => {
  const entries = connection.collection(ORDER_ENTRIES);
  await entries.createIndex({ orderId: 1, offset: 1 });
  const starting = () => new OrderTimelineRepository(connection).prepare();
  await Promise.all([starting(), starting()]);
  await starting();
  const keys = (await entries.listIndexes().toArray()).map(({ key }) => Object.keys(key).join(' '));
  expect(keys.toSorted()).toEqual(['_id', 'orderId version offset']);
});
