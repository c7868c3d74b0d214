import './kafkajs-consumer-group.js';
import { type Consumer, type ConsumerConfig, type EachBatchPayload, type Kafka, PartitionAssigners } from 'kafkajs';
import { shareFetches } from './kafkajs-consumer-group.js';
import type { KafkajsSharedFetches } from './kafkajs-shared-fetches.js';
import type { Log } from './log.js';

const JOIN_TIMEOUT_MS = 60_000;
const DISCONNECT_TIMEOUT_MS = 15_000;
const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 2000;

/**
 * Few retries inside kafkajs, since it goes on asking a coordinator that is gone: a new consumer finds the new one.
 * It must not restart itself, as it may do so even after it was told to stop.
 */
const CONSUMER_RETRY = {
  initialRetryTime: 100,
  maxRetryTime: 500,
  retries: 5,
  restartOnFailure: () => Promise.resolve(false),
} as const;

const HOPELESS_NAMES = new Set([
  'KafkaJSNotImplemented',
  'KafkaJSSASLAuthenticationError',
  'KafkaJSServerDoesNotSupportApiKey',
  'KafkaJSUnsupportedMagicByteInMessageSet',
  'KafkaJSInvariantViolation',
]);

/** True for what a new connection can mend: lost brokers, coordinators, sessions. */
export function isKafkaPassing(error: Error): boolean {
  let root: Error = error;
  for (;;) {
    if (HOPELESS_NAMES.has(root.name)) return false;
    if (((root as { type?: string }).type ?? '').endsWith('AUTHORIZATION_FAILED')) return false;
    const { cause } = root;
    if (!(cause instanceof Error)) break;
    root = cause;
  }
  return (
    root.name.startsWith('KafkaJS') || /^(ECONN|EPIPE|ETIMEDOUT|EHOST)/.test((root as { code?: string }).code ?? '')
  );
}

export interface LastingConsumerOptions {
  readonly kafka: Kafka;
  /** Read by it together with all others. */
  readonly fetches: KafkajsSharedFetches;
  /** Of each new consumer. */
  readonly config: () => Omit<ConsumerConfig, 'allowAutoTopicCreation' | 'retry'>;
  readonly topics: readonly string[];
  readonly concurrency: number;
  /** With the partitions by topic, after every rebalance. */
  readonly onJoin: (assignment: Readonly<Record<string, readonly number[]>>, consumer: Consumer) => void;
  /** kafkajs commits and resolves nothing by itself: whoever applies a batch says how far it got. */
  readonly eachBatch: (payload: EachBatchPayload, consumer: Consumer) => Promise<void>;
  readonly onCrash: (error: Error) => void;
  readonly log: Log;
}

/** A kafkajs consumer, replaced by a new one whenever it ends of something that passes. */
export class LastingConsumer {
  private consumer: Consumer | undefined;
  /** Names each consumer of kafkajs to what it reads by: the cluster that it alone has. */
  private readonly readers = new WeakMap<Consumer, object>();
  private stopped = false;
  private restarting: Promise<void> = Promise.resolve();
  private giveUp: (error: Error) => void = () => {};

  constructor(private readonly options: LastingConsumerOptions) {}

  get current(): Consumer | undefined {
    return this.consumer;
  }

  start(): Promise<void> {
    return this.launchUntilJoined(Date.now() + JOIN_TIMEOUT_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.giveUp(new Error('stopped'));
    await this.restarting;
    const { consumer } = this;
    this.consumer = undefined;
    if (consumer) await this.disconnect(consumer);
  }

  private async launchUntilJoined(deadlineMs: number): Promise<void> {
    for (let delayMs = FIRST_DELAY_MS; !this.stopped; delayMs = Math.min(LAST_DELAY_MS, delayMs * 2)) {
      try {
        await this.launch();
        return;
      } catch (error) {
        if (this.stopped) return;
        if (!isKafkaPassing(error as Error) || Date.now() >= deadlineMs) throw error;
        this.options.log.warn({ reason: (error as Error).message }, 'could not join the Kafka group, trying again');
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delayMs);
        this.giveUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  private async launch(): Promise<void> {
    const { onJoin } = this.options;
    const consumer = this.make();
    this.consumer = consumer;
    let joined = false;
    let timer: NodeJS.Timeout | undefined;
    const join = new Promise<void>((resolve, reject) => {
      this.giveUp = reject;
      timer = setTimeout(() => reject(new Error('the Kafka consumer could not join its group')), JOIN_TIMEOUT_MS);
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
        joined = true;
        resolve();
        // One that was given up may join late.
        if (consumer === this.consumer) onJoin(payload.memberAssignment, consumer);
      });
      consumer.on(consumer.events.CRASH, ({ payload: { error } }) => {
        if (joined) this.crashed(consumer, error);
        else reject(error);
      });
    });
    try {
      await Promise.race([join, this.run(consumer).then(() => join)]);
    } catch (error) {
      join.catch(() => {});
      await this.disconnect(consumer);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private make(): Consumer {
    const { kafka, fetches, config } = this.options;
    let reader: object | undefined;
    const consumer = kafka.consumer({
      ...config(),
      allowAutoTopicCreation: false,
      retry: CONSUMER_RETRY,
      partitionAssigners: [
        (assigning) => {
          reader = assigning.cluster;
          shareFetches(reader, fetches);
          return PartitionAssigners.roundRobin(assigning);
        },
      ],
    });
    if (reader) this.readers.set(consumer, reader);
    return consumer;
  }

  private async run(consumer: Consumer): Promise<void> {
    const { topics, concurrency, eachBatch } = this.options;
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: concurrency,
      eachBatch: (payload) => eachBatch(payload, consumer),
    });
  }

  private crashed(consumer: Consumer, error: Error): void {
    if (this.stopped || consumer !== this.consumer) return;
    if (!isKafkaPassing(error)) {
      this.options.onCrash(error);
      return;
    }
    this.options.log.warn({ reason: error.message }, 'the Kafka consumer ended, a new one takes its place');
    this.leave(consumer);
    this.restarting = this.launchUntilJoined(Number.POSITIVE_INFINITY).catch((cause: Error) =>
      this.options.onCrash(cause),
    );
  }

  private leave(consumer: Consumer): void {
    const reader = this.readers.get(consumer);
    if (reader) this.options.fetches.leave(reader);
  }

  /** kafkajs waits for a dead coordinator's answer; a stop must end all the same. */
  private async disconnect(consumer: Consumer): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const disconnected = consumer.disconnect().catch((error: Error) => {
      this.options.log.debug({ reason: error.message }, 'disconnecting the Kafka consumer failed');
    });
    // It was told to end; what it waits for needs no waiting for.
    this.leave(consumer);
    await Promise.race([
      disconnected,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, DISCONNECT_TIMEOUT_MS);
      }),
    ]);
    clearTimeout(timer);
  }
}
