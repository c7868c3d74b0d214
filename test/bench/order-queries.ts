// npm run bench -- order-queries [--orders 1000000] [--json FILE] [--database NAME] [--fill-seconds N]: what people ask of
// orders, by REST of the service, one after the other, over so many orders in the database. The raw limits of the same
// run: findOne by _id, and fifty documents by their _ids, by the driver alone. A million take about 4 GB of disk; with
// --database the orders stay where they are for the next run (KEEP the servers: KAFKA_BROKERS, MONGODB_URI), and
// --fill-seconds ends a run that has not written them all by then.
import { parseArgs } from 'node:util';
import { SeededRandom } from '../seeded-random.ts';
import { ENTRIES_EACH, fill } from './order-queries/fill.ts';
import {
  channelOf,
  channelOrderOf,
  memberOf,
  orderIdOf,
  placedAtMsOf,
  storeCode,
} from './order-queries/made-orders.ts';
import { percentile } from './orders/order-load.ts';
import { Rig, report, say } from './rig.ts';

const PAGE = 50;
const WARM_UP = 20;
const ASKED = 300;
const EXPORTED = 10_000;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    orders: { type: 'string', default: '1000000' },
    database: { type: 'string' },
    'fill-seconds': { type: 'string', default: '3600' },
  },
});
const ORDERS = Number(values.orders);
const random = new SeededRandom(7);
const any = () => random.between(0, ORDERS - 1);

const figures = (timesMs: readonly number[]) => ({ p50Ms: percentile(timesMs, 0.5), p99Ms: percentile(timesMs, 0.99) });

async function timed(ask: () => Promise<unknown>): Promise<{ p50Ms: number; p99Ms: number }> {
  for (let i = 0; i < WARM_UP; i++) await ask();
  const timesMs: number[] = [];
  for (let i = 0; i < ASKED; i++) {
    const startedMs = performance.now();
    await ask();
    timesMs.push(performance.now() - startedMs);
  }
  return figures(timesMs);
}

const query = (fields: Readonly<Record<string, string | number>>) =>
  `?${new URLSearchParams(Object.entries({ limit: PAGE, ...fields }).map(([key, value]) => [key, String(value)]))}`;
const cursorAt = (n: number, nowMs: number) =>
  Buffer.from(`${placedAtMsOf(n, ORDERS, nowMs)} ${orderIdOf(n)}`).toString('base64url');

const pathsOf = (nowMs: number): Readonly<Record<string, () => string>> => ({
  byId: () => `/${orderIdOf(any())}`,
  byMember: () => query({ member: memberOf(any(), ORDERS) }),
  byChannelOrder: () => query({ channelOrder: channelOrderOf(any()) }),
  byStore: () => query({ store: storeCode(any()) }),
  byStoreAndState: () => query({ store: storeCode(any()), state: 'IN_FULFILMENT' }),
  byCommonState: () => query({ state: 'COMPLETED' }),
  byRareStateAndAge: () => query({ state: 'WAITING', placedBefore: new Date(nowMs - 14_400_000).toISOString() }),
  byChannel: () => query({ channel: channelOf(any()) }),
  newest: () => query({}),
  pageAnywhere: () => query({ cursor: cursorAt(any(), nowMs) }),
  pageOfAStateAnywhere: () => query({ state: 'CANCELLED', cursor: cursorAt(any(), nowMs) }),
  pageOfAStoreAnywhere: () => query({ store: storeCode(any()), cursor: cursorAt(any(), nowMs) }),
  timeline: () => `/${orderIdOf(random.between(0, Math.floor(ORDERS / ENTRIES_EACH) - 1) * ENTRIES_EACH)}/timeline`,
});

const rig = await Rig.start('order-queries');
try {
  const name = values.database ?? `bench_${process.pid}_orders`;
  const database = rig.mongo.useDb(name);
  const nowMs = await fill(database, ORDERS, performance.now() + Number(values['fill-seconds']) * 1000);
  if (nowMs === undefined) say('not all orders are written yet: run it again');
  else {
    const gateway = await rig.startService('gateway', {
      CATALOG_URL: 'http://127.0.0.1:9',
      INVENTORY_URL: 'http://127.0.0.1:9',
      ORDERS_URL: 'http://127.0.0.1:9',
      CONNECT_URL: 'http://127.0.0.1:9',
    });
    const { token } = (await (await fetch(`${gateway.address}/api/auth/dev-token?role=ops`)).json()) as {
      token: string;
    };
    await rig.stopService(gateway.child);
    // Its topics are new in each run: what an earlier one had applied of others is no loss.
    await database.collection('checkpoints').deleteMany({});
    const orders = await rig.startService('orders', { MONGODB_DATABASE: name });
    await rig.untilReady(orders.address);
    const get = async (path: string): Promise<string> => {
      const answer = await fetch(`${orders.address}/api/orders${path}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const body = await answer.text();
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${body}`);
      return body;
    };

    const stored = database.collection<{ _id: string }>('orders');
    const raw = {
      findOneById: await timed(() => stored.findOne({ _id: orderIdOf(any()) })),
      pageOfIds: await timed(() => {
        const from = random.between(0, ORDERS - PAGE - 1);
        return stored.find({ _id: { $in: Array.from({ length: PAGE }, (_, i) => orderIdOf(from + i)) } }).toArray();
      }),
    };
    say(`raw: ${JSON.stringify(raw)}`);
    const queries: Record<string, object> = {};
    for (const [what, path] of Object.entries(pathsOf(nowMs))) {
      queries[what] = await timed(() => get(path()));
      say(`${what}: ${JSON.stringify(queries[what])}`);
    }
    const startedMs = performance.now();
    const rows = (await get(`/export${query({ limit: EXPORTED })}`)).trimEnd().split('\r\n').length - 1;
    const exportSeconds = (performance.now() - startedMs) / 1000;
    report(
      {
        bench: 'order-queries',
        orders: ORDERS,
        asked: ASKED,
        raw,
        queries,
        export: { orders: EXPORTED, rows, ordersPerSecond: Math.round(EXPORTED / exportSeconds) },
      },
      values.json,
    );
  }
  if (values.database === undefined) await database.dropDatabase();
} finally {
  await rig.stop();
}
