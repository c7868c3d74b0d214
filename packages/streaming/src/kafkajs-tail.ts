import { randomUUID } from 'node:crypto';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import type { TailOptions, TailReader } from './kafka-port.js';
import { LastingConsumer } from './kafkajs-lasting-consumer.js';
import { toRecord } from './kafkajs-records.js';
import type { KafkajsSharedFetches } from './kafkajs-shared-fetches.js';
import type { Log } from './log.js';

/**
 * kafkajs reads only as a group member, so a tail is a group of one, with a new name whenever it begins anew: nobody
 * then waits for the session of its former self to end. `from` gives the first offset wanted of each
 * `topic/partition`; earlier records are passed over.
 */
export async function startTail(
  kafka: Kafka,
  fetches: KafkajsSharedFetches,
  groupPrefix: string,
  options: TailOptions,
  from: ReadonlyMap<string, number>,
  log: Log,
): Promise<TailReader> {
  const tail = new KafkajsTail(kafka, fetches, groupPrefix, options, new Map(from), log);
  await tail.start();
  return tail;
}

class KafkajsTail implements TailReader {
  private readonly lasting: LastingConsumer;
  private failed = false;

  constructor(
    kafka: Kafka,
    fetches: KafkajsSharedFetches,
    groupPrefix: string,
    private readonly options: TailOptions,
    /** Next offset per partition: after a rejoin kafkajs starts over from the beginning, the reader must not. */
    private readonly next: Map<string, number>,
    log: Log,
  ) {
    const { topics, sessionTimeoutMs = 30_000, onCrash } = options;
    this.lasting = new LastingConsumer({
      kafka,
      fetches,
      config: () => ({
        groupId: `${groupPrefix}-${randomUUID()}`,
        sessionTimeout: sessionTimeoutMs,
        heartbeatInterval: Math.floor(sessionTimeoutMs / 4),
        minBytes: 1,
        maxWaitTimeInMs: 2000,
      }),
      topics,
      concurrency: 1,
      onJoin: (assignment, consumer) => {
        for (const topic of topics)
          for (const partition of assignment[topic] ?? []) {
            const offset = this.next.get(`${topic}/${partition}`);
            if (offset !== undefined) consumer.seek({ topic, partition, offset: String(offset) });
          }
      },
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
