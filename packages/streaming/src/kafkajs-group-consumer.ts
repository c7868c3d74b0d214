import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { MembershipLostError } from './errors.js';
import type { BatchVerdict, GroupConsumer, GroupConsumerOptions } from './kafka-port.js';
import { LastingConsumer } from './kafkajs-lasting-consumer.js';
import { toRecord } from './kafkajs-records.js';
import type { KafkajsSharedFetches } from './kafkajs-shared-fetches.js';
import type { Log } from './log.js';

const ADVISORY_COMMIT_EVERY_MS = 2000;

export async function startGroupConsumer(
  kafka: Kafka,
  fetches: KafkajsSharedFetches,
  options: GroupConsumerOptions,
  log: Log,
): Promise<GroupConsumer> {
  const reader = new KafkajsGroupConsumer(kafka, fetches, options, log);
  await reader.start();
  return reader;
}

class KafkajsGroupConsumer implements GroupConsumer {
  private held: ReadonlySet<number> = new Set();
  private stopping = false;
  private readonly committedAtMs = new Map<number, number>();
  private committing = false;
  private readonly lasting: LastingConsumer;

  constructor(
    kafka: Kafka,
    fetches: KafkajsSharedFetches,
    private readonly options: GroupConsumerOptions,
    private readonly log: Log,
  ) {
    const { groupId, topic, onAssigned, onCrash, concurrency = 4 } = options;
    const { sessionTimeoutMs = 10_000, maxBytesPerPartition = 2_097_152 } = options;
    this.lasting = new LastingConsumer({
      kafka,
      fetches,
      config: () => ({
        groupId,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: Math.max(15_000, sessionTimeoutMs),
        heartbeatInterval: Math.max(200, Math.floor(sessionTimeoutMs / 10)),
        minBytes: 1,
        maxWaitTimeInMs: 500,
        maxBytesPerPartition,
      }),
      topics: [topic],
      concurrency,
      onJoin: (assignment) => {
        const partitions = assignment[topic] ?? [];
        this.held = new Set(partitions);
        onAssigned(partitions);
      },
      eachBatch: (payload, consumer) => this.eachBatch(payload, consumer),
      onCrash,
      log,
    });
  }

  start(): Promise<void> {
    return this.lasting.start();
  }
  pause(partition: number): void {
    this.lasting.current?.pause([{ topic: this.options.topic, partitions: [partition] }]);
  }
  resume(partition: number): void {
    this.lasting.current?.resume([{ topic: this.options.topic, partitions: [partition] }]);
  }
  async stop(): Promise<void> {
    this.stopping = true;
    await this.lasting.stop();
  }

  private async eachBatch(payload: EachBatchPayload, consumer: Consumer): Promise<void> {
    const { batch } = payload;
    const { topic, partition } = batch;
    const last = batch.messages.at(-1);
    if (!last || payload.isStale() || this.stopping) return;
    let lost: Error | undefined;
    let verdict: BatchVerdict;
    try {
      verdict = await this.options.onBatch({
        topic,
        partition,
        records: batch.messages.map((message) => toRecord(topic, partition, message)),
        endOffset: Number(batch.highWatermark),
        heartbeat: () =>
          payload.heartbeat().catch((error: Error) => {
            lost = error;
            throw new MembershipLostError(error);
          }),
        isCurrent: () =>
          !lost && !this.stopping && payload.isRunning() && !payload.isStale() && this.held.has(partition),
      });
    } catch (error) {
      if (!lost) {
        // kafkajs would hand the batch over again and again; the caller knows better what an unknown error means.
        this.stopping = true;
        this.options.onCrash(error as Error);
        return;
      }
      verdict = { seekTo: Number(batch.messages[0]!.offset) };
    }
    // kafkajs must see its own error to join the group again.
    if (lost) throw lost;
    if ('seekTo' in verdict) {
      if (this.held.has(partition)) consumer.seek({ topic, partition, offset: String(verdict.seekTo) });
      return;
    }
    payload.resolveOffset(last.offset);
    void this.commitAdvisory(consumer, partition, verdict.commitTo);
    await payload.heartbeat();
  }

  private async commitAdvisory(consumer: Consumer, partition: number, offset: number): Promise<void> {
    const nowMs = Date.now();
    if (this.committing || nowMs - (this.committedAtMs.get(partition) ?? 0) < ADVISORY_COMMIT_EVERY_MS) return;
    this.committedAtMs.set(partition, nowMs);
    // One at a time: kafkajs retries each, and without a coordinator they would pile up.
    this.committing = true;
    try {
      await consumer.commitOffsets([{ topic: this.options.topic, partition, offset: String(offset) }]);
    } catch (error) {
      this.log.debug({ partition, reason: (error as Error).message }, 'advisory offset commit failed');
    }
    this.committing = false;
  }
}
