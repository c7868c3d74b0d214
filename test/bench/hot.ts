// npm run bench -- hot [--json FILE]: 100,000 one-unit reservations of one SKU with 1,000 units, two inventory
// processes running: exactly 1,000 may succeed. From the first one sent to the last one answered; before them, and not
// measured, the same process answers some for another SKU, since one that has just started compiles its code first.
import { parseArgs } from 'node:util';
import type { StockOutcome } from '@shelfline/contracts/stock-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { Rig, report, say, until } from './rig.ts';

const ATTEMPTS = 100_000;
const WARM_UP = 20_000;
const UNITS = 1000;
const SKU = 'hot-sku';
const LOCATION = 'dc-0';
const AT_ONCE = 5000;

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const rig = await Rig.start('hot');
try {
  const ownPartition = partitionFor(SKU, rig.partitions);
  const warmSku = Array.from({ length: 1000 }, (_, i) => `warm-${i}`).find(
    (sku) => partitionFor(sku, rig.partitions) === ownPartition,
  )!;
  await rig.publishCatalogue([SKU, warmSku], [LOCATION]);
  const services = [
    await rig.startService('inventory', { INSTANCE_ID: 'inventory-a' }),
    await rig.startService('inventory', { INSTANCE_ID: 'inventory-b' }),
  ];
  for (const { address } of services) await rig.untilReady(address);
  await rig.produce(
    TOPICS.deltas,
    [SKU, warmSku].map((sku) => ({
      by: sku,
      key: sku,
      value: JSON.stringify({
        id: `opening-${sku}`,
        source: 'bench',
        type: 'receipt',
        sku,
        location: LOCATION,
        quantity: UNITS,
        occurredAt: '2026-01-01T00:00:00Z',
      }),
    })),
  );
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const attemptsOf = (sku: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      by: sku,
      key: sku,
      value: JSON.stringify({
        id: `${sku}-${i}`,
        source: 'bench',
        type: 'reserve',
        sku,
        reservationId: `${sku}-${i}`,
        quantity: 1,
        locations: [LOCATION],
        mode: 'all_or_nothing',
        expiresAt,
      }),
    }));
  const sendAll = (attempts: ReturnType<typeof attemptsOf>) =>
    Promise.all(
      Array.from({ length: attempts.length / AT_ONCE }, (_, i) =>
        rig.produce(TOPICS.deltas, attempts.slice(i * AT_ONCE, (i + 1) * AT_ONCE)),
      ),
    );
  let warmedUp = 0;
  let decided = 0;
  let succeeded = 0;
  const answered = new Set<string>();
  const tail = await rig.kafka.tail({
    topics: [rig.topic(TOPICS.outcomes)],
    from: 'latest',
    onRecords: (records) => {
      for (const { value } of records) {
        const outcome = JSON.parse(value!.toString()) as StockOutcome;
        if (outcome.type !== 'reservation' || answered.has(outcome.id)) continue;
        answered.add(outcome.id);
        if (outcome.sku !== SKU) {
          warmedUp++;
          continue;
        }
        decided++;
        if (outcome.result === 'accepted') succeeded++;
      }
    },
    onCrash: (error) => {
      throw error;
    },
  });
  await until(async () => (await rig.count(TOPICS.movements)) >= 2, 'the opening stock');
  await sendAll(attemptsOf(warmSku, WARM_UP));
  await until(() => warmedUp >= WARM_UP, 'the warm-up answered');
  const attempts = attemptsOf(SKU, ATTEMPTS);
  const startedMs = performance.now();
  await sendAll(attempts);
  say(`${ATTEMPTS} attempts sent in ${Math.round(performance.now() - startedMs)} ms`);
  await until(() => decided >= ATTEMPTS, 'every attempt answered');
  const seconds = (performance.now() - startedMs) / 1000;
  await tail.stop();
  const level = await rig.database('inventory').collection('levels').findOne({ sku: SKU });
  if (level?.['reserved'] !== succeeded)
    throw new Error(`${succeeded} succeeded, but ${level?.['reserved']} units are reserved`);
  report({ attempts: ATTEMPTS, succeeded, decisionsPerSecond: Math.round(ATTEMPTS / seconds) }, values.json);
  if (succeeded !== UNITS) throw new Error(`${succeeded} succeeded of ${UNITS} units`);
} finally {
  await rig.stop();
}
