import { createHash } from 'node:crypto';
import type { TopicDefinition } from '@shelfline/contracts/topics';
import type { Connection } from 'mongoose';
import type { ReceivedRecord } from '../kafka-port.js';
import { databaseOf, MongoPartitionStore } from '../mongo-partition-store.js';
import type {
  Batch,
  Decision,
  Delivered,
  LedgerEntry,
  OutputRecord,
  Parsed,
  PartitionStore,
  StreamDefinition,
} from '../stream.js';

/** The smallest stream that can go wrong: it adds numbers per key. Used by the integration specs and the kill loop. */
export interface Addition {
  readonly id: string;
  readonly key: string;
  readonly units: number;
}
export type Totals = ReadonlyMap<string, Total>;

const topic = (name: string, cleanup: 'delete' | 'compact'): TopicDefinition => ({
  name,
  key: 'key',
  partitionedBy: 'key',
  cleanup,
  retentionMs: 3_600_000,
  partitions: 'default',
  writer: 'test',
  description: 'integration test',
});
export const ADDITIONS = topic('test.additions', 'delete');
export const TOTALS = topic('test.totals', 'compact');

interface TotalDocument {
  _id: string;
  total: number;
  version: number;
}

const parse = (record: ReceivedRecord): Parsed<Addition> => {
  const text = record.value?.toString() ?? '';
  let message: Addition;
  try {
    message = JSON.parse(text) as Addition;
  } catch {
    return { kind: 'invalid', reason: 'not_json', detail: 'the value is not JSON' };
  }
  return {
    kind: 'message',
    id: `test/${message.id}`,
    partitionBy: message.key,
    contentHash: createHash('sha1').update(text).digest('hex'),
    message,
  };
};

const outputOf = (key: string, total: number, version: number): OutputRecord => ({
  topic: TOTALS,
  key,
  partition: 'same',
  type: 'test.total',
  value: { key, total, version },
});

export interface Total {
  readonly total: number;
  readonly version: number;
}
/** Committed totals, by key. */
export type FindTotals = (keys: readonly string[]) => Promise<ReadonlyMap<string, Total>>;

/** Keeps the totals of each owned partition in memory; what is missing is loaded with the batch that needs it. */
function createCache(findTotals: FindTotals) {
  const cache = new Map<number, Map<string, Total>>();
  return {
    async load(partition: number, keys: readonly string[], settled?: () => Promise<void>): Promise<Map<string, Total>> {
      let known = cache.get(partition);
      if (!known) cache.set(partition, (known = new Map()));
      const missing = keys.filter((key) => !known.has(key));
      if (missing.length > 0) await settled?.();
      const found = missing.length > 0 ? await findTotals(missing) : new Map<string, Total>();
      for (const key of missing) known.set(key, found.get(key) ?? { total: 0, version: 0 });
      return known;
    },
    forget: (partition: number) => cache.delete(partition),
  };
}

export function countingStream(options: {
  readonly store: PartitionStore<Totals>;
  readonly findTotals: FindTotals;
  readonly groupId: string;
}) {
  const { store, findTotals, groupId } = options;
  const cache = createCache(findTotals);
  const committed = async (keys: readonly string[]) =>
    [...(await findTotals(keys))].map(([key, { total, version }]) => ({
      key,
      version,
      output: outputOf(key, total, version),
    }));
  const stream: StreamDefinition<Addition, Totals> = {
    topic: ADDITIONS,
    groupId,
    parse,
    store,
    emptyWrites: new Map(),
    republish: async (entries) =>
      (await committed([...new Set(entries.map((entry) => String(entry['key'])))])).map(({ output }) => output),
    resend: () => [],
    released: cache.forget,
    watched: [
      { topic: TOTALS, versionOf: (r) => (JSON.parse(r.value!.toString()) as { version: number }).version, committed },
    ],
    tickEveryMs: 200,
    maxBatchRecords: 100,
  };
  const decide = async ({ items, partition, generation, settled }: Batch<Addition>): Promise<Decision<Totals>> => {
    const messages = items.flatMap((item) => (item.kind === 'message' ? [item] : []));
    const known = await cache.load(partition, [...new Set(messages.map(({ message }) => message.key))], settled);
    const changed = new Map<string, Total>();
    for (const { message, record } of messages) {
      const before = changed.get(message.key) ?? known.get(message.key)!;
      changed.set(message.key, { total: before.total + message.units, version: generation * 2 ** 40 + record.offset });
    }
    return {
      entries: messages.map((item) => entryOf(item, partition)),
      writes: changed,
      outputs: [...changed].map(([key, { total, version }]) => outputOf(key, total, version)),
      ahead: () => {
        for (const [key, value] of changed) known.set(key, value);
      },
      committed: () => {},
      nothingChanged: messages.length === 0,
    };
  };
  return { stream, decide };
}

const entryOf = ({ id, contentHash, record, message }: Delivered<Addition>, partition: number): LedgerEntry => ({
  _id: id,
  contentHash,
  partition,
  offset: record.offset,
  outcome: 'applied',
  key: message.key,
  units: message.units,
});

/** The same on MongoDB. */
export async function createCountingStream(connection: Connection, partitions: number, groupId: string) {
  const totals = databaseOf(connection).collection<TotalDocument>('totals');
  const store = new MongoPartitionStore<Totals>({
    connection,
    stream: ADDITIONS.name,
    entriesCollection: 'additions',
    partitions,
    write: (writes, transaction) =>
      transaction.put(
        totals,
        [...writes].map(([_id, { total, version }]) => ({ _id, total, version })),
      ),
    merge: (writes) => new Map(writes.flatMap((totalsOfOne) => [...totalsOfOne])),
  });
  await store.prepare();
  const findTotals: FindTotals = async (keys) => {
    const found = await totals.find({ _id: { $in: [...keys] } }).toArray();
    return new Map(found.map(({ _id, total, version }) => [_id, { total, version }]));
  };
  return { ...countingStream({ store, findTotals, groupId }), totals };
}
