import { TOPICS } from '@shelfline/contracts/topics';
import type { History } from './history.ts';
import type { Acknowledged, Answered } from './intake-clients.ts';
import type { Appended } from './ledger-records.ts';
import type { PlannedLine } from './planned-intake.ts';
import { PARTITIONS } from './setting.ts';
import { isLost } from './topic-records.ts';

interface Sent extends Appended {
  readonly id: string;
  readonly source: string;
  readonly sku: string;
  readonly quantity?: number;
}
/** What is dated further ahead of when its file came is rejected. */
const MAX_AHEAD_MS = 86_400_000;
/** By `source/id`: each time that it was written. */
type OnTopic = ReadonlyMap<string, readonly Sent[]>;

/** What connect promised to the outside, compared with the plan and with what stands on the topics. */
export function connectWrongs(
  history: History,
  { deltas, changes }: { readonly deltas: readonly Appended[]; readonly changes: readonly Appended[] },
): string[] {
  const { clients, connectStore } = history;
  const facts = onTopic(deltas);
  const files = onTopic([...deltas, ...changes]);
  const wrongs = clients.waiting === 0 ? [] : [`connect: ${clients.waiting} clients were never answered`];
  for (const answered of clients.answered) wrongs.push(...answerHolds(history, answered, facts));
  for (const acknowledged of clients.acknowledged) wrongs.push(...importHolds(history, acknowledged, files));
  for (const { record } of connectStore.repository.imports.values())
    if (record.state === 'running') wrongs.push(`connect: import ${record.id} was left at row ${record.rows}`);
  wrongs.push(...nothingElse(history, files));
  return wrongs.map((wrong) => (wrong.startsWith('connect') ? wrong : `connect: ${wrong}`));
}

function onTopic(appended: readonly Appended[]): OnTopic {
  const found = new Map<string, Sent[]>();
  for (const record of appended) {
    if (record.isTick) continue;
    try {
      const value = JSON.parse(record.text) as Sent;
      const { id, source, sku, quantity } = value;
      const name = `${source}/${id}`;
      const sent = { ...record, id, source, sku, quantity };
      const before = found.get(name);
      if (before) before.push(sent);
      else found.set(name, [sent]);
    } catch {}
  }
  return found;
}

/** However often, wherever and whenever an item is sent, its answer is the same; accepted means on the topic by then. */
function answerHolds(history: History, { request, atMs, answers }: Answered, facts: OnTopic): string[] {
  return request.items.flatMap(({ item, answer: expected }, i) => {
    const answer = answers[i]!;
    const name = `${String(item['source'])}/${String(item['id'])}`;
    if (answer === 'unavailable' && expected === 'accepted') return [];
    if (answer !== expected) return [`${name} is answered with ${answer}, should be ${expected}`];
    if (answer !== 'accepted') return [];
    const inTime = (facts.get(name) ?? []).filter(({ timestampMs }) => timestampMs <= atMs);
    const partitions = new Set(inTime.map(({ partition }) => partition));
    if (partitions.size < (item['type'] === 'heartbeat' ? PARTITIONS : 1))
      return [`${name} was accepted before it was on the topic`];
    return hasEffect(history, name, inTime);
  });
}

/** Once: the ledger's model sees what is applied a second time. */
function hasEffect({ ledger, catalog, losses }: History, name: string, sent: readonly Sent[]): string[] {
  const isIn = (entries: ReadonlyMap<string, unknown>) => entries.has(name) || entries.has(`${name}@0`);
  const isGone = sent.some((record) => isLost(losses.accepted, record));
  return isGone || isIn(ledger.database.entries) || isIn(catalog.database.entries)
    ? []
    : [`${name} is on its topic and has no effect`];
}

/** Each line is on its topic or among the rejected rows, once, and the figures say so. */
function importHolds(history: History, { upload, id }: Acknowledged, files: OnTopic): string[] {
  const { repository, files: disk } = history.connectStore;
  const stored = repository.imports.get(id);
  if (!stored) return [`import ${id} was acknowledged and is not recorded`];
  const { state, rows, accepted, rejected, rejectedBytes, startedAt } = stored.record;
  const { lines } = upload;
  const latestMs = startedAt.getTime() + MAX_AHEAD_MS;
  const isGood = ({ record, datedMs }: PlannedLine) =>
    record !== undefined && !(datedMs !== undefined && datedMs > latestMs);
  const good = lines.filter(isGood);
  const expected = [lines.length === 0 ? 'failed' : 'completed', lines.length, good.length, lines.length - good.length];
  const found = [state, rows, accepted, rejected];
  const wrongs =
    found.join() === expected.join() ? [] : [`import ${id} ends as ${found.join()}, should be ${expected.join()}`];
  const report = disk.rejected.get(id)?.bytes.subarray(0, rejectedBytes).toString() ?? '';
  const told = report.split('\r\n').slice(1, -1).map(lineAndReason);
  const bad = lines.filter((line) => !isGood(line)).map(({ line }) => line);
  if (told.map(([line]) => line).join() !== bad.join())
    wrongs.push(`import ${id} reports lines ${told.map(([line]) => line).join()} as rejected, not ${bad.join()}`);
  for (const [line, reason] of told) if (!reason) wrongs.push(`import ${id} rejects line ${line} without a reason`);
  for (const line of good) wrongs.push(...lineIsApplied(history, nameOf(upload, id, line), line, files));
  return wrongs;
}

/** A row of the report: where, why, then cells that nobody needs here. */
function lineAndReason(row: string): [line: number, reason: string | undefined] {
  const found = /^(\d+),("(?:[^"]|"")+"|[^,]+)/.exec(row);
  return found ? [Number(found[1]), found[2]] : [Number.NaN, undefined];
}

const nameOf = (
  { kind, options }: Pick<Acknowledged['upload'], 'kind' | 'options'>,
  id: string,
  { line, record }: PlannedLine,
): string => `${options.source}/${kind === 'products' ? `${id}-${line}` : record!.id}`;

function lineIsApplied(history: History, name: string, { record, datedMs }: PlannedLine, files: OnTopic): string[] {
  const sent = files.get(name) ?? [];
  if (sent.length === 0) return [`${name} was imported and is not on its topic`];
  const isOther = sent.some(({ quantity }) => quantity !== record!.quantity);
  if (isOther) return [`${name} is on its topic with another quantity`];
  // Taken by an instance whose clock is ahead; the ledger, which goes by the broker's, puts it aside with that reason.
  const { deadLetters } = history.ledger.database;
  const isAside = sent.some(({ partition, offset }) => deadLetters.has(`${TOPICS.deltas.name}/${partition}/${offset}`));
  return datedMs !== undefined && isAside ? [] : hasEffect(history, name, sent);
}

/** No line becomes a record that it is not: under another id it would count twice. */
function nothingElse({ connectStore, plan }: History, files: OnTopic): string[] {
  const known = new Set<string>();
  for (const { record } of connectStore.repository.imports.values())
    for (const upload of plan.uploads)
      if (upload.options.source === record.options.source)
        for (const line of upload.lines) if (line.record) known.add(nameOf(upload, record.id, line));
  return [...files.keys()].flatMap((name) =>
    name.startsWith('csv-') && !known.has(name) ? [`${name} is on its topic and no line of any file`] : [],
  );
}
