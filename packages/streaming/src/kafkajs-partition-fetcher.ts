import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { PartitionFetcher } from './echo-tail.js';
import type { ReceivedRecord, TailReader } from './kafka-port.js';
import { LastingConsumer } from './kafkajs-lasting-consumer.js';
import { toRecord } from './kafkajs-records.js';
import type { KafkajsSharedFetches } from './kafkajs-shared-fetches.js';
import type { Log } from './log.js';

/** More than one byte tells the shared reader to hold back what comes for `maxWaitTimeInMs`. */
const GATHERED_BYTES = 1024 * 1024;
/** Where nothing comes. */
const MOST_WAIT_MS = 2000;

export interface KafkajsPartitionFetcherOptions {
  readonly kafka: Kafka;
  readonly fetches: KafkajsSharedFetches;
  readonly groupPrefix: string;
  readonly topics: readonly string[];
  readonly gatherMs: number;
  readonly sessionTimeoutMs?: number | undefined;
  readonly onFetched: (
    topic: string,
    partition: number,
    records: readonly ReceivedRecord[],
    endOffset: number,
  ) => Promise<void> | undefined;
  readonly onCrash: (error: Error) => void;
  readonly log: Log;
}

/** A group of one, as kafkajs reads only as a member of a group, whose partitions are paused until they are asked for. */
export class KafkajsPartitionFetcher implements PartitionFetcher, TailReader {
  private readonly lasting: LastingConsumer;
  /** By topic and partition: the next offset of those that are read. */
  private readonly active = new Map<string, Map<number, number>>();
  private joined: Consumer | undefined;

  constructor(private readonly options: KafkajsPartitionFetcherOptions) {
    const { kafka, fetches, groupPrefix, topics, gatherMs, sessionTimeoutMs = 30_000, onCrash, log } = options;
    for (const topic of topics) this.active.set(topic, new Map());
    this.lasting = new LastingConsumer({
      kafka,
      fetches,
      config: () => {
        this.joined = undefined;
        return {
          groupId: `${groupPrefix}-${randomUUID()}`,
          sessionTimeout: sessionTimeoutMs,
          heartbeatInterval: Math.floor(sessionTimeoutMs / 4),
          minBytes: gatherMs > 0 ? GATHERED_BYTES : 1,
          maxWaitTimeInMs: gatherMs > 0 ? gatherMs : MOST_WAIT_MS,
        };
      },
      topics,
      concurrency: 1,
      onJoin: (assignment, consumer) => this.onJoin(assignment, consumer),
      eachBatch: (payload) => this.eachBatch(payload),
      onCrash,
      log,
    });
  }

  start(): Promise<void> {
    return this.lasting.start();
  }

  stop(): Promise<void> {
    return this.lasting.stop();
  }

  fetchFrom(topic: string, partition: number, offset: number): void {
    this.active.get(topic)!.set(partition, offset);
    this.tell((consumer) => {
      consumer.seek({ topic, partition, offset: String(offset) });
      consumer.resume([{ topic, partitions: [partition] }]);
    });
  }

  pause(topic: string, partition: number): void {
    this.active.get(topic)!.delete(partition);
    this.tell((consumer) => consumer.pause([{ topic, partitions: [partition] }]));
  }

  /** kafkajs throws while a consumer is ending; the next one is told when it joins. */
  private tell(what: (consumer: Consumer) => void): void {
    if (!this.joined) return;
    try {
      what(this.joined);
    } catch (error) {
      this.options.log.debug({ reason: (error as Error).message }, 'the tail is being joined anew');
    }
  }

  /** After a rejoin kafkajs begins anew, and a new consumer knows nothing of what was paused. */
  private onJoin(assignment: Readonly<Record<string, readonly number[]>>, consumer: Consumer): void {
    this.joined = consumer;
    for (const [topic, wanted] of this.active)
      for (const partition of assignment[topic] ?? []) {
        const offset = wanted.get(partition);
        if (offset === undefined) this.pause(topic, partition);
        else this.fetchFrom(topic, partition, offset);
      }
  }

  private async eachBatch({ batch, isStale, resolveOffset, heartbeat }: EachBatchPayload): Promise<void> {
    const { topic, partition, messages, highWatermark } = batch;
    const wanted = this.active.get(topic)!;
    const last = messages.at(-1);
    if (!last || isStale() || !wanted.has(partition)) return;
    const records = messages.map((message) => toRecord(topic, partition, message));
    await this.options.onFetched(topic, partition, records, Number(highWatermark));
    resolveOffset(last.offset);
    // Told to begin elsewhere meanwhile: that holds.
    if (wanted.has(partition) && !isStale()) wanted.set(partition, Number(last.offset) + 1);
    await heartbeat();
  }
}
