import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { OrdersRepository } from '../orders.repository.js';
import { storedOrderOf } from '../stored-order.js';
import { placed, worldAt } from '../testing/placing.js';
import { OrderListRepository } from './order-list.repository.js';

let connection: Connection;
beforeAll(async () => {
  const dbName = `it_old_orders_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

it('orders of former versions are found by their channel from the next start on, and others are left as they are', async () => {
  const orders = connection.collection<{ _id: string; placedAt: Date; channel?: string; order: string }>('orders');
  const former = Array.from({ length: 1001 }, (_, i) => {
    const orderId = `old-${String(i).padStart(4, '0')}`;
    return { _id: orderId, placedAt: new Date(i), order: storedOrderOf(placed(worldAt(1), { orderId })) };
  });
  const order = storedOrderOf(placed(worldAt(1), { orderId: 'new' }));
  await orders.insertMany([...former, { _id: 'new', placedAt: new Date(1), channel: 'tmall', order }]);
  const lists = new OrderListRepository(connection);
  await lists.prepare();
  const found = await lists.list({ filter: { channel: 'web' }, limit: 2000 });
  expect(found).toHaveLength(1001);
  expect(await orders.countDocuments({ channel: 'tmall' } as object)).toBe(1);
  expect(await orders.countDocuments({ channel: null } as object)).toBe(0);
});

it('orders of former versions are among those that new rules are tried with, named or not, and only in their time', async () => {
  const former = connection.useDb(`${connection.name}_unnamed`);
  const order = (orderId: string, channel: string) => {
    const made = placed(worldAt(1), { orderId });
    return { ...made, placed: { ...made.placed, channel } };
  };
  const unnamed = (_id: string, atMs: number, channel: string) => ({
    _id,
    placedAt: new Date(atMs),
    order: order(_id, channel),
  });
  const named = (_id: string, atMs: number, channel: string) => ({
    _id,
    placedAt: new Date(atMs),
    channel,
    order: storedOrderOf(order(_id, channel)),
  });
  const documents = [
    unnamed('before', 999, 'web'),
    unnamed('first', 1000, 'web'),
    unnamed('elsewhere', 1100, 'tmall'),
    named('second', 1200, 'web'),
    named('elsewhere-too', 1300, 'tmall'),
    named('after', 2000, 'web'),
  ];
  await former.collection<{ _id: string }>('orders').insertMany(documents);
  const found: string[] = [];
  for await (const one of new OrdersRepository(former, 5000).placedBetween(1000, 2000, 10, 'web'))
    found.push(one.orderId);
  await former.dropDatabase();
  expect(found).toEqual(['second', 'first']);
});
