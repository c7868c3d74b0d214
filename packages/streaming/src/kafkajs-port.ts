// Before kafkajs, or kafkajs keeps its own codec and connections.
import './kafkajs-codecs.js';
import './kafkajs-connections.js';
import './kafkajs-consumer-group.js';

import { type Admin, Kafka, logLevel, type Message, type Producer } from 'kafkajs';
import { EchoTail, LOOK_EVERY_MS } from './echo-tail.js';
import { type Confirmed, confirmationOf, JointRequests, type PartAnswer, type RequestPart } from './joint-requests.js';
import type {
  GroupConsumer,
  GroupConsumerOptions,
  KafkaPort,
  PartitionOffsets,
  TailOptions,
  TailReader,
  TopicToEnsure,
} from './kafka-port.js';
import { startGroupConsumer } from './kafkajs-group-consumer.js';
import { KafkajsPartitionFetcher } from './kafkajs-partition-fetcher.js';
import { KafkajsSharedFetches } from './kafkajs-shared-fetches.js';
import { startTail } from './kafkajs-tail.js';
import { type Log, silentLog } from './log.js';
import { PartitionQueue } from './partition-queue.js';
import { EncodedRecords, type RecordsToSend } from './records-to-send.js';
import { turnTiming } from './turn-timing.js';

export interface KafkajsOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log?: Log;
  /** How long a send is retried before its caller hears that the partition cannot be written. */
  readonly sendTimeoutMs?: number;
}

const LEADERS_WITHIN_MS = 20_000;
const RETRY_DELAY_MS = 150;

/** Refusals that no retry changes; the caller hears of them at once. */
const HOPELESS_TYPES = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);
function isHopeless(error: Error): boolean {
  for (let e: unknown = error; e instanceof Error; e = e.cause)
    if (HOPELESS_TYPES.has((e as { type?: string }).type ?? '')) return true;
  return false;
}

/** kafkajs logs each retried request as an error; what matters reaches us as a rejection. */
const logCreator =
  (log: Log) =>
  () =>
  ({ level, log: { message, ...fields } }: { level: logLevel; log: { message: string } }) => {
    if (level === logLevel.ERROR || level === logLevel.WARN) log.debug(fields, `kafkajs: ${message}`);
  };

export async function connectKafka(options: KafkajsOptions): Promise<KafkaPort> {
  const port = new KafkajsPort(options);
  await port.connect();
  return port;
}

/**
 * The one safe way of producing with kafkajs 2.2.4: not idempotent, without its retries, one request in flight per
 * partition, acks from all in-sync replicas, and the answer must name each partition with error 0 and an offset. What
 * is not named so is sent again, alone. Used plainly, kafkajs resolves `send()` for records it never sent when a leader
 * moves during a retry (tulios/kafkajs #1303, #1798).
 */
class KafkajsPort implements KafkaPort {
  private readonly kafka: Kafka;
  private readonly producer: Producer;
  private readonly admin: Admin;
  private readonly fetches: KafkajsSharedFetches;
  private readonly queues = new Map<string, PartitionQueue>();
  private readonly log: Log;
  /** The most that was ever named, by topic: partitions are never taken away. */
  private readonly partitionsSeen = new Map<string, number>();
  private readonly sendTimeoutMs: number;
  private closing = false;
  /** Told of what this port sent. */
  private readonly echoes = new Set<EchoTail>();
  /** One timer for all of them: each wake-up costs a fraction of a millisecond. */
  private looking: NodeJS.Timeout | undefined;
  private readonly joint = new JointRequests({
    request: (parts) => this.request(parts),
    alone: (part) => this.sendWithRetry(part),
    ...turnTiming,
  });

  constructor(private readonly options: KafkajsOptions) {
    this.log = options.log ?? silentLog;
    this.sendTimeoutMs = options.sendTimeoutMs ?? 30_000;
    this.kafka = new Kafka({
      brokers: [...options.brokers],
      clientId: options.clientId,
      logCreator: logCreator(this.log),
      connectionTimeout: 3000,
      requestTimeout: 10_000,
      retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 12 },
    });
    this.producer = this.kafka.producer({
      allowAutoTopicCreation: false,
      // One attempt: kafkajs's own retry passes over brokers that have answered.
      retry: { retries: 0 },
      metadataMaxAge: 60_000,
    });
    this.admin = this.kafka.admin();
    this.fetches = new KafkajsSharedFetches(this.kafka, this.log);
  }

  async connect(): Promise<void> {
    await Promise.all([this.producer.connect(), this.admin.connect()]);
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all([this.producer.disconnect(), this.admin.disconnect(), this.fetches.close()]);
  }

  send(topic: string, partition: number, records: RecordsToSend): Promise<number> {
    if (records.length === 0) return Promise.reject(new Error('send: no records'));
    const name = `${topic}/${partition}`;
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new PartitionQueue({
        name,
        request: (records, bytes) => this.sendPart({ topic, partition, records }, bytes),
        maxWaitMs: this.sendTimeoutMs,
        nowMs: Date.now,
      });
      this.queues.set(name, queue);
    }
    return queue.push(records);
  }

  private async sendPart(part: RequestPart, bytes: number): Promise<number> {
    const confirmed = await this.joint.send(part, bytes);
    for (const echo of this.echoes) echo.confirmed({ ...part, ...confirmed });
    return confirmed.offset;
  }

  /** One attempt at all parts, each to the leader of its partition. */
  private async request(parts: readonly RequestPart[]): Promise<readonly PartAnswer[]> {
    const byTopic = new Map<string, Message[]>();
    for (const { topic, partition, records } of parts) {
      const messages = byTopic.get(topic) ?? [];
      // As one message: our codec knows it.
      if (records instanceof EncodedRecords) messages.push({ partition, value: records } as unknown as Message);
      else
        for (const { key, value, sharedHeaders, headers } of records)
          messages.push({ partition, key, value, headers, sharedHeaders } as Message);
      byTopic.set(topic, messages);
    }
    const topicMessages = [...byTopic].map(([topic, messages]) => ({ topic, messages }));
    return this.producer.sendBatch({ topicMessages, acks: -1, timeout: 10_000 });
  }

  private async sendWithRetry(part: RequestPart): Promise<Confirmed> {
    const { topic, partition, records } = part;
    const deadline = Date.now() + this.sendTimeoutMs;
    for (;;) {
      let failure: Error;
      try {
        const confirmed = confirmationOf(await this.request([part]), part);
        if (confirmed !== undefined) return confirmed;
        failure = new Error(`the broker's answer did not confirm ${topic}/${partition}`);
      } catch (error) {
        failure = error as Error;
      }
      if (this.closing || Date.now() >= deadline || isHopeless(failure))
        throw new Error(
          `${isHopeless(failure) ? 'Kafka refuses' : 'Kafka did not confirm'} ${records.length} records for ` +
            `${topic}/${partition}: ${failure.message}`,
          { cause: failure },
        );
      this.log.warn({ topic, partition, reason: failure.message }, 'send failed, trying again');
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
    }
  }

  async ensureTopics(topics: readonly TopicToEnsure[]): Promise<ReadonlyMap<string, number>> {
    const existing = new Set(await this.admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length > 0) await this.createTopics(missing);
    return this.partitionCounts(topics.map(({ name }) => name));
  }

  private async partitionCounts(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { topics } = await this.onceItHasLeaders(() => this.admin.fetchTopicMetadata({ topics: [...names] }));
    return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  }

  private async createTopics(missing: readonly TopicToEnsure[]): Promise<void> {
    try {
      await this.admin.createTopics({
        // kafkajs gives up waiting when a broker does not know the topic yet; partitionCounts waits instead.
        waitForLeaders: false,
        topics: missing.map(({ name, partitions, replication, definition }) => ({
          topic: name,
          numPartitions: partitions,
          replicationFactor: replication,
          configEntries: Object.entries(topicConfig(definition.cleanup, definition.retentionMs, replication)).map(
            ([entry, value]) => ({ name: entry, value }),
          ),
        })),
      });
    } catch (error) {
      // Another service creating the same topics at the same moment is no failure.
      const failures = (error as { errors?: readonly { type?: string }[] }).errors ?? [error as { type?: string }];
      if (!failures.every(({ type }) => type === 'TOPIC_ALREADY_EXISTS')) throw error;
    }
  }

  async offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    const found = await this.onceItHasLeaders(async () => {
      const led = await this.admin.fetchTopicOffsets(topic);
      // kafkajs leaves out what has no leader just now: taken for the whole, a partition would seem to be lost.
      const known = Math.max(led.length, this.partitionsSeen.get(topic) ?? 0);
      this.partitionsSeen.set(topic, known);
      if (led.length < known)
        throw Object.assign(new Error(`Kafka did not confirm the offsets of all partitions of ${topic}`), {
          retriable: true,
        });
      return led;
    });
    return found.map(({ partition, low, high }) => ({ partition, earliest: Number(low), end: Number(high) }));
  }

  /** A topic that was made a moment ago, or whose broker went, is soon led again. */
  private async onceItHasLeaders<T>(ask: () => Promise<T>): Promise<T> {
    const deadline = Date.now() + LEADERS_WITHIN_MS;
    for (;;)
      try {
        return await ask();
      } catch (error) {
        // kafkajs stumbles over metadata that names no partition of the topic yet.
        const isRetriable = error instanceof TypeError || (error as { retriable?: boolean }).retriable === true;
        if (!isRetriable || this.closing || Date.now() >= deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
      }
  }

  async clusterId(): Promise<string> {
    return (await this.admin.describeCluster()).clusterId;
  }

  async offsetsAfter(topic: string, timestampMs: number): Promise<readonly { partition: number; offset: number }[]> {
    const found = await this.admin.fetchTopicOffsetsByTimestamp(topic, timestampMs + 1);
    return found.map(({ partition, offset }) => ({ partition, offset: Number(offset) }));
  }

  consume(options: GroupConsumerOptions): Promise<GroupConsumer> {
    return startGroupConsumer(this.kafka, this.fetches, options, this.log);
  }

  async tail(options: TailOptions): Promise<TailReader> {
    const from = new Map<string, number>();
    if (options.from === 'latest' || options.gatherMs !== undefined)
      for (const topic of options.topics)
        for (const { partition, earliest, end } of await this.offsets(topic))
          from.set(`${topic}/${partition}`, options.from === 'latest' ? end : earliest);
    if (options.gatherMs !== undefined) return this.startEchoTail({ ...options, gatherMs: options.gatherMs }, from);
    return startTail(this.kafka, this.fetches, `${this.options.clientId}-tail`, options, from, this.log);
  }

  private lookForOthers(): void {
    for (const echo of this.echoes) echo.lookForOthers();
  }

  private async startEchoTail(
    { topics, gatherMs, sessionTimeoutMs, onRecords, onCrash }: TailOptions & { gatherMs: number },
    from: ReadonlyMap<string, number>,
  ): Promise<TailReader> {
    const fetcher = new KafkajsPartitionFetcher({
      kafka: this.kafka,
      fetches: this.fetches,
      groupPrefix: `${this.options.clientId}-tail`,
      topics,
      gatherMs,
      sessionTimeoutMs,
      onFetched: (...fetched) => echo.fetched(...fetched),
      onCrash,
      log: this.log,
    });
    const echo: EchoTail = new EchoTail({ from, onRecords, onCrash, nowMs: Date.now }, fetcher);
    this.echoes.add(echo);
    this.looking ??= setInterval(() => this.lookForOthers(), LOOK_EVERY_MS).unref();
    const stop = async () => {
      this.echoes.delete(echo);
      if (this.echoes.size === 0) {
        clearInterval(this.looking);
        this.looking = undefined;
      }
      await fetcher.stop();
    };
    try {
      await fetcher.start();
    } catch (error) {
      await stop();
      throw error;
    }
    return { stop };
  }
}

function topicConfig(cleanup: 'delete' | 'compact', retentionMs: number, replication: number): Record<string, string> {
  const shared = {
    'message.timestamp.type': 'LogAppendTime',
    'min.insync.replicas': replication >= 3 ? '2' : '1',
    // kafkajs reads gzip at most: one producer's lz4 batch would stop every reader. The broker unpacks it instead.
    'compression.type': 'uncompressed',
    'max.message.bytes': '1048588',
  };
  if (cleanup === 'delete') return { ...shared, 'cleanup.policy': 'delete', 'retention.ms': String(retentionMs) };
  return {
    ...shared,
    'cleanup.policy': 'compact',
    'delete.retention.ms': String(retentionMs),
    // Small segments, so that a reader that starts now need not read weeks of superseded records.
    'segment.bytes': String(32 * 1024 * 1024),
    'min.cleanable.dirty.ratio': '0.3',
  };
}
