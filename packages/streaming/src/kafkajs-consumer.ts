import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { GroupConsumer, GroupConsumerOptions, ReceivedRecord, TailOptions, TailReader } from './kafka-port.js';
import type { Log } from './log.js';

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});
const ADVISORY_COMMIT_EVERY_MS = 2000;
const JOIN_TIMEOUT_MS = 60_000;
const RETRY = {
  initialRetryTime: 100,
  maxRetryTime: 1000,
  retries: 1000,
  restartOnFailure: () => Promise.resolve(true),
} as const;

const text = (value: Buffer | string | (Buffer | string)[] | undefined): string =>
  Array.isArray(value) ? text(value[0]) : value === undefined ? '' : value.toString();

function headersOf(message: KafkaMessage): Readonly<Record<string, string>> {
  if (!message.headers) return NO_HEADERS;
  // A null prototype: a header called __proto__ is data.
  const headers: Record<string, string> = Object.create(null);
  for (const name in message.headers) headers[name] = text(message.headers[name]);
  return headers;
}

const toRecord = (topic: string, partition: number, message: KafkaMessage): ReceivedRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  timestampMs: Number(message.timestamp),
  key: message.key === null ? null : message.key.toString(),
  value: message.value,
  headers: headersOf(message),
});

function watchCrashes(consumer: Consumer, onCrash: (error: Error) => void): void {
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    // kafkajs restarts itself after a retriable error; otherwise it sits idle and must not be taken for alive.
    if (!restart) onCrash(error);
  });
}

function joined(consumer: Consumer): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the Kafka consumer could not join its group')), JOIN_TIMEOUT_MS);
    const off = consumer.on(consumer.events.GROUP_JOIN, () => {
      clearTimeout(timer);
      off();
      resolve();
    });
  });
}

export async function startGroupConsumer(
  kafka: Kafka,
  options: GroupConsumerOptions,
  log: Log,
): Promise<GroupConsumer> {
  const { groupId, sessionTimeoutMs = 10_000 } = options;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: Math.max(15_000, sessionTimeoutMs),
    heartbeatInterval: Math.max(200, Math.floor(sessionTimeoutMs / 10)),
    minBytes: 1,
    maxWaitTimeInMs: 500,
    maxBytesPerPartition: options.maxBytesPerPartition ?? 1_048_576,
    allowAutoTopicCreation: false,
    retry: RETRY,
  });
  watchCrashes(consumer, options.onCrash);
  const reader = new KafkajsGroupConsumer(consumer, options, log);
  await reader.start();
  return reader;
}

class KafkajsGroupConsumer implements GroupConsumer {
  private held: ReadonlySet<number> = new Set();
  private stopping = false;
  private readonly committedAtMs = new Map<number, number>();

  constructor(
    private readonly consumer: Consumer,
    private readonly options: GroupConsumerOptions,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    const { consumer, options } = this;
    const { topic } = options;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const partitions = payload.memberAssignment[topic] ?? [];
      this.held = new Set(partitions);
      options.onAssigned(partitions);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const join = joined(consumer);
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.concurrency ?? 4,
      eachBatch: (payload) => this.eachBatch(payload),
    });
    await join;
  }

  pause(partition: number): void {
    this.consumer.pause([{ topic: this.options.topic, partitions: [partition] }]);
  }
  resume(partition: number): void {
    this.consumer.resume([{ topic: this.options.topic, partitions: [partition] }]);
  }
  async stop(): Promise<void> {
    this.stopping = true;
    await this.consumer.disconnect();
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { topic, partition } = batch;
    const last = batch.messages.at(-1);
    if (!last || payload.isStale()) return;
    const verdict = await this.options.onBatch({
      topic,
      partition,
      records: batch.messages.map((message) => toRecord(topic, partition, message)),
      endOffset: Number(batch.highWatermark),
      heartbeat: () => payload.heartbeat(),
      isCurrent: () => !this.stopping && payload.isRunning() && !payload.isStale() && this.held.has(partition),
    });
    if ('seekTo' in verdict) {
      if (this.held.has(partition)) this.consumer.seek({ topic, partition, offset: String(verdict.seekTo) });
      return;
    }
    payload.resolveOffset(last.offset);
    void this.commitAdvisory(partition, verdict.commitTo);
    await payload.heartbeat();
  }

  private async commitAdvisory(partition: number, offset: number): Promise<void> {
    const nowMs = Date.now();
    if (nowMs - (this.committedAtMs.get(partition) ?? 0) < ADVISORY_COMMIT_EVERY_MS) return;
    this.committedAtMs.set(partition, nowMs);
    try {
      await this.consumer.commitOffsets([{ topic: this.options.topic, partition, offset: String(offset) }]);
    } catch (error) {
      this.log.debug({ partition, reason: (error as Error).message }, 'advisory offset commit failed');
    }
  }
}

/**
 * kafkajs reads only as a group member, so a tail is a group of one with a name of its own. `from` gives the first
 * offset wanted of each `topic/partition`; earlier records are passed over.
 */
export async function startTail(
  kafka: Kafka,
  groupId: string,
  options: TailOptions,
  from: ReadonlyMap<string, number>,
  log: Log,
): Promise<TailReader> {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: options.sessionTimeoutMs ?? 30_000,
    heartbeatInterval: 2000,
    minBytes: 1,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
    retry: RETRY,
  });
  watchCrashes(consumer, options.onCrash);
  const tail = new KafkajsTail(consumer, options, new Map(from), log);
  await tail.start();
  return tail;
}

class KafkajsTail implements TailReader {
  constructor(
    private readonly consumer: Consumer,
    private readonly options: TailOptions,
    /** Next offset per partition: after a rejoin kafkajs starts over from the beginning, the reader must not. */
    private readonly next: Map<string, number>,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    const { consumer, options } = this;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      for (const topic of options.topics)
        for (const partition of payload.memberAssignment[topic] ?? []) {
          const offset = this.next.get(`${topic}/${partition}`);
          if (offset !== undefined) consumer.seek({ topic, partition, offset: String(offset) });
        }
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
    const join = joined(consumer);
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: (payload) => this.eachBatch(payload),
    });
    await join;
  }

  stop(): Promise<void> {
    return this.consumer.disconnect();
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const last = batch.messages.at(-1);
    if (!last || payload.isStale()) return;
    const name = `${batch.topic}/${batch.partition}`;
    const wanted = this.next.get(name) ?? 0;
    const records = batch.messages
      .filter(({ offset }) => Number(offset) >= wanted)
      .map((message) => toRecord(batch.topic, batch.partition, message));
    if (records.length > 0) {
      await this.handOver(records, Number(batch.highWatermark));
      this.next.set(name, Number(last.offset) + 1);
    }
    payload.resolveOffset(last.offset);
    await payload.heartbeat();
  }

  private async handOver(records: readonly ReceivedRecord[], endOffset: number): Promise<void> {
    try {
      await this.options.onRecords(records, endOffset);
    } catch (error) {
      this.log.error({ topic: records[0]!.topic, reason: (error as Error).message }, 'a tail reader failed');
      this.options.onCrash(error as Error);
      throw error;
    }
  }
}
