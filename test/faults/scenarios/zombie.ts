import { TOPICS } from '@shelfline/contracts/topics';
import { moment, until } from '../awaiting.ts';
import { SESSION_TIMEOUT_MS } from '../fault-rig.ts';
import { type FaultField, randomMoment, type Scenario, untilProgress } from '../scenario.ts';
import type { ServiceProcess } from '../service-process.ts';
import { staleKeys } from '../verdict.ts';

const FROZEN_MS = 1.5 * SESSION_TIMEOUT_MS;
/** Within this after waking, the last record of every key has to be the owner's committed version again. */
const HEALED_WITHIN_MS = 2000;
const WATCHED_MS = 4000;
const LOOK_EVERY_MS = 100;
const PHASES_MS = 700;
const PROGRESS = 500;

/**
 * Two instances of the ledger, one frozen amid its work until the other owns its partitions, then woken. The load stops
 * before it wakes, so that what is committed stands still and anything that differs is the zombie's doing.
 */
export const zombie: Scenario = {
  name: 'zombie',
  what: 'two instances of inventory; one frozen for 1.5 × the session time-out, then woken',
  ownServers: false,
  async run(field) {
    const { rig, random } = field;
    await field.begin({ inventories: 2 });
    await untilProgress(field, PROGRESS, 'before the first freeze');
    let healedMs = 0;
    while (!field.isOver()) {
      const victim = random.pick(rig.inventories);
      await untilItWorks(field, victim);
      await randomMoment(field, 0, PHASES_MS);
      healedMs = Math.max(healedMs, await freezeAndWake(field, victim));
    }
    const fenced = await sumOf(field, 'shelfline_stream_fenced_commits_total');
    const healed = await sumOf(field, 'shelfline_stream_healed_keys_total');
    field.record.note(
      `${fenced} commits refused, ${healed} keys sent again; all right at the latest ${healedMs} ms after waking`,
    );
  },
};

/** It owns partitions and applies what comes to them. */
async function untilItWorks({ signal }: FaultField, victim: ServiceProcess): Promise<void> {
  const before = await victim.metric('shelfline_stream_applied_total');
  const applies = async () => (await victim.metric('shelfline_stream_applied_total')) > before;
  await until(applies, `${victim.name} applies deltas`, signal);
}

/** Answers how long after waking the last difference was seen. */
async function freezeAndWake(field: FaultField, victim: ServiceProcess): Promise<number> {
  const { rig, promises, state, signal } = field;
  // Nothing asked of the victim may be answered, and done, only when it wakes.
  await promises!.work.pause();
  promises!.work.address = () => rig.inventories.find((one) => one !== victim)!.address;
  promises!.work.resume();
  victim.freeze();
  field.record.count(`freeze of ${victim.name}`);
  const frozenAtMs = Date.now();
  try {
    await untilProgress(field, PROGRESS, `while ${victim.name} was frozen`);
    await moment(Math.max(0, FROZEN_MS - (Date.now() - frozenAtMs)), signal);
    await field.pauseWork();
    const ends = await rig.kafka.offsets(rig.topic(TOPICS.deltas));
    await until(() => state.hasPublishedUpTo(ends), 'the other instance has applied everything', signal);
    const outputs = await rig.kafka.offsets(rig.topic(TOPICS.levels));
    await until(() => field.lastLevels.hasReached(outputs), 'the levels topic read to its end', signal);
  } finally {
    victim.thaw();
  }
  const healedMs = await watchWaking(field);
  field.resumeWork();
  return healedMs;
}

async function watchWaking(field: FaultField): Promise<number> {
  const wokenAtMs = Date.now();
  let lastSeenMs = 0;
  for (;;) {
    const stale = staleKeys(await field.state.levels(), field.lastLevels.byKey);
    const sinceMs = Date.now() - wokenAtMs;
    if (stale.length > 0) lastSeenMs = sinceMs;
    if (stale.length > 0 && sinceMs > HEALED_WITHIN_MS) for (const key of stale) field.stale(key);
    if (sinceMs > WATCHED_MS) return lastSeenMs;
    await moment(LOOK_EVERY_MS, field.signal);
  }
}

async function sumOf({ rig }: FaultField, metric: string): Promise<number> {
  let sum = 0;
  for (const inventory of rig.inventories) sum += await inventory.metric(metric);
  return sum;
}
