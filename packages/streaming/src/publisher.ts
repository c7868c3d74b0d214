import type { TopicDefinition } from '@shelfline/contracts/topics';
import type { KafkaPort, RecordToSend } from './kafka-port.js';
import { partitionFor } from './partitioner.js';
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

/** Sends records from the edge, where there is no stream to publish them: each is answered on its own. */
export class Publisher {
  constructor(
    private readonly kafka: KafkaPort,
    private readonly options: { readonly prefix: string; readonly partitions: ReadonlyMap<string, number> },
  ) {}

  async publish(records: readonly RecordToPublish[]): Promise<PublishResult[]> {
    const results: PublishResult[] = [];
    const groups = new Map<string, { topic: string; partition: number; indexes: number[]; records: RecordToSend[] }>();
    records.forEach((record, index) => {
      const count = this.options.partitions.get(record.topic.name);
      if (count === undefined) throw new Error(`Publisher: topic ${record.topic.name} was not set up`);
      const partition = partitionFor(record.partitionBy, count);
      const name = `${record.topic.name}/${partition}`;
      let group = groups.get(name);
      if (!group) {
        group = { topic: topicName(record.topic, this.options.prefix), partition, indexes: [], records: [] };
        groups.set(name, group);
      }
      group.indexes.push(index);
      group.records.push({
        key: record.key,
        value: record.value === null ? null : JSON.stringify(record.value),
        ...(record.headers ? { headers: record.headers } : {}),
      });
    });
    await Promise.all(
      [...groups.values()].map(async ({ topic, partition, indexes, records: toSend }) => {
        try {
          const base = await this.kafka.send(topic, partition, toSend);
          indexes.forEach((index, i) => {
            results[index] = { ok: true, partition, offset: base + i };
          });
        } catch (error) {
          for (const index of indexes) results[index] = { ok: false, error: error as Error };
        }
      }),
    );
    return results;
  }
}
