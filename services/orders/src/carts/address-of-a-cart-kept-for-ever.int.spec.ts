import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { CART_ENTRIES, CartsRepository } from './carts.repository.js';

let connection: Connection;
beforeAll(async () => {
  const dbName = `it_cart_address_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

it('an address is forgotten once its order was sent long ago, and nothing else of the entry', async () => {
  const repository = new CartsRepository(connection);
  await repository.prepare();
  const entries = connection.collection<{ _id: string }>(CART_ENTRIES);
  const place = { orderId: 'o-1', destination: { address: '1 rue X' } };
  const answer = { result: 'applied' };
  await entries.insertMany([
    { _id: 'old', partition: 3, placedAtMs: 1000, place, answer } as { _id: string },
    { _id: 'new', partition: 3, placedAtMs: 1001, place } as { _id: string },
    { _id: 'of another', partition: 4, placedAtMs: 1000, place } as { _id: string },
    { _id: 'no order', partition: 3 } as { _id: string },
  ]);
  await repository.forgetPlaced(3, 1000);
  const kept = await entries.find({ place: { $exists: true } }).toArray();
  expect(kept.map(({ _id }) => _id).toSorted()).toEqual(['new', 'of another']);
  expect(await entries.findOne({ _id: 'old' })).toEqual({ _id: 'old', partition: 3, answer });
});

it('an address was kept for ever in what a former version wrote, which did not note when it was', async () => {
  const entries = connection.collection<{ _id: string }>(CART_ENTRIES);
  await entries.drop();
  const place = (placedAt?: string) => ({
    orderId: 'o-1',
    destination: { address: '1 rue X' },
    ...(placedAt ? { placedAt } : {}),
  });
  const many = Array.from({ length: 600 }, (_, i) => ({
    _id: `m-${i}`,
    partition: 3,
    place: place('1970-01-01T00:00:01Z'),
  }));
  await entries.insertMany([
    ...many,
    { _id: 'young', partition: 3, place: place('1970-01-01T00:00:02Z') } as { _id: string },
    { _id: 'undated', partition: 3, place: place() } as { _id: string },
    { _id: 'no order', partition: 3 } as { _id: string },
  ]);
  await entries.createIndex({ partition: 1, placedAtMs: 1 });
  const repository = new CartsRepository(connection);
  await repository.prepare();
  await repository.forgetPlaced(3, 1000);
  const kept = await entries.find({ place: { $exists: true } }).toArray();
  expect(kept.map(({ _id }) => _id)).toEqual(['young']);
  expect(await entries.findOne({ _id: 'no order' })).toEqual({ _id: 'no order', partition: 3 });
  await repository.prepare();
  expect((await entries.listIndexes().toArray()).map(({ key }) => Object.keys(key as object))).not.toContainEqual([
    'partition',
    'placedAtMs',
  ]);
});
