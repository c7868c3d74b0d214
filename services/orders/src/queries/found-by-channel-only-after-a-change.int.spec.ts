import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
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
