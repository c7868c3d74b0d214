// npm run bench -- hot [--json FILE]: 100,000 one-unit reservations of one SKU with 1,000 units, two inventory
// processes running: exactly 1,000 may succeed.
import { parseArgs } from 'node:util';
import type { StockOutcome } from '@shelfline/contracts/stock-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import { Rig, report, say, until } from './rig.ts';

const ATTEMPTS = 100_000;
const UNITS = 1000;
const SKU = 'hot-sku';
const LOCATION = 'dc-0';

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const rig = await Rig.start('hot');
try {
  await rig.publishCatalogue([SKU], [LOCATION]);
  const services = [
    await rig.startService('inventory', { INSTANCE_ID: 'inventory-a' }),
    await rig.startService('inventory', { INSTANCE_ID: 'inventory-b' }),
  ];
  for (const { address } of services) await rig.untilReady(address);
  await rig.produce(TOPICS.deltas, [
    {
      by: SKU,
      key: SKU,
      value: JSON.stringify({
        id: 'opening',
        source: 'bench',
        type: 'receipt',
        sku: SKU,
        location: LOCATION,
        quantity: UNITS,
        occurredAt: '2026-01-01T00:00:00Z',
      }),
    },
  ]);
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
        decided++;
        if (outcome.result === 'accepted') succeeded++;
      }
    },
    onCrash: (error) => {
      throw error;
    },
  });
  await until(async () => (await rig.count(TOPICS.movements)) >= 1, 'the opening stock');
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const startedMs = performance.now();
  const sending: Promise<void>[] = [];
  for (let i = 0; i < ATTEMPTS; i += 5000)
    sending.push(
      rig.produce(
        TOPICS.deltas,
        Array.from({ length: 5000 }, (_, n) => ({
          by: SKU,
          key: SKU,
          value: JSON.stringify({
            id: `r${i + n}`,
            source: 'bench',
            type: 'reserve',
            sku: SKU,
            reservationId: `r${i + n}`,
            quantity: 1,
            locations: [LOCATION],
            mode: 'all_or_nothing',
            expiresAt,
          }),
        })),
      ),
    );
  await Promise.all(sending);
  say(`${ATTEMPTS} attempts sent in ${Math.round(performance.now() - startedMs)} ms`);
  await until(() => decided >= ATTEMPTS, 'every attempt answered');
  const seconds = (performance.now() - startedMs) / 1000;
  await tail.stop();
  const level = await rig.database('inventory').collection('levels').findOne({});
  if (level?.['reserved'] !== succeeded)
    throw new Error(`${succeeded} succeeded, but ${level?.['reserved']} units are reserved`);
  report({ attempts: ATTEMPTS, succeeded, decisionsPerSecond: Math.round(ATTEMPTS / seconds) }, values.json);
  if (succeeded !== UNITS) throw new Error(`${succeeded} succeeded of ${UNITS} units`);
} finally {
  await rig.stop();
}
