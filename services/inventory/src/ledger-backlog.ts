import type { KafkaPort, PartitionOffsets } from '@shelfline/streaming/kafka-port';
import type { CheckpointDocument } from '@shelfline/streaming/mongo-documents';
import { databaseOf } from '@shelfline/streaming/mongo-partition-store';
import type { Connection } from 'mongoose';

/** What stands on the deltas' topic and is not applied yet. */
export interface Backlog {
  readonly records: number;
  /** Since the newest applied record was appended. */
  readonly seconds: number;
}
interface Position {
  readonly partition: number;
  readonly next: number;
  readonly newestMs: number;
}

/** A checkpoint that only ticks moved is stored every ten seconds: so long they seem to wait, and are no backlog. */
const IDLE_CHECKPOINT_MS = 12_000;
const MOMENTARY_RECORDS = 10;
/** Whatever waits for longer is a backlog, however little it is. */
const MOMENTARY_MS = 30_000;
const KEPT_MS = 1000;
const PATIENCE_MS = 2000;

interface BacklogAsked {
  readonly nowMs: number;
  readonly tickEveryMs: number;
  /** One partition; else all. */
  readonly only?: number | undefined;
}

/** `unknown`: Kafka or the database did not say how far the ledger is. */
export type BacklogKnown = Backlog | 'unknown' | undefined;

/** Undefined when next to nothing waits. */
export function backlogOf(
  ends: readonly Pick<PartitionOffsets, 'partition' | 'end'>[],
  positions: readonly Position[],
  { nowMs, tickEveryMs, only }: BacklogAsked,
): Backlog | undefined {
  const leastRecords = MOMENTARY_RECORDS + IDLE_CHECKPOINT_MS / tickEveryMs;
  let records = 0;
  let seconds = 0;
  for (const { partition, end } of ends) {
    if (only !== undefined && partition !== only) continue;
    const position = positions.find((each) => each.partition === partition);
    const waiting = Math.max(0, end - (position?.next ?? 0));
    const behindMs = position ? Math.max(0, nowMs - position.newestMs) : 0;
    if (waiting === 0 || (waiting <= leastRecords && behindMs <= MOMENTARY_MS)) continue;
    records += waiting;
    seconds = Math.max(seconds, Math.round(behindMs / 1000));
  }
  return records === 0 ? undefined : { records, seconds };
}

export interface LedgerBacklogOptions {
  readonly kafka: KafkaPort;
  readonly connection: Connection;
  /** With the deployment's prefix, and without. */
  readonly topicName: string;
  readonly stream: string;
  readonly partitionOf: (sku: string) => number;
  readonly tickEveryMs: number;
}

/**
 * How far the ledger is behind, by the topic's ends and the stored checkpoints: right for every partition, whichever
 * instance owns it. For answers that find nothing; asked at most once a second.
 */
export class LedgerBacklog {
  private asked: { readonly atMs: number; readonly answer: Promise<[PartitionOffsets[], Position[]]> } | undefined;

  constructor(private readonly options: LedgerBacklogOptions) {}

  /** Of the SKU's partition, else of all. */
  async find(sku?: string): Promise<BacklogKnown> {
    if (!this.asked || Date.now() - this.asked.atMs > KEPT_MS)
      this.asked = { atMs: Date.now(), answer: Promise.all([this.ends(), this.positions()]) };
    const known = await withinMs(PATIENCE_MS, this.asked.answer).catch(() => undefined);
    const { tickEveryMs, partitionOf } = this.options;
    const only = sku === undefined ? undefined : partitionOf(sku);
    if (!known) return 'unknown';
    return backlogOf(...known, { nowMs: Date.now(), tickEveryMs, only });
  }

  private async ends(): Promise<PartitionOffsets[]> {
    return [...(await this.options.kafka.offsets(this.options.topicName))];
  }

  private async positions(): Promise<Position[]> {
    const { connection, stream } = this.options;
    const checkpoints = await databaseOf(connection)
      .collection<CheckpointDocument>('checkpoints')
      .find({ _id: { $gte: `${stream}/`, $lt: `${stream}0` } })
      .toArray();
    return checkpoints.map(({ _id, next, newestMs }) => ({
      partition: Number(_id.slice(stream.length + 1)),
      next,
      newestMs: newestMs ?? Date.now(),
    }));
  }
}

async function withinMs<T>(limitMs: number, answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  try {
    return await Promise.race([answer, patience]);
  } finally {
    clearTimeout(timer);
  }
}
