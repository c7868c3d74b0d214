import { createHash } from 'node:crypto';
import type { TopicDefinition } from '@shelfline/contracts/topics';
import type { ClientSession, Connection } from 'mongoose';
import type { ReceivedRecord } from '../kafka-port.js';
import { MongoPartitionStore } from '../mongo-partition-store.js';
import type { Batch, Decision, OutputRecord, Parsed, StreamDefinition } from '../stream.js';

/** The smallest stream that can go wrong: it adds numbers per key. Used by the integration specs and the kill loop. */
export interface Addition {
  readonly id: string;
  readonly key: string;
  readonly units: number;
}
export type Totals = ReadonlyMap<string, { total: number; version: number }>;

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

export async function createCountingStream(connection: Connection, partitions: number, groupId: string) {
  const totals = connection.collection<TotalDocument>('totals');
  const store = new MongoPartitionStore<Totals>({
    connection,
    stream: ADDITIONS.name,
    entriesCollection: 'additions',
    partitions,
    write: async (writes, session: ClientSession) => {
      for (const [_id, { total, version }] of writes)
        await totals.updateOne({ _id }, { $set: { total, version } }, { upsert: true, session: session as never });
    },
  });
  await store.prepare();
  const cache = new Map<number, Map<string, { total: number; version: number }>>();
  const load = async (partition: number, keys: string[]) => {
    let known = cache.get(partition);
    if (!known) cache.set(partition, (known = new Map()));
    const missing = keys.filter((key) => !known.has(key));
    const found = await totals.find({ _id: { $in: missing } }).toArray();
    for (const key of missing) known.set(key, { total: 0, version: 0 });
    for (const { _id, total, version } of found) known.set(_id, { total, version });
    return known;
  };
  const committed = async (keys: readonly string[]) =>
    (await totals.find({ _id: { $in: [...keys] } }).toArray()).map(({ _id, total, version }) => ({
      key: _id,
      version,
      output: outputOf(_id, total, version),
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
    released: (partition) => cache.delete(partition),
    watched: [
      { topic: TOTALS, versionOf: (r) => (JSON.parse(r.value!.toString()) as { version: number }).version, committed },
    ],
    tickEveryMs: 200,
    maxBatchRecords: 100,
  };
  const decide = async ({ items, partition }: Batch<Addition>): Promise<Decision<Totals>> => {
    const messages = items.flatMap((item) => (item.kind === 'message' ? [item] : []));
    const known = await load(partition, [...new Set(messages.map(({ message }) => message.key))]);
    const changed = new Map<string, { total: number; version: number }>();
    for (const { message, record } of messages) {
      const before = changed.get(message.key) ?? known.get(message.key)!;
      changed.set(message.key, { total: before.total + message.units, version: record.offset });
    }
    return {
      entries: messages.map(({ id, contentHash, record, message }) => ({
        _id: id,
        contentHash,
        partition,
        offset: record.offset,
        outcome: 'applied',
        key: message.key,
        units: message.units,
      })),
      writes: changed,
      outputs: [...changed].map(([key, { total, version }]) => outputOf(key, total, version)),
      committed: () => {
        for (const [key, value] of changed) known.set(key, value);
      },
      nothingChanged: messages.length === 0,
    };
  };
  return { stream, decide, totals };
}
