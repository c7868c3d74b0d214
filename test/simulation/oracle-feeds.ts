import { TOPICS } from '@shelfline/contracts/topics';
import type { RiskEvent } from '@shelfline/contracts/upkeep';
import type { History } from './history.ts';
import type { Appended } from './ledger-records.ts';
import { FEED_RULES, PARTITIONS } from './setting.ts';
import { recordsOf } from './topic-records.ts';

interface Observation {
  readonly offset: number;
  readonly sequences: readonly number[];
  readonly lastSeenAtMs: number;
  readonly heartbeat: boolean;
}
interface Told {
  readonly offset: number;
  readonly risk: RiskEvent;
}
/** Ticks come every 5 s, and a partition may need a moment to find an owner. */
const TOLD_WITHIN_MS = 12_000;

/** What is missing and who is silent, worked out from what stands on the topic; nothing else is told. */
export function feedWrongs(history: History, appended: readonly Appended[], deltas: readonly Appended[]): string[] {
  const { kafka, ledger, scheduler } = history;
  const wrongs: string[] = [];
  const bySource = new Map<string, Observation[]>();
  for (const { text, offset, isTick } of appended) {
    if (isTick) continue;
    const { source, sequences, lastSeenAt, heartbeat } = JSON.parse(text) as {
      source: string;
      sequences: number[];
      lastSeenAt: string;
      heartbeat?: boolean;
    };
    const observation = { offset, sequences, lastSeenAtMs: Date.parse(lastSeenAt), heartbeat: heartbeat === true };
    bySource.set(source, [...(bySource.get(source) ?? []), observation]);
  }
  wrongs.push(...numbersAreObserved(history, deltas, bySource));
  const told = new Map<string, Told[]>();
  for (const { entries } of ledger.feeds.log)
    for (const { offset, risk } of entries as unknown as readonly Told[])
      told.set(risk.subject, [...(told.get(risk.subject) ?? []), { offset, risk }]);
  for (const [source, observations] of bySource) {
    const own = told.get(source) ?? [];
    wrongs.push(...isKept(ledger, source, observations));
    wrongs.push(...gapsAreTold(source, observations, own));
    wrongs.push(...silenceIsTold(source, observations, own, scheduler.now()));
  }
  for (const source of told.keys()) if (!bySource.has(source)) wrongs.push(`${source} was never heard of, yet is told`);
  const sent = new Set(recordsOf(kafka, TOPICS.risks).map(({ text }) => (JSON.parse(text) as RiskEvent).id));
  for (const { risk } of [...told.values()].flat()) if (!sent.has(risk.id)) wrongs.push(`${risk.id} was never sent`);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const last = appended.findLast((record) => record.partition === partition && !record.isTick);
    const reached = ledger.feeds.checkpoints.get(partition)?.next ?? 0;
    if (last && reached <= last.offset) wrongs.push(`feeds ${partition}/${last.offset} was never reached`);
  }
  return wrongs;
}

/** Of each record that the ledger applied, the number that its source gave it. */
function numbersAreObserved(
  { ledger }: History,
  deltas: readonly Appended[],
  bySource: ReadonlyMap<string, readonly Observation[]>,
): string[] {
  const wrongs: string[] = [];
  const observed = new Map([...bySource].map(([source, own]) => [source, numbersOf(own).seen]));
  for (const { partition, offset, text } of deltas) {
    if (!text.includes('"sequence"')) continue;
    const { source, id, sequence } = JSON.parse(text) as { source: string; id: string; sequence: number };
    const entry = ledger.database.entries.get(`${source}/${id}`);
    const isApplied = entry?.partition === partition && entry.offset === offset && entry['outcome'] !== 'forwarded';
    if (isApplied && !observed.get(source)?.has(sequence))
      wrongs.push(`${source}: ${sequence} was applied and not told`);
  }
  return wrongs;
}

/** Each number that was seen is known, no other is, and when the source was heard last. */
function isKept(
  { feedsRepository }: History['ledger'],
  source: string,
  observations: readonly Observation[],
): string[] {
  const feed = feedsRepository.feeds.get(source)?.feed;
  if (!feed) return [`${source} was heard and is not known`];
  const wrongs: string[] = [];
  const { first, seen } = numbersOf(observations);
  const known = new Set<number>();
  for (let n = first; n <= (feed.seenTo ?? -1); n++) known.add(n);
  for (const { from, to } of feed.ahead) for (let n = from; n <= to; n++) known.add(n);
  for (const n of seen) if (n >= first && !known.has(n)) wrongs.push(`${source}: ${n} came and is not known`);
  for (const n of known) if (!seen.has(n)) wrongs.push(`${source}: ${n} counts as seen and never came`);
  const lastMs = Math.max(...observations.map(({ lastSeenAtMs }) => lastSeenAtMs));
  if (feed.lastSeenAtMs !== lastMs) wrongs.push(`${source} was heard last at ${lastMs}, not ${feed.lastSeenAtMs}`);
  return wrongs;
}

function numbersOf(observations: readonly Observation[]): { first: number; seen: ReadonlySet<number> } {
  const beginning = observations.find(({ sequences }) => sequences.length > 0);
  const first = beginning ? Math.min(...beginning.sequences) : Number.POSITIVE_INFINITY;
  return { first, seen: new Set(observations.flatMap(({ sequences }) => sequences)) };
}

/** A number that never came is told once it was missed for so long, and not before. */
function gapsAreTold(source: string, observations: readonly Observation[], told: readonly Told[]): string[] {
  const wrongs: string[] = [];
  const covered = new Set<number>();
  for (const { offset, risk } of told) {
    if (risk.type !== 'sequence_gap') continue;
    const [from, to] = /numbers (\d+) to (\d+)/.exec(risk.detail)!.slice(1).map(Number) as [number, number];
    const before = observations.filter((one) => one.offset < offset);
    for (let n = from; n <= to; n++) {
      covered.add(n);
      if (before.some(({ sequences }) => sequences.includes(n))) wrongs.push(`${source}: ${n} is missed, yet it came`);
    }
    const dueMs = Date.parse(risk.occurredAt) - FEED_RULES.gapGraceMs;
    const isDue = observations.some(
      ({ sequences, lastSeenAtMs }) => lastSeenAtMs <= dueMs && sequences.some((n) => n > to),
    );
    if (!isDue) wrongs.push(`${source}: ${from} to ${to} are missed too early`);
  }
  const { first, seen } = numbersOf(observations);
  const last = Math.max(-1, ...seen);
  for (let n = first; n < last; n++)
    if (!seen.has(n) && !covered.has(n)) wrongs.push(`${source}: ${n} never came, and nobody was told`);
  return wrongs;
}

/** Who says that he is alive is missed when he does not, and is back when something new is heard of him. */
function silenceIsTold(
  source: string,
  observations: readonly Observation[],
  told: readonly Told[],
  endMs: number,
): string[] {
  const wrongs: string[] = [];
  let quietSinceMs: number | undefined;
  for (const { offset, risk } of told) {
    const before = observations.filter((one) => one.offset < offset);
    const lastMs = Math.max(0, ...before.map(({ lastSeenAtMs }) => lastSeenAtMs));
    if (risk.type === 'feed_quiet') {
      if (quietSinceMs !== undefined) wrongs.push(`${source} falls silent twice`);
      if (Date.parse(risk.occurredAt) - lastMs < FEED_RULES.quietAfterMs) wrongs.push(`${source} is missed too early`);
      if (!observations.some(({ heartbeat }) => heartbeat)) wrongs.push(`${source} never said that it is alive`);
      quietSinceMs = lastMs;
    } else if (risk.type === 'feed_back') {
      const heard = observations.find((one) => one.offset === offset);
      if (quietSinceMs === undefined) wrongs.push(`${source} is back and was never gone`);
      else if (!heard || heard.lastSeenAtMs <= quietSinceMs)
        wrongs.push(`${source} is back, yet nothing new was heard`);
      quietSinceMs = undefined;
    }
  }
  const lastMs = Math.max(...observations.map(({ lastSeenAtMs }) => lastSeenAtMs));
  const isBeating = observations.some(({ heartbeat }) => heartbeat);
  if (isBeating && endMs - lastMs > FEED_RULES.quietAfterMs + TOLD_WITHIN_MS && quietSinceMs === undefined)
    wrongs.push(`${source} is silent, and nobody was told`);
  return wrongs;
}
