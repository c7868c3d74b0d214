import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { written } from '@shelfline/streaming/testing/written';
import mongoose, { type Connection } from 'mongoose';
import type { Order } from '../domain/order.js';
import { OrdersRepository } from '../orders.repository.js';
import { OrderListRepository } from '../queries/order-list.repository.js';
import { doing, placing } from '../testing/order-cases.js';
import { given, type OrderScene } from '../testing/order-scene.js';
import { RoundsRepository } from './rounds.repository.js';

let connection: Connection;
let orders: OrdersRepository;
const rounds = () => new RoundsRepository(connection);
beforeAll(async () => {
  const dbName = `it_rounds_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
  orders = new OrdersRepository(connection, 5000);
  await orders.prepare();
  await new OrderListRepository(connection).prepare();
  await rounds().prepare();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

const write = (order: Order, isNew: boolean) =>
  written(connection, (transaction) => orders.write({ orders: [{ partition: 0, order, isNew }] }, transaction));
const scene = (): OrderScene => given({ A: { 'shop-1': 9 } }, placing({ A: 1 }, { method: 'guide_visit' }));
const PACKED = [doing('accept'), doing('pick'), doing('pack')];
const named = (order: Order, orderId: string, placedAtMs: number, channel = 'web'): Order => ({
  ...order,
  orderId,
  placedAtMs,
  placed: { ...order.placed, channel },
});
const idsOf = (found: readonly Order[]) => found.map(({ orderId }) => orderId);

it('what was packed first was missing in a round where five hundred newer orders were being worked on', async () => {
  const started = scene().when(doing('accept')).order;
  const packed = scene().when(...PACKED).order;
  await write(named(packed, 'old', 1000), true);
  await write(named(packed, 'of another channel', 2000, 'tmall'), true);
  const writes = Array.from({ length: 600 }, (_, i) => ({
    partition: 0,
    order: named(started, `newer-${i}`, 5000 + i),
    isNew: true,
  }));
  await written(connection, (transaction) => orders.write({ orders: writes }, transaction));
  expect(idsOf(await rounds().findBrought({ store: 'shop-1', limit: 10 }))).toEqual(['old', 'of another channel']);
  expect(idsOf(await rounds().findBrought({ store: 'shop-1', channel: 'web', limit: 10 }))).toEqual(['old']);
  expect(await rounds().findBrought({ store: 'shop-2', limit: 10 })).toEqual([]);
  const delivered = scene().when(...PACKED, doing('ship'), doing('deliver')).order;
  await write(named(delivered, 'old', 1000), false);
  expect(idsOf(await rounds().findBrought({ store: 'shop-1', limit: 10 }))).toEqual(['of another channel']);
});

it('what a former version packed is in the rounds from the first start on', async () => {
  const packed = scene().when(...PACKED).order;
  await write(named(packed, 'packed before', 500), true);
  const stored = connection.collection<{ _id: string }>('orders');
  await stored.updateMany({}, { $unset: { broughtFrom: '' } });
  await stored.dropIndex('broughtFrom_1_placedAt_1');
  await rounds().prepare();
  const found = idsOf(await rounds().findBrought({ store: 'shop-1', limit: 10 }));
  expect(found).toEqual(['packed before', 'of another channel']);
});
