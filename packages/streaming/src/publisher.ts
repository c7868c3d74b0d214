import type { TopicDefinition } from '@shelfline/contracts/topics';
import { RecordTooLargeError } from './errors.js';
import type { KafkaPort } from './kafka-port.js';
import { sizeOf } from './partition-queue.js';
import { partitionFor } from './partitioner.js';
import type { RecordToSend } from './records-to-send.js';
import { MAX_RECORD_BYTES } from './request-bounds.js';
import { topicName } from './topics-setup.js';

export interface RecordToPublish {
  readonly topic: TopicDefinition;
  readonly key: string;
  /** Value whose hash chooses the partition: the topic's `partitionedBy`. */
  readonly partitionBy: string;
  /** Sent as JSON; null is a tombstone. */
  readonly value: object | null;
  readonly headers?: Readonly<Record<string, string>>;
}
export type PublishResult =
  | { readonly ok: true; readonly partition: number; readonly offset: number }
  | { readonly ok: false; readonly error: Error };

/** Small enough for one request, so that the offsets of a send are consecutive. */
const MAX_RECORDS_PER_SEND = 1000;
const MAX_BYTES_PER_SEND = 500_000;

interface PendingSend {
  readonly topic: string;
  readonly partition: number;
  readonly indexes: number[];
  readonly records: RecordToSend[];
  bytes: number;
}

/** Sends records from the edge, where there is no stream to publish them: each is answered on its own. */
export class Publisher {
  constructor(
    private readonly kafka: KafkaPort,
    private readonly options: { readonly prefix: string; readonly partitions: ReadonlyMap<string, number> },
  ) {}

  async publish(records: readonly RecordToPublish[]): Promise<PublishResult[]> {
    const results: PublishResult[] = [];
    const sends: PendingSend[] = [];
    const open = new Map<string, PendingSend>();
    records.forEach((record, index) => {
      const partition = partitionFor(record.partitionBy, this.countOf(record.topic));
      const toSend = {
        key: record.key,
        value: record.value === null ? null : JSON.stringify(record.value),
        ...(record.headers ? { headers: record.headers } : {}),
      };
      const bytes = sizeOf(toSend);
      const topic = topicName(record.topic, this.options.prefix);
      if (bytes > MAX_RECORD_BYTES) {
        results[index] = { ok: false, error: new RecordTooLargeError(topic, record.key, bytes, MAX_RECORD_BYTES) };
        return;
      }
      const name = `${topic}/${partition}`;
      let send = open.get(name);
      if (!send || send.records.length >= MAX_RECORDS_PER_SEND || send.bytes + bytes > MAX_BYTES_PER_SEND) {
        send = { topic, partition, indexes: [], records: [], bytes: 0 };
        open.set(name, send);
        sends.push(send);
      }
      send.indexes.push(index);
      send.records.push(toSend);
      send.bytes += bytes;
    });
    await Promise.all(sends.map((send) => this.send(send, results)));
    return results;
  }

  private async send({ topic, partition, indexes, records }: PendingSend, results: PublishResult[]): Promise<void> {
    try {
      const base = await this.kafka.send(topic, partition, records);
      indexes.forEach((index, i) => {
        results[index] = { ok: true, partition, offset: base + i };
      });
    } catch (error) {
      for (const index of indexes) results[index] = { ok: false, error: error as Error };
    }
  }

  private countOf({ name }: TopicDefinition): number {
    const count = this.options.partitions.get(name);
    if (count === undefined) throw new Error(`Publisher: topic ${name} was not set up`);
    return count;
  }
}
