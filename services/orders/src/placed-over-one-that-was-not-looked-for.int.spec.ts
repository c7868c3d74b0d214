import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MongoPartitionStore } from '@shelfline/streaming/mongo-partition-store';
import mongoose, { type Connection } from 'mongoose';
import { OrdersRepository, type OrderWrites } from './orders.repository.js';
import { placed, worldAt } from './testing/placing.js';

let connection: Connection;
let repository: OrdersRepository;
let store: MongoPartitionStore<OrderWrites>;
beforeAll(async () => {
  const dbName = `it_placed_over_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
  repository = new OrdersRepository(connection, 5000);
  await repository.prepare();
  store = new MongoPartitionStore<OrderWrites>({
    connection,
    stream: 'orders.intake',
    entriesCollection: 'order_entries',
    partitions: 2,
    write: (writes, transaction) => repository.write(writes, transaction),
    merge: (all) => ({ orders: all.flatMap(({ orders }) => orders) }),
  });
  await store.prepare();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

const writesOf = (partition: number, atMs: number, ...ids: string[]): OrderWrites => ({
  orders: ids.map((orderId) => ({ partition, order: placed(worldAt(atMs), { orderId }), isNew: true })),
});
const stateOf = async (id: string) => (await repository.findOrder(id))?.placedAtMs;

it('commits nothing of a batch that makes an order which is there, and all of one that is ready at the same moment', async () => {
  const [first, second] = [await store.claim(0), await store.claim(1)];
  const move = (partition: number, epoch: number, fromNext: number, next: number) => ({
    partition,
    epoch,
    fromNext,
    next,
    published: fromNext,
    newestMs: next,
  });
  const made = await store.commit(move(0, first.epoch, -1, 1), [], [], writesOf(0, 10_000, 'there'));
  expect(made.kind).toBe('committed');
  const results = await Promise.all([
    store.commit(move(0, first.epoch, 1, 2), [], [], writesOf(0, 20_000, 'new', 'there')),
    store.commit(move(1, second.epoch, -1, 1), [], [], writesOf(1, 20_000, 'other')),
  ]);
  expect(results.map(({ kind }) => kind)).toEqual(['duplicate', 'committed']);
  expect([await stateOf('there'), await stateOf('new'), await stateOf('other')]).toEqual([10_000, undefined, 20_000]);
});
