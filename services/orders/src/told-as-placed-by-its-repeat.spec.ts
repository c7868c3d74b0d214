import { describe, expect, it } from '@jest/globals';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { Metrics } from '@shelfline/service-kit/metrics';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { ReceivedRecord, TailOptions } from '@shelfline/streaming/kafka-port';
import { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { OutputRecord } from '@shelfline/streaming/stream';
import { DESK_SOURCE } from './order-answers.js';
import { decodeAnswer, OrderDesk } from './order-desk.js';
import { ordersStream } from './orders-intake.stream.js';
import { OrdersMetrics } from './orders-metrics.js';
import { contentHashOf } from './read-message.js';
import { RecentOrders } from './recent-orders.js';
import { placing } from './testing/order-cases.js';
import { Intake, TRACKING } from './testing/order-intake.js';
import { placeMessage } from './testing/placing.js';

/** The first record of the topic asks for an order, of which the ledger has nothing, though the tables show it. */
async function asking() {
  const intake = new Intake({});
  intake.scene.seen = () => 1;
  const { resend } = ordersStream({
    tracking: TRACKING,
    repository: intake.orders as never,
    store: {} as never,
    groupId: 'orders',
    recent: new RecentOrders(),
    due: new EarliestDue(),
  });
  let heard: TailOptions['onRecords'] = () => undefined;
  const tail = new OutcomeTail({
    kafka: {
      tail: ({ onRecords }: TailOptions) => {
        heard = onRecords;
        return Promise.resolve({ stop: () => Promise.resolve() });
      },
    } as never,
    topicName: TOPICS.orderOutcomes.name,
    decode: decodeAnswer,
    onCrash: () => {},
  });
  await tail.start();
  const hear = (outputs: readonly OutputRecord[]) =>
    void heard(
      outputs
        .filter(({ topic }) => topic.name === TOPICS.orderOutcomes.name)
        .map(({ value }) => ({ value: Buffer.from(JSON.stringify(value)) }) as ReceivedRecord),
      0,
    );
  let confirm = () => {};
  const confirmed = new Promise<void>((resolve) => {
    confirm = resolve;
  });
  let sending = () => {};
  const sent = new Promise<void>((resolve) => {
    sending = resolve;
  });
  const publish = () => {
    sending();
    return confirmed.then(() => [{ ok: true, partition: 0, offset: 0 }]);
  };
  const findEntries = (ids: readonly string[]) =>
    Promise.resolve(new Map(intake.entries.filter(({ _id }) => ids.includes(_id)).map((entry) => [entry._id, entry])));
  const metrics = new OrdersMetrics(new Metrics('orders'));
  const desk = new OrderDesk(
    { publish } as never,
    tail,
    { findEntries } as never,
    intake.orders as never,
    metrics,
    60_000,
  );
  const message = placing({ A: 1 }, { source: DESK_SOURCE, wish: 'cancel_rest' });
  const answer = desk.ask([message]).then(([one]) => one!);
  await sent;
  await intake.batch(message);
  const [taken] = intake.entries;
  return { intake, answer, confirm, hear, hearRepeat: () => hear(resend(taken!)) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('an order that somebody repeats while it is being decided', () => {
  it('was told to its first asker as placed, though nothing of it was promised', async () => {
    const { intake, answer, confirm, hear, hearRepeat } = await asking();
    confirm();
    await turn();
    hearRepeat();
    intake.scene.seen = () => 0;
    await intake.ledgerAnswers();
    hear(intake.decision.outputs);
    expect(await answer).toMatchObject({ kind: 'answered', outcome: { state: 'CANCELLED' } });
  });

  it('is read off the database where the repeat is heard before it is known where the first stands', async () => {
    const { answer, confirm, hearRepeat } = await asking();
    hearRepeat();
    confirm();
    expect(await answer).toMatchObject({ kind: 'answered', outcome: { state: 'RESERVING' } });
  });
});

/** Repeats have just come, so what is asked is looked up first; nothing is found, and the first is decided in between. */
it('whoever repeats an order was told that it was placed, where a look before had found nothing', async () => {
  const message = placeMessage();
  const taken = {
    id: 'place/A1',
    source: DESK_SOURCE,
    orderId: 'A1',
    result: 'applied' as const,
    version: versionOf(1, 0),
  };
  const entry = {
    _id: '',
    partition: 0,
    offset: 0,
    outcome: 'applied',
    contentHash: contentHashOf(message),
    answer: { ...taken, state: 'RESERVING' },
  };
  let isDecided = true;
  const publish = () => {
    isDecided = true;
    return Promise.resolve([{ ok: true, partition: 0, offset: 5 }]);
  };
  const desk = new OrderDesk(
    { publish } as never,
    { expect: () => Promise.resolve(taken) } as never,
    { findEntries: () => Promise.resolve(new Map(isDecided ? [['orders-api/place/A1', entry]] : [])) },
    { findOrders: () => Promise.resolve(new Map()) },
    new OrdersMetrics(new Metrics('orders')),
    100,
  );
  await desk.ask([message]);
  isDecided = false;
  expect(await desk.ask([message])).toMatchObject([{ kind: 'answered', outcome: { state: 'RESERVING' } }]);
});
