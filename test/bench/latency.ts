// npm run bench -- latency [--json FILE]: 1,000 deltas a second over 2,000 SKUs, 1,000 sockets with 40 SKUs each; from
// the delta's produce call to the client's callback, the movement durable before it is shown. The raw limit of the same
// run: the same changes produced to the gateway's topic, with no ledger before it and no database.
import { parseArgs } from 'node:util';
import { availabilityKey } from '@shelfline/contracts/identifiers';
import { ALL_REGIONS, DEFAULT_CHANNEL, VERSIONS_PER_GENERATION } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { build } from 'hdr-histogram-js';
import { RawWebSocket } from './push/raw-websocket.ts';
import { pause, Rig, report, say, until } from './rig.ts';

const SKUS = 2000;
const SOCKETS = 1000;
const SKUS_PER_SOCKET = 40;
const PER_SECOND = 1000;
const EVERY_MS = 5;
/** A partition costs its own round trips however little is in it; so a small machine has few. */
const PARTITIONS = 2;
const WARM_UP_MS = 10_000;
const RAW_MS = 15_000;
const LOCATION = 'dc-0';

const { values } = parseArgs({ options: { json: { type: 'string' }, seconds: { type: 'string', default: '60' } } });
const durationMs = Number(values.seconds) * 1000;
const skus = Array.from({ length: SKUS }, (_, i) => `sku-${i}`);
/** When the delta at a place was produced: the version of what it changed tells the place. */
const producedAt = new Map<string, number>();
const newHistogram = () =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 });
let histogram = newHistogram();
let measuring = false;
let updates = 0;
let backwards = 0;

/** Of each update what is measured, and no more: the thousand screens share the machine with what they measure. */
const VIEW = /"sku":"([^"]+)"[^}]*?"version":(\d+)/g;
const partitionOf = new Map(skus.map((sku) => [sku, partitionFor(sku, PARTITIONS)]));

/** Subscribes and takes note of every update; resolves with the snapshot's ack. */
function openSocket(port: number, token: string, wanted: readonly string[]): Promise<void> {
  const newest = new Map<string, number>();
  return new Promise((resolve) => {
    const socket = new RawWebSocket(port, '/socket.io/?EIO=4&transport=websocket', {
      open: () => {},
      close: () => {},
      text: (payload) => {
        const text = payload.toString();
        if (text === '2') socket.send('3');
        else if (text.startsWith('0')) socket.send(`40/storefront,${JSON.stringify({ token })}`);
        else if (text.startsWith('40/storefront'))
          socket.send(`42/storefront,1${JSON.stringify(['subscribe', { skus: wanted }])}`);
        else if (text.startsWith('43/storefront,1')) resolve();
        else if (text.startsWith('44')) throw new Error(text);
        else if (text.startsWith('42/storefront,')) {
          const nowMs = performance.now();
          for (const [, sku = '', digits] of text.matchAll(VIEW)) {
            const version = Number(digits);
            if (version < (newest.get(sku) ?? 0)) backwards++;
            newest.set(sku, version);
            updates++;
            if (!measuring) continue;
            const at = producedAt.get(`${partitionOf.get(sku)}/${version % VERSIONS_PER_GENERATION}`);
            if (at !== undefined) histogram.recordValue(Math.max(1, Math.round((nowMs - at) * 1000)));
          }
        }
      },
    });
  });
}

/** `produce` sends the change of a SKU and answers the offset that its version will carry. */
async function atRate(forMs: number, produce: (sku: string, partition: number, n: number) => Promise<number>) {
  const startedMs = performance.now();
  let sent = 0;
  while (performance.now() - startedMs < forMs) {
    const due = Math.floor(((performance.now() - startedMs) * PER_SECOND) / 1000);
    for (; sent < due; sent++) {
      const sku = skus[(sent * 7919) % SKUS]!;
      const partition = partitionOf.get(sku)!;
      const atMs = performance.now();
      void produce(sku, partition, sent).then((offset) => producedAt.set(`${partition}/${offset}`, atMs));
    }
    await pause(EVERY_MS);
  }
  return sent;
}

function sell(rig: Rig, forMs: number): Promise<number> {
  const topic = rig.topic(TOPICS.deltas);
  const run = `${Math.round(performance.now())}`;
  return atRate(forMs, (sku, partition, n) => {
    const value = JSON.stringify({
      id: `${run}-${n}`,
      source: 'bench',
      type: 'sale',
      sku,
      location: LOCATION,
      quantity: 1,
      occurredAt: new Date().toISOString(),
    });
    return rig.kafka.send(topic, partition, [{ key: sku, value }]);
  });
}

/** What the ledger would have published, with versions of a generation of its own. */
function showDirectly(rig: Rig, forMs: number): Promise<number> {
  const topic = rig.topic(TOPICS.availability);
  return atRate(forMs, (sku, partition, n) => {
    const value = JSON.stringify({
      sku,
      channel: DEFAULT_CHANNEL,
      region: ALL_REGIONS,
      available: 900_000 - n,
      status: 'in_stock',
      version: 2 * VERSIONS_PER_GENERATION + n,
      asOf: new Date().toISOString(),
    });
    // Not waited for: the screens may see it before its acknowledgement is read here.
    void rig.kafka.send(topic, partition, [{ key: availabilityKey(sku, DEFAULT_CHANNEL, ALL_REGIONS), value }]);
    return Promise.resolve(n);
  });
}

const percentile = (share: number): number => histogram.getValueAtPercentile(share) / 1000;

const rig = await Rig.start('latency', PARTITIONS);
try {
  await rig.publishCatalogue(skus, [LOCATION]);
  const inventory = await rig.startService('inventory');
  const gateway = await rig.startService('gateway', {
    CATALOG_URL: 'http://127.0.0.1:9',
    INVENTORY_URL: inventory.address,
    CONNECT_URL: 'http://127.0.0.1:9',
    MAX_SOCKETS_PER_ADDRESS: '5000',
  });
  await rig.untilReady(inventory.address);
  await rig.produce(
    TOPICS.deltas,
    skus.map((sku) => ({
      by: sku,
      key: sku,
      value: JSON.stringify({
        id: `open-${sku}`,
        source: 'bench',
        type: 'receipt',
        sku,
        location: LOCATION,
        quantity: 1_000_000,
        occurredAt: '2026-01-01T00:00:00Z',
      }),
    })),
  );
  await until(async () => (await rig.count(TOPICS.movements)) >= SKUS, 'the opening stock');
  const { token } = (await (await fetch(`${gateway.address}/api/auth/dev-token?role=storefront`)).json()) as {
    token: string;
  };
  const port = Number(new URL(gateway.address).port);
  for (let i = 0; i < SOCKETS; i += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        openSocket(
          port,
          token,
          Array.from({ length: SKUS_PER_SOCKET }, (__, k) => skus[((i + n) * SKUS_PER_SOCKET + k * 53) % SKUS]!),
        ),
      ),
    );
  say(`${SOCKETS} sockets subscribed; warming up`);
  await sell(rig, WARM_UP_MS);
  measuring = true;
  updates = 0;
  const deltas = await sell(rig, durationMs);
  await pause(2000);
  const measured = {
    p50Ms: percentile(50),
    p99Ms: percentile(99),
    deltas,
    sockets: SOCKETS,
    updates,
    measured: histogram.totalCount,
  };
  say(`p50 ${measured.p50Ms} ms, p99 ${measured.p99Ms} ms; now the raw limit, without ledger and database`);
  await rig.stopService(inventory.child);
  histogram = newHistogram();
  producedAt.clear();
  await showDirectly(rig, RAW_MS);
  await pause(2000);
  if (backwards > 0) throw new Error(`${backwards} versions went back`);
  if (histogram.totalCount === 0) throw new Error('no update of the raw run was seen');
  report({ ...measured, rawP50Ms: percentile(50), rawP99Ms: percentile(99) }, values.json);
} finally {
  await rig.stop();
}
