import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { OrderOutcome } from '@shelfline/contracts/order-view';
import mongoose, { type Connection } from 'mongoose';
import { saysWhatBecame } from '../carts/cart-outputs.js';
import { ORDER_ENTRIES, type OrderEntry } from '../order-entry.js';
import { ORDER_ENTRY_LAYOUT } from '../order-entry-layout.js';
import { OrderTimelineRepository } from './order-timeline.repository.js';

let connection: Connection;
beforeAll(async () => {
  const dbName = `it_told_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

const told = (id: string, state: OrderOutcome['state'], version: number): OrderOutcome => ({
  id,
  source: 'carts',
  orderId: 'o-1',
  result: 'applied',
  state,
  version,
});
const entry = (_id: string, version: number, more: Partial<OrderEntry>): OrderEntry => ({
  _id,
  contentHash: '',
  partition: 0,
  offset: version,
  version,
  outcome: 'applied',
  orderId: 'o-1',
  told: [],
  commands: [],
  ...more,
});

it('what whoever asked for an order was told is found in its entries, those of former versions too', async () => {
  const repository = new OrderTimelineRepository(connection);
  await repository.prepare();
  const entries = [
    entry('carts/cart/m/1', 1, { answer: told('cart/m/1', 'RESERVING', 1) }),
    entry('inventory/2', 2, {
      settled: told('cart/m/0', 'ROUTED', 2),
      settledToo: [told('cart/m/1', 'CANCELLED', 2)],
    }),
    entry('inventory/3', 3, { settled: told('cart/m/1', 'ROUTED', 3) }),
  ];
  const former = { ...entry('f', 1, { settled: told('cart/m/1', 'WAITING', 1) }), orderId: 'o-2' };
  const documents = [...ORDER_ENTRY_LAYOUT.toDocuments(entries, 'commit'), former];
  await connection.collection(ORDER_ENTRIES).insertMany(documents as never);
  const find = (orderId: string, id: string) =>
    repository.findAnswer(orderId, (one) => one.id === id && saysWhatBecame(one));
  expect(await find('o-1', 'cart/m/1')).toMatchObject({ state: 'CANCELLED' });
  expect(await find('o-1', 'cart/m/0')).toMatchObject({ state: 'ROUTED' });
  expect(await find('o-2', 'cart/m/1')).toMatchObject({ state: 'WAITING' });
  expect(await find('o-1', 'cart/m/7')).toBeUndefined();
  expect(await find('o-3', 'cart/m/1')).toBeUndefined();
});
