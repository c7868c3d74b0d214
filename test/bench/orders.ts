// npm run bench -- orders [--json FILE] [--short] [--profile FOLDER]: orders through POST /api/orders of the gateway until
// the stores' sockets have their tasks, with catalog, inventory, orders and gateway as processes of their own.
//   orders: two lines over 5,000 SKUs and 208 stores in lists of 500, as fast as they are taken; then one by one, at 100/s
//   and at 200/s: from the request to the store's screen, and from when Kafka has the order (`accepted…`)
//   flash sale: 20,000 orders of one line for 1,000 pieces over 40 places in lists of 500; fails unless 1,000 are placed
//   and all others are told at once, with a reason, that there is none
// The raw limits of the same run: the same messages produced and the same documents inserted, with no decision; and a
// task produced straight to the gateway's topic at 200/s.
import type { ChildProcess } from 'node:child_process';
import { parseArgs } from 'node:util';
import { SeededRandom } from '../seeded-random.ts';
import { flashFaults } from './orders/flash-sale.ts';
import { FrontDoor } from './orders/front-door.ts';
import { OrderLoad, percentile } from './orders/order-load.ts';
import { pushTasksAtRate, rawOrdersPerSecond } from './orders/raw-limits.ts';
import {
  FLASH_PLACES,
  FLASH_SKU,
  FLASH_UNITS_PER_PLACE,
  flashOrder,
  openShop,
  stores,
  twoLineOrder,
} from './orders/shop.ts';
import { checkStock } from './orders/stock-check.ts';
import { StoreSockets } from './orders/store-sockets.ts';
import { pause, Rig, report, say } from './rig.ts';

/** A partition costs its own round trips however little is in it: an order takes a third less with 2 than with 4. */
const PARTITIONS = 2;
const PER_REQUEST = 500;
const REQUESTS_AT_ONCE = 4;
const CALM_PER_SECOND = 100;
const PER_SECOND = 200;
const RAW_PUSH_MS = 5000;
const WARM_UP_MS = 4000;
const FLASH_PIECES = FLASH_PLACES * FLASH_UNITS_PER_PLACE;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    short: { type: 'boolean', default: false },
    profile: { type: 'string' },
    partitions: { type: 'string', default: String(PARTITIONS) },
  },
});
const size = values.short
  ? { warmUp: 1000, orders: 4000, latencyMs: 8000, flash: 5000 }
  : { warmUp: 3000, orders: 8000, latencyMs: 20_000, flash: 20_000 };
const random = new SeededRandom(1);
let serial = 0;
const nextOrder = () => twoLineOrder(`web-${++serial}`, random);
const makeOrders = (count: number) => Array.from({ length: count }, nextOrder);

async function startAll(rig: Rig) {
  const env: Record<string, string> =
    values.profile === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${values.profile}` };
  const catalog = await rig.startService('catalog', env);
  const inventory = await rig.startService('inventory', { AUDIT_EVERY_MS: '0', ...env });
  const orders = await rig.startService('orders', env);
  const gateway = await rig.startService('gateway', {
    CATALOG_URL: catalog.address,
    INVENTORY_URL: inventory.address,
    ORDERS_URL: orders.address,
    CONNECT_URL: 'http://127.0.0.1:9',
    ...env,
  });
  for (const { address } of [catalog, inventory, orders]) await rig.untilReady(address);
  const asked = await fetch(`${gateway.address}/api/auth/dev-token?role=ops`);
  const { token } = (await asked.json()) as { token: string };
  const behind: ChildProcess[] = [catalog.child, inventory.child, orders.child];
  return { gateway: gateway.address, behind, token };
}

async function measureThroughput(load: OrderLoad, orders: ReturnType<typeof makeOrders>) {
  load.begin();
  const startedMs = performance.now();
  await load.placeAll(orders, PER_REQUEST, REQUESTS_AT_ONCE);
  await load.untilQuiet();
  const { complete, tasks, answers } = load;
  const ordersPerSecond = Math.round((complete * 1000) / (load.lastAtMs - startedMs));
  return { ordersPerSecond, orders: orders.length, complete, tasks, answers: { ...answers } };
}

async function measureLatency(load: OrderLoad, perSecond: number) {
  load.begin();
  const asked = await load.placeAtRate(nextOrder, perSecond, size.latencyMs);
  await load.untilQuiet();
  const { latenciesMs, sinceAcceptedMs } = load;
  return {
    asked,
    complete: load.complete,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    acceptedP50Ms: percentile(sinceAcceptedMs, 0.5),
    acceptedP99Ms: percentile(sinceAcceptedMs, 0.99),
  };
}

async function measureFlashSale(load: OrderLoad) {
  const orders = Array.from({ length: size.flash }, (_, i) => flashOrder(`flash-${i}`, random));
  load.begin();
  const startedMs = performance.now();
  await load.placeAll(orders, PER_REQUEST, REQUESTS_AT_ONCE);
  const seconds = (performance.now() - startedMs) / 1000;
  await load.untilQuiet();
  let promised = 0;
  for (const [key, units] of load.promised) if (key.startsWith(`${FLASH_SKU}@`)) promised += units;
  return {
    flashDecisionsPerSecond: Math.round(size.flash / seconds),
    flashPromised: promised,
    flashAnswers: { ...load.answers },
  };
}

async function measureRawPush(rig: Rig, onTask: { current: (orderId: string, atMs: number) => void }) {
  const sentMs = new Map<string, number>();
  const latenciesMs: number[] = [];
  onTask.current = (orderId, atMs) => void latenciesMs.push(atMs - sentMs.get(orderId)!);
  await pushTasksAtRate(rig, PER_SECOND, RAW_PUSH_MS, (orderId, atMs) => sentMs.set(orderId, atMs));
  await pause(1000);
  if (latenciesMs.length === 0) throw new Error('no task of the raw run was seen');
  return { rawPushP50Ms: percentile(latenciesMs, 0.5), rawPushP99Ms: percentile(latenciesMs, 0.99) };
}

const rig = await Rig.start('orders', Number(values.partitions));
try {
  const { gateway, behind, token } = await startAll(rig);
  const door = new FrontDoor(gateway, token);
  await openShop(rig, door);
  const load = new OrderLoad(door);
  const rawTask = { current: (_orderId: string, _atMs: number): void => {} };
  await StoreSockets.open(gateway, token, stores, (task, atMs) =>
    task.orderId.startsWith('raw-') ? rawTask.current(task.orderId, atMs) : load.arrived(task, atMs),
  );
  say(`${stores.length} stores are connected; ${size.warmUp} orders to warm up`);
  await load.placeAll(makeOrders(size.warmUp), PER_REQUEST, REQUESTS_AT_ONCE);
  await load.untilQuiet();
  const orders = makeOrders(size.orders);
  const placed = await measureThroughput(load, orders);
  say(`${placed.ordersPerSecond} orders/s; ${JSON.stringify(placed)}\none by one at ${CALM_PER_SECOND}/s`);
  // Connections are opened and code is compiled; shops do not all come at the same second.
  await load.placeAtRate(nextOrder, CALM_PER_SECOND, WARM_UP_MS);
  await load.untilQuiet();
  const calm = await measureLatency(load, CALM_PER_SECOND);
  say(`${JSON.stringify(calm)}\none by one at ${PER_SECOND}/s`);
  const { p50Ms, p99Ms, ...singles } = await measureLatency(load, PER_SECOND);
  say(`p50 ${p50Ms} ms, p99 ${p99Ms} ms; ${JSON.stringify(singles)}\nthe flash sale`);
  const flash = await measureFlashSale(load);
  say(`${JSON.stringify(flash)}\nwhat the stores were told, beside the levels`);
  const faults = await flashFaults(door, flash.flashAnswers, { orders: size.flash, pieces: FLASH_PIECES });
  const check = await checkStock(door, load.promised);
  say(`${JSON.stringify(check)}\nthe raw limits`);
  for (const child of behind) await rig.stopService(child);
  const rawPerSecond = Math.round(await rawOrdersPerSecond(rig, orders, REQUESTS_AT_ONCE));
  const rawPush = await measureRawPush(rig, rawTask);
  door.close();
  const { ordersPerSecond, ...counts } = placed;
  report(
    { ordersPerSecond, rawPerSecond, p50Ms, p99Ms, ...rawPush, ...check, ...flash, counts, calm, singles },
    values.json,
  );
  if (check.oversold > 0 || check.unreserved > 0)
    throw new Error(`not every promise is covered: ${JSON.stringify(check)}`);
  if (flash.flashPromised !== FLASH_PIECES)
    throw new Error(`${flash.flashPromised} pieces promised of ${FLASH_PIECES}`);
  if (faults.length > 0) throw new Error(`the flash sale: ${faults.join('; ')}`);
} finally {
  await rig.stop();
}
