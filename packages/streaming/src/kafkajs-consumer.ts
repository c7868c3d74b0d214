import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { MembershipLostError } from './errors.js';
import type {
  BatchVerdict,
  GroupConsumer,
  GroupConsumerOptions,
  ReceivedRecord,
  TailOptions,
  TailReader,
} from './kafka-port.js';
import { FetchedMessage } from './kafkajs-codecs.js';
import { CONSUMER_RETRY, LastingConsumer } from './kafkajs-lasting-consumer.js';
import type { Log } from './log.js';

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});
const ADVISORY_COMMIT_EVERY_MS = 2000;
const GATHERED_BYTES = 1024 * 1024;

type HeaderValue = Buffer | string | (Buffer | string | null)[] | null | undefined;
/** A header may lack a value or come several times (the first one counts): neither may stop a reader. */
const text = (value: HeaderValue): string =>
  Array.isArray(value) ? text(value[0]) : value === undefined || value === null ? '' : value.toString();

export function headersOf(
  headers: Readonly<Record<string, HeaderValue>> | undefined,
): Readonly<Record<string, string>> {
  if (!headers) return NO_HEADERS;
  // A null prototype: a header called __proto__ is data.
  const read: Record<string, string> = Object.create(null);
  for (const name of Object.keys(headers)) read[name] = text(headers[name]);
  return read;
}

const headerNames = new Map<string, Buffer>();
function nameBytes(name: string): Buffer {
  let bytes = headerNames.get(name);
  // As many as our code has names for, none of them from outside.
  if (!bytes) headerNames.set(name, (bytes = Buffer.from(name)));
  return bytes;
}

/** A message of our own codec: fields are read when somebody asks for them. */
class FetchedRecord implements ReceivedRecord {
  private readKey: string | null | undefined;
  private readValue: Buffer | null | undefined;
  private readHeaders: Readonly<Record<string, string>> | undefined;

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly message: FetchedMessage,
  ) {}

  get offset(): number {
    return this.message.offsetNumber;
  }
  get timestampMs(): number {
    return this.message.timestampMs;
  }
  get key(): string | null {
    return (this.readKey ??= this.message.key?.toString() ?? null);
  }
  get value(): Buffer | null {
    return (this.readValue ??= this.message.value);
  }
  get headers(): Readonly<Record<string, string>> {
    return (this.readHeaders ??= headersOf(this.message.headers));
  }
  header(name: string): string | undefined {
    const value = this.message.header(nameBytes(name));
    return value === undefined ? undefined : (value?.toString() ?? '');
  }
}

/** Compressed batches are read by kafkajs itself. */
function toRecord(topic: string, partition: number, message: KafkaMessage): ReceivedRecord {
  if (message instanceof FetchedMessage) return new FetchedRecord(topic, partition, message);
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestampMs: Number(message.timestamp),
    key: message.key?.toString() ?? null,
    value: message.value ?? null,
    headers: headersOf(message.headers),
  };
}

export async function startGroupConsumer(
  kafka: Kafka,
  options: GroupConsumerOptions,
  log: Log,
): Promise<GroupConsumer> {
  const reader = new KafkajsGroupConsumer(kafka, options, log);
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
    private readonly kafka: Kafka,
    private readonly options: GroupConsumerOptions,
    private readonly log: Log,
  ) {
    this.lasting = new LastingConsumer({
      create: () => this.create(),
      run: (consumer) => this.run(consumer),
      onCrash: options.onCrash,
      log,
    });
  }

  start(): Promise<void> {
    return this.lasting.start();
  }

  private create(): Consumer {
    const { groupId, sessionTimeoutMs = 10_000, maxBytesPerPartition = 1_048_576 } = this.options;
    return this.kafka.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: Math.max(15_000, sessionTimeoutMs),
      heartbeatInterval: Math.max(200, Math.floor(sessionTimeoutMs / 10)),
      minBytes: 1,
      maxWaitTimeInMs: 500,
      maxBytesPerPartition,
      allowAutoTopicCreation: false,
      retry: CONSUMER_RETRY,
    });
  }

  private async run(consumer: Consumer): Promise<void> {
    const { topic, onAssigned, concurrency = 4 } = this.options;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const partitions = payload.memberAssignment[topic] ?? [];
      this.held = new Set(partitions);
      onAssigned(partitions);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: concurrency,
      eachBatch: (payload) => this.eachBatch(consumer, payload),
    });
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

  private async eachBatch(consumer: Consumer, payload: EachBatchPayload): Promise<void> {
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

/**
 * kafkajs reads only as a group member, so a tail is a group of one, with a new name whenever it begins anew: nobody
 * then waits for the session of its former self to end. `from` gives the first offset wanted of each
 * `topic/partition`; earlier records are passed over.
 */
export async function startTail(
  kafka: Kafka,
  groupPrefix: string,
  options: TailOptions,
  from: ReadonlyMap<string, number>,
  log: Log,
): Promise<TailReader> {
  const tail = new KafkajsTail(kafka, groupPrefix, options, new Map(from), log);
  await tail.start();
  return tail;
}

class KafkajsTail implements TailReader {
  private readonly lasting: LastingConsumer;
  private failed = false;

  constructor(
    private readonly kafka: Kafka,
    private readonly groupPrefix: string,
    private readonly options: TailOptions,
    /** Next offset per partition: after a rejoin kafkajs starts over from the beginning, the reader must not. */
    private readonly next: Map<string, number>,
    log: Log,
  ) {
    this.lasting = new LastingConsumer({
      create: () => this.create(),
      run: (consumer) => this.run(consumer),
      onCrash: options.onCrash,
      log,
    });
  }

  start(): Promise<void> {
    return this.lasting.start();
  }

  private create(): Consumer {
    const { gatherMs } = this.options;
    return this.kafka.consumer({
      groupId: `${this.groupPrefix}-${randomUUID()}`,
      sessionTimeout: this.options.sessionTimeoutMs ?? 30_000,
      heartbeatInterval: 2000,
      minBytes: gatherMs === undefined ? 1 : GATHERED_BYTES,
      maxWaitTimeInMs: gatherMs ?? 500,
      allowAutoTopicCreation: false,
      retry: CONSUMER_RETRY,
    });
  }

  private async run(consumer: Consumer): Promise<void> {
    const { options } = this;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      for (const topic of options.topics)
        for (const partition of payload.memberAssignment[topic] ?? []) {
          const offset = this.next.get(`${topic}/${partition}`);
          if (offset !== undefined) consumer.seek({ topic, partition, offset: String(offset) });
        }
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: (payload) => this.eachBatch(payload),
    });
  }

  stop(): Promise<void> {
    return this.lasting.stop();
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const last = batch.messages.at(-1);
    if (!last || this.failed || payload.isStale()) return;
    const name = `${batch.topic}/${batch.partition}`;
    const wanted = this.next.get(name) ?? 0;
    if (Number(batch.highWatermark) < wanted) {
      this.failed = true;
      this.options.onCrash(
        new Error(
          `${name} ends at ${batch.highWatermark}, though ${wanted} records were read: it was made anew or cut`,
        ),
      );
      return;
    }
    const records = batch.messages
      .filter(({ offset }) => Number(offset) >= wanted)
      .map((message) => toRecord(batch.topic, batch.partition, message));
    if (records.length > 0) {
      try {
        await this.options.onRecords(records, Number(batch.highWatermark));
      } catch (error) {
        this.failed = true;
        this.options.onCrash(error as Error);
        return;
      }
      this.next.set(name, Number(last.offset) + 1);
    }
    payload.resolveOffset(last.offset);
    await payload.heartbeat();
  }
}
