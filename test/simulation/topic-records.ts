import type { SimulatedKafka } from '@shelfline/streaming/testing/simulated-kafka';
import type { CommittedBatch, SimulatedDatabase } from '@shelfline/streaming/testing/simulated-store';
import type { Appended } from './ledger-records.ts';
import type { AcceptedLoss } from './losses.ts';
import { PARTITIONS } from './setting.ts';

/** Nothing is stepped over: each record was applied, put aside with a reason, forwarded, or a repeat of one that was. */
export function everyRecordOnce(
  partition: number,
  batches: readonly CommittedBatch[],
  appended: readonly Appended[],
  { entries }: Pick<SimulatedDatabase<never>, 'entries'>,
  losses: readonly AcceptedLoss[],
): string[] {
  const wrongs: string[] = [];
  const accounted = new Set<number>();
  const own = losses.filter((loss) => loss.partition === partition);
  let next = -1;
  for (const { move, entries: applied, deadLetters } of batches) {
    if (next >= 0 && move.fromNext !== next && move.fromNext !== afterLosses(own, next))
      wrongs.push(`${partition}: a commit goes on at ${move.fromNext}, not ${next}`);
    if (move.next < move.fromNext) wrongs.push(`${partition}: the checkpoint goes back to ${move.next}`);
    next = move.next;
    for (const { offset, outcome } of applied) if (outcome !== 'repeated') accounted.add(offset);
    for (const { offset } of deadLetters) accounted.add(offset);
  }
  const forwarded = new Set(
    batches.flatMap(({ entries: applied }) =>
      applied.filter(({ outcome }) => outcome === 'forwarded').map(({ offset }) => offset),
    ),
  );
  const mine = appended.filter((record) => record.partition === partition && !record.isTick);
  const lostTexts = new Set(appended.filter((record) => isLost(losses, record)).map(({ text }) => text));
  const textAt = new Map(appended.map((record) => [`${record.partition}/${record.offset}`, record.text]));
  const original = (text: string): string | undefined => {
    const id = idIn(text);
    // A sign of life stands in every partition under one id.
    const entry = entries.get(id) ?? entries.get(`${id}@${partition}`);
    return entry && textAt.get(`${entry.partition}/${entry.offset}`);
  };
  for (const record of mine) {
    const { offset, text } = record;
    if (offset >= next) wrongs.push(`${partition}/${offset} was never reached: the checkpoint stands at ${next}`);
    else if (forwarded.has(offset) && original(text) === undefined && !lostTexts.has(text))
      wrongs.push(`${partition}/${offset} was never forwarded: ${text}`);
    else if (!accounted.has(offset) && !isLost(losses, record) && original(text) !== text)
      wrongs.push(`${partition}/${offset} was stepped over: ${text}`);
  }
  return wrongs;
}

/** Gone from Kafka, and somebody decided to go on without. */
export const isLost = (losses: readonly AcceptedLoss[], { partition, offset }: Appended): boolean =>
  losses.some((loss) => loss.partition === partition && offset >= loss.from && offset < loss.to);

/** Where a partition goes on that stood at `next`. */
const afterLosses = (losses: readonly AcceptedLoss[], next: number): number =>
  losses.reduce((at, { from, to }) => (from === at ? to : at), next);

/** What a topic tells, partition after partition, in order; signs of time that its readers append tell nothing. */
export const recordsOf = (
  kafka: SimulatedKafka,
  { name }: { readonly name: string },
): { key: string; text: string }[] =>
  Array.from({ length: PARTITIONS }, (_, partition) => kafka.read(name, partition))
    .flat()
    .flatMap(({ key, value }) => (value ? [{ key: key!, text: value.toString() }] : []));

export function idIn(text: string): string {
  const { source, id } = JSON.parse(text) as { source: string; id: string };
  return `${source}/${id}`;
}
