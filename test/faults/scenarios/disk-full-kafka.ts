import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../awaiting.ts';
import { type FaultField, randomMoment, type Scenario, untilProgress } from '../scenario.ts';
import { SmallDisk } from '../small-disk.ts';

const BROKER = 1;
const SIZE_MB = 512;
const LONGEST_UP_MS = 3000;
const LONGEST_FULL_MS = 3000;
const PROGRESS = 500;
const MOST_USED_SHARE = 0.6;
const ENDED_WITHIN_MS = 60_000;

let disk: SmallDisk | undefined;

/** A broker that cannot write gives up by itself; the two others are enough, and it catches up once there is room. */
export const diskFullKafka: Scenario = {
  name: 'disk-full-kafka',
  what: 'the disk of a Kafka broker full, then room again and the broker restarted',
  ownServers: true,
  prepare() {
    const mounted = SmallDisk.mount(SIZE_MB, [`kafka-3/broker-${BROKER}`]);
    if (typeof mounted === 'string') return { skip: `A file system in memory cannot be mounted here: ${mounted}.` };
    disk = mounted;
    return mounted.prepared;
  },
  async run(field) {
    await field.begin();
    await untilProgress(field, PROGRESS, 'before the disk was full');
    while (!field.isOver() && disk!.usedShare() < MOST_USED_SHARE) {
      await randomMoment(field, 0, LONGEST_UP_MS);
      await fillAndMend(field, disk!);
    }
    const log = readFileSync(join(disk!.dataFolder, `kafka-broker-${BROKER}.log`), 'utf8');
    const said = log.split('\n').filter((line) => line.includes('No space left on device')).length;
    field.record.note(`the broker said "No space left on device" in ${said} lines of its log`);
  },
};

async function fillAndMend(field: FaultField, full: SmallDisk): Promise<void> {
  const { kafka } = field.rig.stack;
  await full.fill();
  field.record.count(`full disk of broker ${BROKER}`);
  await until(
    () => kafka.brokers.find(({ id }) => id === BROKER)!.pid === undefined,
    `broker ${BROKER} gives up since its disk is full`,
    field.signal,
    ENDED_WITHIN_MS,
  );
  await untilProgress(field, PROGRESS, 'without the broker whose disk is full');
  await randomMoment(field, 0, LONGEST_FULL_MS);
  full.makeRoom();
  await kafka.startBroker(BROKER);
  await untilProgress(field, PROGRESS, 'after there was room again');
}
