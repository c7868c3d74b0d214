import { cloudEventHeaders } from '@shelfline/contracts/cloud-event';
import { TOPICS } from '@shelfline/contracts/topics';
import { currentTraceparent } from '@shelfline/service-kit/tracing';
import type { Clock } from '@shelfline/streaming/clock';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { Publisher, type RecordToPublish } from '@shelfline/streaming/publisher';
import { topicName } from '@shelfline/streaming/topics-setup';
import type { ConnectMetrics } from './connect-metrics.js';
import type { AcceptedDelta, AcceptedItem } from './domain/accept-deltas.js';

export function deltaRecord(delta: AcceptedDelta & { sku: string }): RecordToPublish {
  return {
    topic: TOPICS.deltas,
    key: delta.sku,
    partitionBy: delta.sku,
    value: delta,
    headers: headersOf(delta, delta.sku),
  };
}

const headersOf = ({ id, source, type, occurredAt }: AcceptedDelta, subject: string): Record<string, string> => {
  const traceparent = currentTraceparent();
  return cloudEventHeaders({
    id,
    source,
    type: `inventory.delta.${type}`,
    subject,
    timeMs: Date.parse(occurredAt),
    ...(traceparent ? { traceparent } : {}),
  });
};

const isFact = (item: AcceptedItem): item is AcceptedItem & { delta: { sku: string } } => 'sku' in item.delta;

/** Sends deltas to `inventory.deltas` and says which of them were not confirmed in time. */
export class DeltaSender {
  private readonly publisher: Publisher;
  private readonly partitions: number;

  constructor(
    private readonly kafka: KafkaPort,
    private readonly options: {
      readonly prefix: string;
      readonly partitions: ReadonlyMap<string, number>;
      readonly timeoutMs: number;
      readonly clock: Clock;
      readonly metrics: ConnectMetrics;
    },
  ) {
    this.publisher = new Publisher(kafka, options);
    this.partitions = options.partitions.get(TOPICS.deltas.name) ?? 0;
  }

  /**
   * Answers the indexes of items that no in-sync set of replicas confirmed within the time. Such an item may have been
   * written all the same: sent again with its id it is counted once. A partition that is slow delays no other's answer
   * beyond the time.
   */
  async send(items: readonly AcceptedItem[]): Promise<ReadonlySet<number>> {
    const failed = new Set<number>();
    const groups = new Map<number, (AcceptedItem & { delta: { sku: string } })[]>();
    const heartbeats: AcceptedItem[] = [];
    for (const item of items) {
      if (!isFact(item)) {
        heartbeats.push(item);
        continue;
      }
      const partition = partitionFor(item.delta.sku, this.partitions);
      const group = groups.get(partition);
      if (group) group.push(item);
      else groups.set(partition, [item]);
    }
    const stopWaiting = new AbortController();
    const timeout = this.options.clock.sleep(this.options.timeoutMs, stopWaiting.signal);
    const inTime = async (indexes: number[], sending: Promise<boolean>): Promise<void> => {
      const confirmed = await Promise.race([sending.catch(() => false), timeout.then(() => false)]);
      if (!confirmed) for (const index of indexes) failed.add(index);
    };
    const observe = this.options.metrics.publishSeconds.startTimer({ kind: 'deltas' });
    await Promise.all([
      ...[...groups.values()].map((group) =>
        inTime(
          group.map(({ index }) => index),
          this.publish(group.map(({ delta }) => deltaRecord(delta))),
        ),
      ),
      ...heartbeats.map(({ index, delta }) => inTime([index], this.sendToAllPartitions(delta))),
    ]);
    observe();
    stopWaiting.abort();
    return failed;
  }

  /** One partition's records go in one request, so they are confirmed together or not at all. */
  private async publish(records: RecordToPublish[]): Promise<boolean> {
    const results = await this.publisher.publish(records);
    return results.every(({ ok }) => ok);
  }

  /** Each partition judges by itself whether a source has gone quiet. */
  private async sendToAllPartitions(delta: AcceptedDelta): Promise<boolean> {
    const record = { key: delta.source, value: JSON.stringify(delta), headers: headersOf(delta, delta.source) };
    const topic = topicName(TOPICS.deltas, this.options.prefix);
    await Promise.all(
      Array.from({ length: this.partitions }, (_, partition) => this.kafka.send(topic, partition, [record])),
    );
    return true;
  }
}
