import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { OrdersRepository } from '../orders.repository.js';
import { placed, worldAt } from '../testing/placing.js';
import { OrderTimelineRepository } from '../timeline/order-timeline.repository.js';
import { type OrderFilter, OrderListRepository } from './order-list.repository.js';

const ORDERS = 3000;
const NOW_MS = 1_780_000_000_000;
const EVERY_MS = 60_000;
const orderId = (i: number) => `web-${String(i).padStart(5, '0')}`;
/** The newest is number 0. Places and states are spread so that no index is good for all. */
const FIELDS = (i: number) => ({
  stores: [`s${i % 40}`, `s${(i * 7 + 1) % 40}`],
  state: i % 50 === 3 ? 'WAITING' : i % 9 === 0 ? 'CANCELLED' : 'COMPLETED',
  channel: `c${i % 5}`,
  memberId: `m${i % 300}`,
  channelOrder: `TM-${i}`,
});

let connection: Connection;
let lists: OrderListRepository;
let timelines: OrderTimelineRepository;
beforeAll(async () => {
  const dbName = `it_queries_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
  const repository = new OrdersRepository(connection, 5000);
  lists = new OrderListRepository(connection, () => NOW_MS);
  timelines = new OrderTimelineRepository(connection);
  for (const one of [repository, lists, timelines]) await one.prepare();
  const template = placed(worldAt(1));
  const documents = Array.from({ length: ORDERS }, (_, i) => {
    const { channel, ...fields } = FIELDS(i);
    const placedAtMs = NOW_MS - i * EVERY_MS;
    const order = {
      ...template,
      orderId: orderId(i),
      state: fields.state,
      placedAtMs,
      placed: { ...template.placed, channel },
    };
    return { _id: orderId(i), partition: i % 12, placedAt: new Date(placedAtMs), ...fields, channel, order };
  });
  // As what came back of goods sold elsewhere is stored: no order of ours.
  const foreign = { ...documents[1]!, _id: 'foreign:c1:1', foreign: true };
  await connection.collection<{ _id: string }>('orders').insertMany([...documents, foreign]);
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

interface Stage {
  readonly stage?: string;
  readonly keyPattern?: object;
  readonly inputStage?: Stage;
}
const keyIn = (stage: Stage | undefined): object | undefined => stage && (stage.keyPattern ?? keyIn(stage.inputStage));
const has = (stage: Stage | undefined, name: string): boolean =>
  stage !== undefined && (stage.stage === name || has(stage.inputStage, name));

const CASES: readonly [string, OrderFilter, readonly string[]][] = [
  ['all', {}, []],
  ['of a store', { store: 's5' }, ['stores']],
  ['of a store in a state', { store: 's3', state: 'WAITING' }, ['stores', 'state']],
  ['of a member', { member: 'm7' }, ['memberId']],
  ['of a member at a store', { member: 'm7', store: 's7' }, ['memberId']],
  ['by the number of a marketplace', { channelOrder: 'TM-1234' }, ['channelOrder']],
  ['in a state', { state: 'CANCELLED' }, ['state']],
  ['in a rare state', { state: 'WAITING' }, ['state']],
  [
    'in a state and of an age',
    { state: 'WAITING', placedBeforeMs: NOW_MS - 1000 * EVERY_MS, placedAfterMs: NOW_MS - 2000 * EVERY_MS },
    ['state'],
  ],
  ['of a channel', { channel: 'c2' }, ['channel']],
];

const isWanted = (filter: OrderFilter, i: number): boolean => {
  const { stores, state, channel, memberId, channelOrder } = FIELDS(i);
  const atMs = NOW_MS - i * EVERY_MS;
  return (
    (filter.store === undefined || stores.includes(filter.store)) &&
    (filter.state === undefined || state === filter.state) &&
    (filter.channel === undefined || channel === filter.channel) &&
    (filter.member === undefined || memberId === filter.member) &&
    (filter.channelOrder === undefined || channelOrder === filter.channelOrder) &&
    (filter.placedBeforeMs === undefined || atMs < filter.placedBeforeMs) &&
    (filter.placedAfterMs === undefined || atMs >= filter.placedAfterMs)
  );
};

describe.each(CASES)('orders %s', (_, filter, fields) => {
  const wanted = Array.from({ length: ORDERS }, (_unused, i) => i).filter((i) => isWanted(filter, i));

  it('are all found, newest first, page by page', async () => {
    const found: string[] = [];
    for (let after: { placedAtMs: number; orderId: string } | undefined; ; ) {
      const page = await lists.list({ filter, after, limit: 170 });
      found.push(...page.map((order) => order.orderId));
      after = page.at(-1);
      if (page.length < 170) break;
    }
    expect(found).toEqual(wanted.map(orderId));
  });

  it('are read by their index, in its order, without passing others over', async () => {
    const middle = wanted[Math.floor(wanted.length / 2)]!;
    const after = { placedAtMs: NOW_MS - middle * EVERY_MS, orderId: orderId(middle) };
    for (const page of [undefined, after]) {
      const { queryPlanner, executionStats } = await lists.explain({ filter, after: page, limit: 20 });
      const plan = queryPlanner.winningPlan as Stage;
      expect(Object.keys(keyIn(plan) ?? {})).toEqual([...fields, 'placedAt', '_id']);
      expect(has(plan, 'SORT')).toBe(false);
      const examined = executionStats.totalDocsExamined as number;
      // Of a member at a store the store is looked at in the document.
      expect(examined).toBeLessThanOrEqual(2 * Math.max(executionStats.nReturned as number, 5));
    }
  });
});

describe('the timeline of an order', () => {
  const entry = (n: number, fields: object) => ({
    _id: `shop/${n}`,
    orderId: 'A',
    outcome: 'applied',
    told: [],
    ...fields,
  });
  const routing = (version: number) => ({ version, why: {} });
  beforeAll(async () => {
    const entries = [
      entry(1, { offset: 7, version: 7, routings: [routing(7)] }),
      // The topic was made anew: offsets begin again, versions do not.
      entry(2, { offset: 3, version: 2 ** 40 + 3, routings: [routing(2 ** 40 + 3)] }),
      entry(3, { offset: 9, version: 9 }),
      entry(4, { offset: 2 }),
      { ...entry(5, { offset: 1, version: 1 }), orderId: 'B' },
    ];
    await connection.collection<{ _id: string }>('order_entries').insertMany(entries);
  });

  it('is in order over generations of the topic, and what has no version comes first', async () => {
    const ids = async (skip: number, limit: number) =>
      (await timelines.find('A', skip, limit)).map(({ _id }) => _id.slice('shop/'.length)).join(' ');
    expect([await ids(0, 10), await ids(0, 2), await ids(2, 2)]).toEqual(['4 1 3 2', '4 1', '3 2']);
  });

  it('has the newest decision about its places first, also after the topic was made anew', async () => {
    expect((await timelines.findRoutings('A', 5)).map(({ version }) => version)).toEqual([2 ** 40 + 3, 7]);
  });

  it('is read by its index, in its order', async () => {
    const { queryPlanner, executionStats } = await timelines.explain('A', 0, 10);
    expect(keyIn(queryPlanner.winningPlan)).toEqual({ orderId: 1, version: 1, offset: 1 });
    expect(has(queryPlanner.winningPlan, 'SORT')).toBe(false);
    expect(executionStats.totalDocsExamined).toBe(4);
  });
});
