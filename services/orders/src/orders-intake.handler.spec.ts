import { beforeEach, describe, expect, it } from '@jest/globals';
import { versionOf } from '@shelfline/contracts/stock-level';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { OutputRecord, PartitionStore } from '@shelfline/streaming/stream';
import type { Order } from './domain/order.js';
import { DESK_SOURCE } from './order-answers.js';
import { decodeAnswer } from './order-desk.js';
import type { OrdersRepository, OrderWrites } from './orders.repository.js';
import { ordersStream } from './orders-intake.stream.js';
import { RecentOrders } from './recent-orders.js';
import { cancelling, doing, NOW_MS, ORDER_ID, placing, TIMES } from './testing/order-cases.js';
import { Intake, PARTITION, TRACKING } from './testing/order-intake.js';

const tick = 'tick' as const;

describe('a batch of orders', () => {
  let intake: Intake;
  beforeEach(() => {
    intake = new Intake({ A: { 'shop-1': 5 } });
  });

  it('answers each message, and says at first only that an order was taken', async () => {
    await intake.batch(placing());
    expect(intake.answers).toEqual([
      {
        id: 'place/web-1',
        source: 'shop',
        orderId: 'web-1',
        result: 'applied',
        state: 'RESERVING',
        version: versionOf(1, 0),
      },
    ]);
    expect(intake.sent('inventory.deltas')).toMatchObject([{ type: 'reserve' }]);
    expect(intake.decision.writes).toMatchObject({ orders: [{ partition: PARTITION, isNew: true }] });
    expect(intake.told).toEqual([['applied']]);
  });
  it('of ticks alone tells whose the partition is, where nothing was asked and nothing is due', async () => {
    await intake.batch(tick);
    expect(intake.seen).toEqual([PARTITION]);
    expect(intake.decision.nothingChanged).toBe(true);
  });
  it('tells whoever placed it a second time what became of it, and never again', async () => {
    await intake.batch(placing());
    await intake.ledgerAnswers();
    expect(intake.answers).toMatchObject([{ id: 'place/web-1', source: 'shop', result: 'applied', state: 'ROUTED' }]);
    expect(intake.entries).toMatchObject([{ outcome: 'applied', settled: { state: 'ROUTED' } }]);
    expect(intake.entries[0]).not.toHaveProperty('answer');
    await intake.batch(doing('accept'));
    expect(intake.answers).toMatchObject([{ id: 'task/web-1/1/accept', taskId: 'web-1/1', taskState: 'ACCEPTED' }]);
  });
  it('decides messages of one order one after the other, and writes the order once', async () => {
    await intake.batch(placing(), cancelling(), cancelling());
    expect(intake.entries.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'unchanged']);
    expect(intake.decision.writes.orders).toMatchObject([{ isNew: true, order: { state: 'CANCELLED' } }]);
    await intake.batch(cancelling());
    expect(intake.decision.writes.orders).toEqual([]);
    expect(intake.answers).toMatchObject([{ result: 'unchanged', state: 'CANCELLED' }]);
  });
  it('refuses with the reasons, and what could be done instead', async () => {
    await intake.batch(placing({ A: 1, NOPE: 1 }));
    expect(intake.answers).toMatchObject([
      { result: 'refused', errors: [{ field: 'lines[1].sku', code: 'unknown_sku' }] },
    ]);
    expect(intake.answers[0]).not.toHaveProperty('state');
    await intake.batch(placing());
    await intake.ledgerAnswers();
    await intake.batch(doing('ship'), doing('ship', { store: 'shop-2' }), placing({ A: 1 }, { id: 'other' }));
    const [outOfState, foreign, twice] = intake.answers;
    expect(outOfState).toMatchObject({ allowed: ['accept', 'reject'], taskState: 'ASSIGNED', state: 'ROUTED' });
    expect(foreign).toMatchObject({ result: 'refused', errors: [{ code: 'unknown_task' }] });
    expect(foreign).not.toHaveProperty('taskState');
    expect(twice).toMatchObject({ errors: [{ code: 'order_exists' }] });
    expect(twice).not.toHaveProperty('state');
    expect(intake.decision.writes.orders).toEqual([]);
  });
  it('answers no message that nobody asked', async () => {
    await intake.batch(placing());
    await intake.ledgerAnswers();
    const late = { command: 'reserve', result: 'refused' as const, shortUnits: 0, allocations: [] };
    const what = { id: 'reserve/other', source: 'inventory', orderId: ORDER_ID, reservationId: 'order/web-1/none/9' };
    await intake.batch({ type: 'reservation_answered', ...what, ...late });
    expect(intake.entries).toMatchObject([{ outcome: 'unchanged', told: [], commands: [] }]);
    expect(intake.answers).toEqual([]);
  });
  it('shows each task that changed once, and takes it off where it is closed', async () => {
    await intake.batch(placing());
    await intake.ledgerAnswers();
    await intake.batch(doing('accept'), doing('pick'));
    expect(intake.sent('orders.tasks')).toMatchObject([{ taskId: 'web-1/1', state: 'PICKING' }]);
    await intake.batch(cancelling());
    expect(intake.sent('orders.tasks')).toEqual([null]);
  });
});

describe('time-outs', () => {
  it('are decided when a tick is read, at its time, each with an entry of its own', async () => {
    const intake = new Intake({ A: { 'shop-1': 1, 'shop-2': 1 } });
    await intake.batch(placing());
    await intake.ledgerAnswers();
    intake.nowMs = NOW_MS + TIMES.acceptWithinMs - 1;
    await intake.batch(tick);
    expect(intake.decision).toMatchObject({ nothingChanged: true, entries: [], outputs: [] });
    intake.nowMs += 1;
    await intake.batch(tick, tick);
    const version = versionOf(1, 3);
    expect(intake.entries).toMatchObject([{ _id: `\u0001due/web-1/${version}`, outcome: 'due', orderId: 'web-1' }]);
    expect(intake.sent('inventory.deltas')).toMatchObject([{ type: 'release' }, { type: 'reserve' }]);
    expect(intake.sent('orders.tasks')).toEqual([null]);
  });
  it('of an order that a message of the batch changed are decided on what it has become', async () => {
    const intake = new Intake({ A: { 'shop-1': 1 } });
    await intake.batch(placing());
    await intake.ledgerAnswers();
    intake.nowMs += TIMES.acceptWithinMs;
    await intake.batch(doing('accept'), tick);
    expect(intake.entries.map(({ outcome }) => outcome)).toEqual(['applied']);
    expect(intake.decision.writes.orders).toMatchObject([{ order: { state: 'IN_FULFILMENT' } }]);
  });
  it('of nothing change nothing', async () => {
    const intake = new Intake({});
    await intake.batch(tick);
    expect(intake.decision.nothingChanged).toBe(true);
  });
});

const streamOf = (intake: Intake) =>
  ordersStream({
    tracking: TRACKING,
    repository: intake.orders as unknown as OrdersRepository,
    store: {} as PartitionStore<OrderWrites>,
    groupId: 'orders',
    recent: new RecentOrders(),
    due: new EarliestDue(),
  });

describe('a repeat', () => {
  it('by the desk is heard there, where the first answer is passed over until the order is settled', async () => {
    const intake = new Intake({ A: { 'shop-1': 1 } });
    await intake.batch(placing({ A: 1 }, { source: DESK_SOURCE }));
    const [entry] = intake.entries;
    const heard = ({ value }: Pick<OutputRecord, 'value'>) =>
      decodeAnswer({ value: Buffer.from(JSON.stringify(value)) } as ReceivedRecord)?.outcome.result;
    const first = intake.decision.outputs.filter(({ topic }) => topic.name.endsWith('orders.outcomes'));
    expect(first.map(heard)).toEqual([undefined]);
    expect(streamOf(intake).resend(entry!).map(heard)).toEqual(['applied']);
  });
  it('is answered as the first time, without a word to the ledger; a new owner sends all that came of it', async () => {
    const intake = new Intake({ A: { 'shop-1': 1 } });
    const stream = streamOf(intake);
    await intake.batch(placing());
    const [first] = intake.entries;
    expect(stream.resend(first!).map(({ value }) => value)).toEqual([first!.answer]);
    await intake.ledgerAnswers();
    const [second] = intake.entries;
    expect(stream.resend(second!)).toEqual([]);
    const again = await stream.republish([first!, second!], PARTITION, { sinceVersion: 0, toldAtMs: () => 0 });
    const types = again.map(({ type }) => type).filter((type) => !type.startsWith('shelfline.order.line'));
    expect(types).toEqual([
      'inventory.delta.reserve',
      'shelfline.order.placed',
      'shelfline.order.outcome',
      'shelfline.order.task_assigned',
      'shelfline.order.outcome',
      'shelfline.order.task',
      'shelfline.order.tracking',
    ]);
  });
});

describe('an order of a partition that was given away', () => {
  it('is no longer remembered: its next owner changes it', () => {
    const recent = new RecentOrders();
    const { released } = ordersStream({
      tracking: TRACKING,
      repository: {} as OrdersRepository,
      store: {} as PartitionStore<OrderWrites>,
      groupId: 'orders',
      recent,
      due: new EarliestDue(),
    });
    recent.committed(0, [{ orderId: 'web-1' } as Order]);
    released(0);
    expect(recent.of(0, ['web-1']).size).toBe(0);
  });
});

describe('an order that is placed', () => {
  const known = { ...placing(), id: 'place/other', source: 'marketplace' };

  it('is not looked for: it is nearly always new', async () => {
    const intake = new Intake({ A: { 'shop-1': 5 } });
    await intake.batch(placing());
    expect(intake.lookUps).toEqual([]);
    expect(intake.decision.writes.orders).toMatchObject([{ isNew: true }]);
  });

  it('placed-over-one-that-was-not-looked-for: where there is one, that one is seen', async () => {
    const before = new Intake({ A: { 'shop-1': 5 } });
    await before.batch(placing());
    // Another owner, who remembers nothing.
    const intake = new Intake({ A: { 'shop-1': 5 } });
    intake.orders.write({ orders: [...before.decision.writes.orders] });
    await intake.batch(known, placing({ A: 1 }, { orderId: 'web-2', id: 'place/web-2' }));
    expect(intake.answers).toMatchObject([
      { id: 'place/other', result: 'refused', errors: [{ code: 'order_exists' }] },
      { id: 'place/web-2', result: 'applied' },
    ]);
    expect(intake.decision.writes.orders).toMatchObject([{ isNew: true, order: { orderId: 'web-2' } }]);
    expect(intake.lookUps).toEqual([[ORDER_ID, 'web-2']]);
  });

  it('refused-for-another-reason-than-that-it-is-there: what would be refused is looked for', async () => {
    const before = new Intake({ A: { 'shop-1': 5 } });
    await before.batch(placing());
    const intake = new Intake({ A: { 'shop-1': 5 } });
    intake.orders.write({ orders: [...before.decision.writes.orders] });
    await intake.batch({ ...placing({ NOPE: 1 }), id: 'place/other', source: 'marketplace' });
    expect(intake.answers).toMatchObject([{ result: 'refused', errors: [{ code: 'order_exists' }] }]);
    await intake.batch(placing({ NOPE: 1 }, { orderId: 'web-3', id: 'place/web-3' }));
    expect(intake.answers).toMatchObject([{ result: 'refused', errors: [{ code: 'unknown_sku' }] }]);
    expect(intake.lookUps).toEqual([[ORDER_ID], ['web-3']]);
  });
});
