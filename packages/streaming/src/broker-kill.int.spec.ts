import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalStack, startLocalStack } from '@shelfline/local-stack/local-stack';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { KafkaPort, ReceivedRecord } from './kafka-port.js';
import { connectKafka } from './kafkajs-port.js';
import { ADDITIONS } from './testing/counting-stream.js';
import { until } from './testing/until.js';

const PARTITIONS = 6;
const RECORDS_PER_SEND = 50;
const SENDERS = 6;
const PAUSE_MS = 20;
const WANTED = 100_000;
/** Acknowledgements awaited while a broker is down, and again after it is back. */
const PROGRESS = 15_000;

/** Remembers the longest time in which nothing came. */
class PauseMeter {
  private lastMs = Date.now();
  longestMs = 0;
  mark(): void {
    const nowMs = Date.now();
    this.longestMs = Math.max(this.longestMs, nowMs - this.lastMs);
    this.lastMs = nowMs;
  }
}

/** What is acknowledged is kept: replication 3, two in-sync replicas, each broker killed in turn under load. */
describe('three brokers, each killed in turn', () => {
  const topic = `kill-${randomUUID().slice(0, 8)}`;
  let stack: LocalStack;
  let kafka: KafkaPort;
  let admin: Admin;
  const crashes: Error[] = [];

  beforeAll(async () => {
    const { KAFKA_BROKERS: _, ...env } = process.env;
    stack = await startLocalStack({ purpose: 'test-broker-kill', brokers: 3, env });
    kafka = await connectKafka({ brokers: stack.kafkaBrokers, clientId: 'kill' });
    admin = new Kafka({ brokers: stack.kafkaBrokers, clientId: 'isr', logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await kafka.ensureTopics([{ name: topic, partitions: PARTITIONS, replication: 3, definition: ADDITIONS }]);
  }, 120_000);
  afterAll(async () => {
    await admin?.disconnect();
    await kafka?.close();
    await stack?.stop();
  }, 60_000);

  it('loses no acknowledged record, and its readers miss none', async () => {
    const acknowledged = new Set<number>();
    const sends = new PauseMeter();
    let nextId = 0;
    let refusedSends = 0;
    let producing = true;
    const sendOn = async (partition: number) => {
      while (producing) {
        const ids = Array.from({ length: RECORDS_PER_SEND }, () => nextId++);
        try {
          await kafka.send(
            topic,
            partition,
            ids.map((id) => ({ key: `k${id}`, value: `${id} ${'x'.repeat(100)}` })),
          );
          for (const id of ids) acknowledged.add(id);
          sends.mark();
          // A steady load of some 10,000 a second: brokers that start and catch up need the processors too.
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        } catch {
          refusedSends++;
        }
      }
    };

    const inGroup = readOf();
    const group = await kafka.consume({
      groupId: `${topic}-group`,
      topic,
      sessionTimeoutMs: 6000,
      onBatch: ({ records }) => {
        inGroup.take(records);
        return Promise.resolve({ commitTo: records.at(-1)!.offset + 1 });
      },
      onAssigned: () => {},
      onCrash: (error) => crashes.push(error),
    });
    const inTail = readOf();
    const tail = await kafka.tail({
      topics: [topic],
      from: 'earliest',
      onRecords: inTail.take,
      onCrash: (error) => crashes.push(error),
    });

    const startedMs = Date.now();
    const senders = Array.from({ length: SENDERS }, (_, i) => sendOn(i % PARTITIONS));
    for (const { id } of stack.kafka.brokers) {
      await stack.kafka.stopBroker(id, 'SIGKILL');
      const whileDown = acknowledged.size + PROGRESS;
      await until(() => acknowledged.size >= whileDown, `acknowledgements while broker ${id} was down`);
      await stack.kafka.startBroker(id);
      await until(() => isFullyReplicated(admin, topic), `broker ${id} back in all replica sets`);
      const afterwards = acknowledged.size + PROGRESS;
      await until(() => acknowledged.size >= afterwards, `acknowledgements after broker ${id} came back`);
    }
    await until(() => acknowledged.size >= WANTED, `${WANTED} acknowledgements`);
    producing = false;
    await Promise.all(senders);
    const seconds = (Date.now() - startedMs) / 1000;

    const ends = await kafka.offsets(topic);
    const stored = ends.reduce((sum, { end }) => sum + end, 0);
    await until(() => inTail.hasReached(ends), 'the tail read everything');
    await until(() => inGroup.hasReached(ends), 'the group read everything');
    await group.stop();
    await tail.stop();

    const lost = [...acknowledged].filter((id) => !inTail.ids.has(id));
    console.log(
      `3 brokers killed once each in ${seconds.toFixed(0)} s: ${acknowledged.size} acknowledged, ${lost.length} lost, ` +
        `${stored - inTail.ids.size} doubled, ${refusedSends} sends refused; longest pause: acknowledgements ` +
        `${sends.longestMs} ms, group ${inGroup.pause.longestMs} ms, tail ${inTail.pause.longestMs} ms`,
    );
    expect(acknowledged.size).toBeGreaterThanOrEqual(WANTED);
    expect(lost).toEqual([]);
    expect([...acknowledged].filter((id) => !inGroup.ids.has(id))).toEqual([]);
    expect(crashes).toEqual([]);
  }, 180_000);
});

function readOf() {
  const ids = new Set<number>();
  const next = new Map<number, number>();
  const pause = new PauseMeter();
  return {
    ids,
    pause,
    take: (records: readonly ReceivedRecord[]): void => {
      pause.mark();
      for (const { value } of records) ids.add(Number.parseInt(value!.toString(), 10));
      const last = records.at(-1)!;
      next.set(last.partition, last.offset + 1);
    },
    hasReached: (ends: readonly { partition: number; end: number }[]) =>
      ends.every(({ partition, end }) => (next.get(partition) ?? 0) >= end),
  };
}

async function isFullyReplicated(admin: Admin, topic: string): Promise<boolean> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics[0]!.partitions.every(({ isr }) => isr.length === 3);
}
