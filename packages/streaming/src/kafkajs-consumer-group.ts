import './kafkajs-codecs.js';
import { load, replace, source } from './kafkajs-exchange.js';
import type { KafkajsSharedFetches } from './kafkajs-shared-fetches.js';

// Import it before `kafkajs`.

interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}
interface KafkajsClusterOfConsumer {
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
}
interface KafkajsConsumerGroup {
  readonly cluster: KafkajsClusterOfConsumer;
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytesPerPartition: number;
  readonly seekOffset: { has(topic: string, partition: number): boolean };
  readonly offsetManager: {
    committedOffsets(): Readonly<Record<string, Readonly<Record<number, unknown>>>>;
    nextOffset(topic: string, partition: number): { toString(): string };
  };
  checkForStaleAssignment(): void;
  assigned(): readonly TopicPartitions[];
  isPaused(topic: string, partition: number): boolean;
  seekOffsets(partitions: readonly TopicPartitions[]): Promise<void>;
  recoverFromFetch(error: Error): Promise<void>;
  fetch(nodeId: string): Promise<readonly object[]>;
  seek(to: object): void;
  resume(partitions: readonly TopicPartitions[]): void;
}
type KafkajsConsumerGroupClass = new (...options: never[]) => KafkajsConsumerGroup;

const Batch = load(`${source}/consumer/batch`) as new (topic: string, fetchedOffset: string, fetched: object) => object;

/** A consumer that waits costs nothing but its next heartbeat: it is woken when anything changes. */
const LEAST_WAIT_MS = 500;

const UNREACHABLE = new Set(['KafkaJSLockTimeout', 'KafkaJSConnectionError']);

/** By the cluster of each consumer, which is its own. */
const fetchesOf = new WeakMap<object, KafkajsSharedFetches>();
export function shareFetches(clusterOfConsumer: object, fetches: KafkajsSharedFetches): void {
  fetchesOf.set(clusterOfConsumer, fetches);
}

/**
 * Each consumer of kafkajs has a request of its own waiting at each broker. Those that share hand what they want to the
 * one reader of their process instead; joining, heartbeats, offsets and recovery stay kafkajs's. A consumer that is told
 * to go on elsewhere while it waits looks at once, and not after its time.
 */
replace<KafkajsConsumerGroupClass>(
  'consumer/consumerGroup.js',
  (Original) =>
    class ConsumerGroup extends Original {
      private changes = 0;

      override async fetch(nodeId: string): Promise<readonly object[]> {
        const fetches = fetchesOf.get(this.cluster);
        if (!fetches) return super.fetch(nodeId);
        try {
          const before = this.changes;
          await this.cluster.refreshMetadataIfNecessary();
          this.checkForStaleAssignment();
          const led = this.ledBy(nodeId);
          await this.seekOffsets(led);
          const wanted = this.wanted(led);
          const { offsetManager } = this;
          if (this.changes !== before) return [];
          const isGathered = this.minBytes > 1;
          const taken = await fetches.next(this.cluster, nodeId, {
            wanted,
            waitMs: Math.max(LEAST_WAIT_MS, this.maxWaitTime),
            gatherMs: isGathered ? this.maxWaitTime : 0,
          });
          // Another broker's fetch has had the group joined anew meanwhile: what was asked for is of the former assignment.
          if (this.offsetManager !== offsetManager) return [];
          return taken
            .filter(
              ({ topic, partition }) => !this.seekOffset.has(topic, partition) && !this.isPaused(topic, partition),
            )
            .map((one) => new Batch(one.topic, String(one.fetchedOffset), one));
        } catch (error) {
          const { name } = error as Error;
          // Of the shared reader, who connects anew; kafkajs would take its own connections to the broker for lost, too.
          if (name === 'KafkaJSConnectionClosedError') return [];
          // Kafkajs does so while it looks for a broker, which the shared reader does with a cluster of its own.
          if (UNREACHABLE.has(name)) await this.cluster.refreshMetadata();
          await this.recoverFromFetch(error as Error);
          return [];
        }
      }

      override seek(to: object): void {
        super.seek(to);
        this.changed();
      }
      override resume(partitions: readonly TopicPartitions[]): void {
        super.resume(partitions);
        this.changed();
      }

      private changed(): void {
        this.changes++;
        fetchesOf.get(this.cluster)?.wake(this.cluster);
      }

      private ledBy(nodeId: string): readonly TopicPartitions[] {
        return this.assigned().map(({ topic, partitions }) => {
          const leaders = new Map(
            this.cluster.findTopicPartitionMetadata(topic).map(({ partitionId, leader }) => [partitionId, leader]),
          );
          return { topic, partitions: partitions.filter((partition) => String(leaders.get(partition)) === nodeId) };
        });
      }

      private wanted(led: readonly TopicPartitions[]) {
        const committed = this.offsetManager.committedOffsets();
        return led.flatMap(({ topic, partitions }) =>
          partitions
            // Until kafkajs knows where to begin, or after the offset was out of range, there is none.
            .filter((partition) => committed[topic]?.[partition] != null && !this.isPaused(topic, partition))
            .map((partition) => ({
              topic,
              partition,
              offset: Number(this.offsetManager.nextOffset(topic, partition).toString()),
              maxBytes: this.maxBytesPerPartition,
            })),
        );
      }
    },
);
