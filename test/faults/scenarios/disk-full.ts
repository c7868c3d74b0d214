import { until } from '../awaiting.ts';
import { type FaultField, randomMoment, type Scenario, untilProgress } from '../scenario.ts';
import { SmallDisk } from '../small-disk.ts';

const LONGEST_UP_MS = 5000;
const LONGEST_FULL_MS = 5000;
/** Nothing applied for so long: the server has felt it. */
const STANDSTILL_MS = 3000;
const PROGRESS = 500;
/** The database itself may need the rest of the disk to recover. */
const MOST_USED_SHARE = 0.6;

const SIZE_MB = 768;
/** Where local-stack keeps a database, by kind of server. */
const DATABASE_FOLDERS = ['secantus', 'mongod'];

let disk: SmallDisk | undefined;

/** Deltas are acknowledged all the while: they wait on their topic until there is room and the server was restarted. */
export const diskFull: Scenario = {
  name: 'disk-full',
  what: 'the disk of the database full, then room again and the server restarted',
  ownServers: true,
  prepare() {
    const mounted = SmallDisk.mount(SIZE_MB, DATABASE_FOLDERS);
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
    field.record.note(`the database used ${Math.round(disk!.usedShare() * 100)} % of its disk in the end`);
  },
};

async function fillAndMend(field: FaultField, full: SmallDisk): Promise<void> {
  const { mongodb } = field.rig.stack;
  await full.fill();
  field.record.count('full disk');
  await untilStandstill(field);
  await randomMoment(field, 0, LONGEST_FULL_MS);
  if (mongodb.pid === undefined) field.record.count('end of the database server by itself');
  full.makeRoom();
  await mongodb.stop('SIGKILL');
  await mongodb.start();
  await untilProgress(field, PROGRESS, 'after there was room again');
}

async function untilStandstill({ announced, signal }: FaultField): Promise<void> {
  let applied = announced.ids.size;
  let sinceMs = Date.now();
  const standsStill = () => {
    if (announced.ids.size !== applied) {
      applied = announced.ids.size;
      sinceMs = Date.now();
    }
    return Date.now() - sinceMs > STANDSTILL_MS;
  };
  await until(standsStill, 'the ledger stands still since the disk is full', signal);
}
