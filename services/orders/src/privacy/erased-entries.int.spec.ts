import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { written } from '@shelfline/streaming/testing/written';
import mongoose, { type Connection } from 'mongoose';
import { ParcelsRepository } from '../couriers/parcels.repository.js';
import type { Parcel } from '../domain/couriers/parcel.js';
import type { Order } from '../domain/order.js';
import type { OrderReturn } from '../domain/returns/order-return.js';
import { orderEntryIn } from '../order-entry-layout.js';
import { OrdersRepository } from '../orders.repository.js';
import { placed, worldAt } from '../testing/placing.js';

const ERASED_MS = 10_000_000;
let connection: Connection;
beforeAll(async () => {
  const dbName = `it_erased_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

it('takes the address out of what was given in exchange, but of what may still have to be sent once more', async () => {
  const repository = new OrdersRepository(connection, 5000);
  await repository.prepare();
  const entries = connection.collection<{ _id: string }>('order_entries');
  const exchange = { orderId: 'A1.x1', destination: { city: 'Lyon', address: '1 rue X' } };
  const entry = (n: number, orderId: string, atMs: number) => ({
    _id: `s/${n}`,
    orderId,
    atMs,
    returns: { told: [], exchanges: [exchange, exchange] },
  });
  await entries.insertMany([
    entry(1, 'A1', 1000),
    entry(2, 'A1', ERASED_MS - 1000),
    entry(3, 'B', 1000),
    { _id: 's/4', orderId: 'A1', atMs: 1000 } as never,
  ]);
  const order = {
    ...placed(worldAt(1)),
    returns: [{ exchangeOrderId: 'A1.x1', state: 'CLOSED', history: [{ atMs: 1 }] } as unknown as OrderReturn],
    customerErasedAtMs: ERASED_MS,
  };
  await written(connection, (transaction) =>
    repository.write({ orders: [{ partition: 0, order, isNew: true }] }, transaction),
  );
  const kept = await entries.find({ 'returns.exchanges.destination.address': { $exists: true } }).toArray();
  expect(kept.map(({ _id }) => _id).toSorted()).toEqual(['s/2', 's/3']);
  // An hour later the rest goes: nobody has to send it once more.
  const finished = { ...order, erasedThroughMs: ERASED_MS + 3_600_000 };
  await written(connection, (transaction) =>
    repository.write({ orders: [{ partition: 0, order: finished, isNew: false }] }, transaction),
  );
  const left = await entries.find({ 'returns.exchanges.destination.address': { $exists: true } }).toArray();
  expect(left.map(({ _id }) => _id)).toEqual(['s/3']);
  expect(await entries.findOne({ _id: 's/1' })).toMatchObject({ returns: { exchanges: [{ orderId: 'A1.x1' }, {}] } });
});

it('kept in the entries, and so in the timeline, what a courier wrote of him', async () => {
  const repository = new OrdersRepository(connection, 5000);
  await repository.prepare();
  const entries = connection.collection<{ _id: string }>('order_entries');
  const words = { type: 'parcel_changed', parcel: 'failed', reason: 'Ann’s dog' };
  const told = [words, { type: 'cancelled', reason: 'out_of_stock' }];
  const entry = (n: number, orderId: string, atMs: number, said: object) => ({ _id: `w/${n}`, orderId, atMs, ...said });
  const text = { said: JSON.stringify({ told, commands: [{ id: 'reserve/1' }] }) };
  await entries.insertMany([
    entry(1, 'W1', 1000, text),
    entry(2, 'W1', 1000, { told, commands: [] }),
    entry(3, 'W1', ERASED_MS - 1000, text),
    entry(4, 'W2', 1000, text),
  ]);
  const tasks = [{ number: 1, location: 'shop-1', isParcelWanted: true }] as unknown as Order['tasks'];
  const order = { ...placed(worldAt(1)), orderId: 'W1', tasks, customerErasedAtMs: ERASED_MS };
  await written(connection, (transaction) =>
    repository.write({ orders: [{ partition: 0, order, isNew: true }] }, transaction),
  );
  const kept = await entries.find({ _id: /^w/ } as never).toArray();
  const holding = kept.filter((one) => JSON.stringify(one).includes('Ann'));
  expect(holding.map(({ _id }) => _id).toSorted()).toEqual(['w/3', 'w/4']);
  expect(orderEntryIn(kept.find(({ _id }) => _id === 'w/1') as never)).toMatchObject({
    told: [
      { type: 'parcel_changed', parcel: 'failed' },
      { type: 'cancelled', reason: 'out_of_stock' },
    ],
    commands: [{ id: 'reserve/1' }],
  });
});

it('kept in the entries of parcels what a courier wrote of him', async () => {
  const repository = new ParcelsRepository(connection);
  await repository.prepare();
  const entries = connection.collection<{ _id: string }>('parcel_entries');
  const told = (n: number, taskId: string) => ({ _id: `t/${n}`, told: { taskId, change: 'failed', reason: 'dog' } });
  await entries.insertMany([told(1, 'A1/1'), told(2, 'A1/2')]);
  const parcel = { parcelId: 'A1/1', state: 'ENDED', store: 'shop-1', changedAtMs: 1, isErased: true } as Parcel;
  await written(connection, (transaction) => repository.write([{ partition: 0, parcel }], transaction));
  expect((await entries.find().toArray()).map((one) => [one._id, JSON.stringify(one).includes('dog')])).toEqual([
    ['t/1', false],
    ['t/2', true],
  ]);
});

it('takes the address out of what a courier was asked for, but of what may still have to be asked once more', async () => {
  const repository = new OrdersRepository(connection, 5000);
  await repository.prepare();
  const entries = connection.collection<{ _id: string }>('order_entries');
  const wanted = { type: 'wanted', parcelId: 'A1/1', destination: { city: 'Lyon', address: '1 rue X' } };
  const entry = (n: number, orderId: string, atMs: number) => ({ _id: `p/${n}`, orderId, atMs, parcels: [wanted] });
  await entries.insertMany([entry(1, 'A1', 1000), entry(2, 'A1', ERASED_MS - 1000), entry(3, 'B', 1000)]);
  const tasks = [{ number: 1, location: 'shop-1', isParcelWanted: true }] as unknown as Order['tasks'];
  const order = { ...placed(worldAt(1)), orderId: 'A1', tasks, customerErasedAtMs: ERASED_MS };
  await written(connection, (transaction) =>
    repository.write({ orders: [{ partition: 0, order, isNew: false }] }, transaction),
  );
  const kept = await entries.find({ 'parcels.destination.address': { $exists: true } }).toArray();
  expect(kept.map(({ _id }) => _id).toSorted()).toEqual(['p/2', 'p/3']);
  expect(await entries.findOne({ _id: 'p/1' })).toMatchObject({ parcels: [{ parcelId: 'A1/1' }] });
});
