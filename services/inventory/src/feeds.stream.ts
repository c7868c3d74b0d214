import { sayIssues } from '@shelfline/contracts/issue-words';
import { TOPICS } from '@shelfline/contracts/topics';
import { FeedObservation } from '@shelfline/contracts/upkeep';
import type { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { OutputRecord, Parsed, PartitionStore, StreamDefinition } from '@shelfline/streaming/stream';
import { type RiskEntry, riskOutput } from './feeds.handler.js';
import { type FeedWrites, NO_FEED_WRITES } from './feeds.repository.js';
import type { StockEntry } from './stock-entry.js';

const TICK_EVERY_MS = 5000;
const MAX_BATCH_RECORDS = 1000;

export const feedStream = (
  groupId: string,
  store: PartitionStore<FeedWrites>,
  due: EarliestDue,
): StreamDefinition<FeedObservation, FeedWrites> => ({
  topic: TOPICS.feeds,
  groupId,
  parse: parseObservation,
  store,
  emptyWrites: NO_FEED_WRITES,
  republish: async (entries) => (entries as readonly RiskEntry[]).map(riskOutput),
  resend: () => [],
  released: (partition) => due.released(partition),
  tickEveryMs: TICK_EVERY_MS,
  maxBatchRecords: MAX_BATCH_RECORDS,
});

function parseObservation({ value, partition, offset }: ReceivedRecord): Parsed<FeedObservation> {
  let raw: unknown;
  try {
    raw = JSON.parse(value?.toString() ?? '');
  } catch (error) {
    return { kind: 'invalid', reason: 'not_json', detail: (error as Error).message.slice(0, 200) };
  }
  const { success, data, error } = FeedObservation.safeParse(raw);
  if (!success) return { kind: 'invalid', reason: 'invalid', detail: sayIssues(error.issues, raw, 'the observation') };
  if (Number.isNaN(Date.parse(data.lastSeenAt)))
    return { kind: 'invalid', reason: 'invalid', detail: 'lastSeenAt is no instant' };
  // Observing twice changes nothing, so each record stands for itself.
  const id = `${partition}/${offset}`;
  return { kind: 'message', id, contentHash: '', message: data, partitionBy: data.source };
}

/** What a batch of the ledger saw of each source that numbers its records or says that it is alive. */
export function feedOutputs(entries: readonly StockEntry[]): OutputRecord[] {
  const seen = new Map<string, FeedObservation & { sequences: number[] }>();
  for (const entry of entries) {
    const { source, type, offset, partition, recordedAtMs, message } = entry;
    const { sequence } = message;
    const heartbeat = type === 'heartbeat';
    if (typeof sequence !== 'number' && !heartbeat) continue;
    const lastSeenAt = new Date(recordedAtMs).toISOString();
    let observation = seen.get(source);
    if (!observation) {
      observation = { id: `${partition}/${offset}/${source}`, source, sequences: [], lastSeenAt };
      seen.set(source, observation);
    }
    if (typeof sequence === 'number') observation.sequences.push(sequence);
    if (heartbeat) observation.heartbeat = true;
    observation.lastSeenAt = lastSeenAt;
  }
  return [...seen.values()].map((value) => ({
    topic: TOPICS.feeds,
    key: value.source,
    partition: { by: value.source },
    type: 'inventory.feed.observation',
    value,
  }));
}
