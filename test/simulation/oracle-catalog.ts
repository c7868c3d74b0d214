import { TOPICS } from '@shelfline/contracts/topics';
import { ENTITY_TOPICS } from './catalog-process.ts';
import type { History } from './history.ts';
import type { Appended } from './ledger-records.ts';
import { PARTITIONS } from './setting.ts';
import { everyRecordOnce, idIn, recordsOf } from './topic-records.ts';

interface Change {
  readonly kind: keyof typeof ENTITY_TOPICS;
  readonly code: string;
  readonly entity: Readonly<Record<string, unknown>> | null;
  readonly expectedVersion?: number;
}
interface Entry {
  readonly _id: string;
  readonly partition: number;
  readonly offset: number;
  readonly outcome: string;
  readonly answer: { readonly result: string; readonly version: number };
}
interface Held {
  readonly version: number;
  /** Undefined once removed. */
  readonly content: string | undefined;
}
/** The topics are in their first generation. */
const VERSION_BASE = 2 ** 40;

const inOrder = (value: unknown): unknown =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, member]) => [name, inOrder(member)]),
      )
    : Array.isArray(value)
      ? value.map(inOrder)
      : value;
const contentOf = (entity: unknown): string => JSON.stringify(inOrder(entity));

/** The rules of the catalog once more, applied to what was committed in the order it was. */
export function catalogWrongs(
  { kafka, catalog, losses: { accepted } }: History,
  appended: readonly Appended[],
): string[] {
  const { database, repository } = catalog;
  const wrongs: string[] = [];
  const texts = new Map(appended.map(({ partition, offset, text }) => [`${partition}/${offset}`, text]));
  const losses = accepted.filter(({ topic }) => topic === TOPICS.catalogChanges.name);
  const held = new Map<string, Held>();
  const seen = new Set<string>();
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const own = database.log.filter(({ move }) => move.partition === partition);
    wrongs.push(...everyRecordOnce(partition, own, appended, database, losses).map((wrong) => `catalog ${wrong}`));
    for (const { entries } of own)
      for (const entry of entries as unknown as readonly Entry[]) {
        if (entry.outcome === 'forwarded' || entry.outcome === 'repeated') continue;
        if (seen.has(entry._id)) wrongs.push(`catalog: ${entry._id} was applied twice`);
        seen.add(entry._id);
        const text = texts.get(`${entry.partition}/${entry.offset}`);
        const wrong = text === undefined ? 'is of no record' : apply(held, JSON.parse(text) as Change, entry);
        if (wrong !== undefined) wrongs.push(`catalog: ${entry._id} ${wrong}`);
      }
  }
  for (const [key, { version, content }] of held) {
    const stored = repository.entries.get(key);
    if (stored?.version !== version || (stored.entity ? contentOf(stored.entity) : undefined) !== content)
      wrongs.push(`catalog: ${key} is stored otherwise than was decided`);
  }
  return [...wrongs, ...topicsAreRight(kafka, held), ...answersAreSent(kafka, database)];
}

/** What the change had to make of what stood there; answers what is wrong with what it made. */
function apply(held: Map<string, Held>, change: Change, { offset, answer }: Entry): string | undefined {
  const { kind, code, entity, expectedVersion } = change;
  const key = `${kind}/${code}`;
  const before = held.get(key);
  const stands = before?.content === undefined ? 0 : before.version;
  const isNamed = entity === null || entity['code'] === code || entity['sku'] === code;
  const isRefused =
    (expectedVersion !== undefined && expectedVersion !== stands) || (entity === null ? stands === 0 : !isNamed);
  const content = entity === null ? undefined : contentOf(entity);
  const isUnchanged = content !== undefined && before?.content === content;
  const result = isRefused ? 'refused' : isUnchanged ? 'unchanged' : 'applied';
  const version = result === 'applied' ? VERSION_BASE + offset : stands;
  if (result === 'applied') held.set(key, { version, content });
  if (answer.result !== result) return `is ${answer.result}, should be ${result}`;
  return answer.version === version ? undefined : `is answered with version ${answer.version}, not ${version}`;
}

/** Of every code the last record is the committed state, a removed one's without content. */
function topicsAreRight(kafka: History['kafka'], held: ReadonlyMap<string, Held>): string[] {
  const wrongs: string[] = [];
  for (const [kind, { name }] of Object.entries(ENTITY_TOPICS)) {
    const last = new Map<string, { version: number; content: string | undefined }>();
    for (let partition = 0; partition < PARTITIONS; partition++)
      for (const { key, value, headers } of kafka.read(name, partition)) {
        const {
          version: _,
          updatedAt: __,
          ...entity
        } = JSON.parse(value?.toString() ?? '{}') as Record<string, unknown>;
        last.set(key!, { version: Number(headers['sl-version']), content: value ? contentOf(entity) : undefined });
      }
    for (const [key, { version, content }] of held) {
      if (!key.startsWith(`${kind}/`)) continue;
      const shown = last.get(key.slice(kind.length + 1));
      if (shown?.version !== version)
        wrongs.push(`catalog: ${key} ends on its topic at version ${shown?.version}, committed is ${version}`);
      else if (shown.content !== content) wrongs.push(`catalog: ${key} ends on its topic with other content`);
    }
  }
  return wrongs;
}

/** Each change has one answer, however often it is sent. */
function answersAreSent(kafka: History['kafka'], { entries }: History['catalog']['database']): string[] {
  const wrongs: string[] = [];
  const sent = new Map<string, string>();
  for (const { text } of recordsOf(kafka, TOPICS.catalogOutcomes)) {
    const before = sent.get(idIn(text));
    if (before !== undefined && before !== text) wrongs.push(`catalog: ${idIn(text)} was answered differently`);
    sent.set(idIn(text), text);
  }
  for (const { _id, outcome } of entries.values())
    if (outcome !== 'forwarded' && outcome !== 'repeated' && !sent.has(_id))
      wrongs.push(`catalog: ${_id} was never answered`);
  return wrongs;
}
