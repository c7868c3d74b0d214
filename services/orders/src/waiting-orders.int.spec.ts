import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { written } from '@shelfline/streaming/testing/written';
import mongoose, { type Connection } from 'mongoose';
import { OrdersRepository } from './orders.repository.js';
import { placed, worldAt } from './testing/placing.js';
import { WaitingOrders } from './waiting-orders.js';

const STOCK = { S: 5 };
let connection: Connection;
let repository: OrdersRepository;
beforeAll(async () => {
  const dbName = `it_waiting_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
  repository = new OrdersRepository(connection, 5000);
  await repository.prepare();
  const orders = [
    { partition: 0, order: placed(worldAt(40_000), { orderId: 'waits-1' }) },
    { partition: 1, order: placed(worldAt(20_000), { orderId: 'waits-2' }) },
    { partition: 1, order: placed(worldAt(30_000), { orderId: 'waits-3' }) },
    { partition: 2, order: placed(worldAt(10_000), { orderId: 'elsewhere' }) },
    { partition: 0, order: placed(worldAt(5000, STOCK), { orderId: 'asks' }) },
  ];
  await written(connection, (transaction) =>
    repository.write({ orders: orders.map((one) => ({ ...one, isNew: true })) }, transaction),
  );
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

it('counts what waits in the partitions of this instance, and how long the oldest of it does', async () => {
  const waiting = new WaitingOrders(repository, () => 100_000);
  waiting.seen(0);
  waiting.seen(1);
  expect(await waiting.read()).toEqual({ orders: 3, oldestSeconds: 80 });
});

it('finds by what rises those that only await a delivery of it, however often they have tried, until they have it', async () => {
  const [orderId, sku] = ['awaits', 'S'];
  const asked = { reservationId: 'order/awaits/1/1', lineId: '1', sku, quantity: 1, locations: ['dc'] };
  const hold = { ...asked, location: 'dc', expiresAtMs: 1, askedAtMs: 1 };
  const { retryAtMs: _, ...order } = placed(worldAt(50_000), { orderId });
  const write = (tries: number, state: 'awaited' | 'held', isNew = false) =>
    written(connection, (transaction) =>
      repository.write(
        {
          orders: [
            {
              partition: 4,
              order: { ...order, holds: [{ ...hold, state }], elsewhere: { tries, lookAtMs: 1 } },
              isNew,
            },
          ],
        },
        transaction,
      ),
    );
  const found = async () => (await repository.findWaiting(4, [sku], 9)).map((one) => one.orderId);
  await write(0, 'awaited', true);
  expect([await found(), await repository.findWaiting(4, ['T'], 9)]).toEqual([[orderId], []]);
  await write(100, 'awaited');
  expect(await found()).toEqual([orderId]);
  await write(100, 'held');
  expect(await found()).toEqual([]);
});

it('finds nothing where nothing waits', async () => {
  expect(await repository.readWaiting([3])).toEqual({ orders: 0, oldestPlacedAtMs: undefined });
});
