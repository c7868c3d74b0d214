import { TOPICS } from '@shelfline/contracts/topics';
import { moment, until } from '../awaiting.ts';
import { SESSION_TIMEOUT_MS } from '../fault-rig.ts';
import { type FaultField, type Scenario, untilProgress } from '../scenario.ts';
import { UnwrittenAge } from '../unwritten-age.ts';

const TAKEN_WITHIN_MS = 3000;
const LOOK_EVERY_MS = 20;
const PROGRESS = 5000;
const SKUS = 10_000;
const topic = TOPICS.deltas.name;

/**
 * What a new owner begins with: everything the former one committed and did not write yet is read before the first
 * commit. Meanwhile the topic fills up, and its own partitions go on. The owner is killed once each of its partitions
 * has committed states that wait to be written for so long.
 */
export const takeoverOf = (leastUnwrittenMs: number): Scenario => ({
  name: 'takeover',
  what: `a full ledger, one of two instances killed with ${leastUnwrittenMs / 1000} s of states not written, its partitions taken over`,
  ownServers: false,
  flood: {
    senders: 4,
    itemsPerRequest: 500,
    everyMs: 20,
    skus: Array.from({ length: SKUS }, (_, i) => `sku-${i}`),
    mostUnapplied: 30_000,
  },
  prepare: () => ({ stack: { brokers: 1 }, dispose: () => {} }),
  async run(field) {
    const age = new UnwrittenAge(field.state);
    await field.begin({
      inventories: 2,
      isLedgerAlone: true,
      inventoryEnv: { LOG_LEVEL: 'info', TICK_EVERY_MS: '1000' },
    });
    await untilProgress(field, PROGRESS, 'before the first kill');
    const taken: Takeover[] = [];
    do taken.push(...(await killAndTake(field, age, leastUnwrittenMs)));
    while (!field.isOver());
    const longest = (figure: (one: Takeover) => number): number => Math.max(...taken.map(figure));
    const shared = { limit: TAKEN_WITHIN_MS, unit: 'ms', isTiming: true };
    field.record.figure({
      ...shared,
      what: 'assigned to first commit',
      value: longest(({ fromAssignedMs }) => fromAssignedMs),
    });
    field.record.figure({
      ...shared,
      what: 'kill, less session, to commit',
      value: longest(({ fromKillMs }) => fromKillMs - SESSION_TIMEOUT_MS),
    });
    const least = Math.min(...taken.map(({ unwrittenMs }) => unwrittenMs));
    field.record.note(
      `${taken.length} partitions taken over, each with at least ${(least / 1000).toFixed(1)} s of states not written`,
    );
  },
});

export const takeover = takeoverOf(10_000);

interface Takeover {
  readonly fromAssignedMs: number;
  readonly fromKillMs: number;
  readonly unwrittenMs: number;
}

async function killAndTake(field: FaultField, age: UnwrittenAge, leastUnwrittenMs: number): Promise<Takeover[]> {
  const { rig, random, signal } = field;
  const victim = random.pick(rig.inventories);
  const heir = rig.inventories.find((one) => one !== victim)!;
  let partitions: readonly number[] = [];
  const enoughWaits = async () => {
    field.load.check();
    await age.look();
    partitions = await victim.partitionsOf(topic);
    return partitions.length > 0 && partitions.every((partition) => age.ofMs(partition) >= leastUnwrittenMs);
  };
  await until(enoughWaits, `${leastUnwrittenMs} ms of states not written in each partition of ${victim.name}`, signal);
  const waiting = partitions.map((partition) => ({
    partition,
    unwrittenMs: age.ofMs(partition),
    copies: age.copiesOf(partition),
  }));
  await victim.kill();
  const killedMs = Date.now();
  field.record.count(`kill of ${victim.name}`);
  const prefixed = rig.topic(TOPICS.deltas);
  const committed = await firstCommits(field, partitions);
  const found = waiting.map(({ partition, unwrittenMs, copies }): Takeover => {
    const committedMs = committed.get(partition)!;
    const assignedMs = heir
      .logged('partitions assigned', prefixed, killedMs)
      .findLast(({ atMs }) => atMs <= committedMs)!.atMs;
    const claimedMs = heir
      .logged('partition claimed', prefixed, killedMs)
      .find((one) => one.partition === partition)!.atMs;
    process.stderr.write(
      `  partition ${partition}: ${(unwrittenMs / 1000).toFixed(1)} s in ${copies} copies; assigned ${assignedMs - killedMs} ms after the kill, claimed ${claimedMs - assignedMs} ms and committed ${committedMs - assignedMs} ms after that\n`,
    );
    return { unwrittenMs, fromAssignedMs: committedMs - assignedMs, fromKillMs: committedMs - killedMs };
  });
  victim.start();
  await untilWritten(field);
  return found;
}

/** So that every round begins with nothing that waits, and none takes over more than it is meant to. */
async function untilWritten(field: FaultField): Promise<void> {
  const { state, signal } = field;
  await field.pauseWork();
  await until(async () => (await state.unwrittenImages()).length === 0, 'all states written', signal);
  field.resumeWork();
}

/** When each of these partitions had a first commit of its next owner. */
async function firstCommits(
  { state, signal }: FaultField,
  partitions: readonly number[],
): Promise<Map<number, number>> {
  const before = await state.progress();
  const claimed = new Map<number, number>();
  const committed = new Map<number, number>();
  await until(
    async () => {
      while (committed.size < partitions.length) {
        const now = await state.progress();
        for (const partition of partitions) {
          const { epoch, next } = now.get(partition)!;
          if (epoch === before.get(partition)!.epoch || committed.has(partition)) continue;
          if (!claimed.has(partition)) claimed.set(partition, next);
          if (next > claimed.get(partition)!) committed.set(partition, Date.now());
        }
        await moment(LOOK_EVERY_MS, signal);
      }
      return true;
    },
    'a commit on every partition of the killed instance',
    signal,
  );
  return committed;
}
