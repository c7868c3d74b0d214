import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@shelfline/contracts/topics';
import mongoose, { type Connection } from 'mongoose';
import { Registry } from 'prom-client';
import type { KafkaPort } from './kafka-port.js';
import { connectKafka } from './kafkajs-port.js';
import { silentLog } from './log.js';
import { EPOCH_HEADER } from './output-sender.js';
import { partitionFor } from './partitioner.js';
import { createStreamMetrics } from './stream-metrics.js';
import { StreamRunner } from './stream-runner.js';
import { Table } from './table.js';
import { ADDITIONS, type Addition, createCountingStream, TOTALS } from './testing/counting-stream.js';
import { until } from './testing/until.js';
import { ensureTopics } from './topics-setup.js';

const PARTITIONS = 3;
const SESSION_TIMEOUT_MS = 6000;

describe('a stream on real servers', () => {
  const prefix = `it-${randomUUID().slice(0, 8)}.`;
  let kafka: KafkaPort;
  let connection: Connection;
  let table: Table<{ total: number; version: number }>;
  let counts: ReadonlyMap<string, number>;
  const running: StreamRunner<unknown, unknown>[] = [];
  const fatal: Error[] = [];

  beforeAll(async () => {
    kafka = await connectKafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), clientId: 'it' });
    connection = await mongoose
      .createConnection(process.env['MONGODB_URI']!, { dbName: `it_${prefix.replace(/\W/g, '')}` })
      .asPromise();
    counts = await ensureTopics(kafka, [ADDITIONS, TOTALS, TOPICS.deadLetters], {
      prefix,
      partitions: PARTITIONS,
      replication: 1,
    });
    table = new Table({
      kafka,
      topic: TOTALS,
      topicName: `${prefix}${TOTALS.name}`,
      decode: (r) => JSON.parse(r.value!.toString()) as { total: number; version: number },
      onCrash: (error) => fatal.push(error),
    });
    await table.start();
  });
  afterAll(async () => {
    for (const runner of running) await runner.stop();
    await table.stop();
    await connection.dropDatabase();
    await connection.close();
    await kafka.close();
  });

  const startRunner = async () => {
    const { stream, decide } = await createCountingStream(connection, PARTITIONS, `${prefix}group`);
    const registry = new Registry();
    const runner = new StreamRunner({
      stream,
      decide,
      kafka,
      prefix,
      partitions: counts,
      source: 'test',
      log: silentLog,
      metrics: createStreamMetrics(registry),
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      onFatal: (error) => fatal.push(error),
    });
    await runner.start();
    running.push(runner as unknown as StreamRunner<unknown, unknown>);
    return { runner, registry };
  };
  const produce = (additions: readonly Addition[]) =>
    Promise.all(
      additions.map((addition) =>
        kafka.send(`${prefix}${ADDITIONS.name}`, partitionFor(addition.key, PARTITIONS), [
          { key: addition.key, value: JSON.stringify(addition) },
        ]),
      ),
    );
  const totalOf = (key: string) => table.get(key)?.total ?? 0;
  const counted = async (registry: Registry, name: string) =>
    ((await registry.getSingleMetric(name)!.get()).values as { value: number }[]).reduce(
      (sum, { value }) => sum + value,
      0,
    );

  it('applies each message once, though it is sent twice, and answers nothing that is not durable', async () => {
    const { registry } = await startRunner();
    const additions = Array.from({ length: 600 }, (_, i) => ({ id: `a${i}`, key: `k${i % 20}`, units: 1 }));
    await produce(additions);
    await produce(additions.slice(0, 300));
    await until(() => Array.from({ length: 20 }, (_, i) => totalOf(`k${i}`)).every((t) => t === 30), 'all totals 30');
    await until(
      async () => (await counted(registry, 'shelfline_stream_duplicates_total')) === 300,
      '300 duplicates dropped',
    );
    expect(await connection.collection('additions').countDocuments({ outcome: 'applied' })).toBe(600);
  });

  it('puts a conflict and an unreadable record aside and goes on', async () => {
    const partition = partitionFor('k1', PARTITIONS);
    await kafka.send(`${prefix}${ADDITIONS.name}`, partition, [
      { key: 'k1', value: JSON.stringify({ id: 'a1', key: 'k1', units: 999 }) },
      { key: 'k1', value: '{broken' },
      { key: 'k1', value: JSON.stringify({ id: 'after', key: 'k1', units: 5 }) },
    ]);
    await until(() => totalOf('k1') === 35, 'the good record applied');
    const letters = await connection.collection('dead_letters').find({}).sort({ offset: 1 }).toArray();
    expect(letters.map(({ reason }) => reason)).toEqual(['conflict', 'not_json']);
  });

  it('forwards a record that a foreign partitioner put into the wrong partition', async () => {
    const wrong = (partitionFor('k2', PARTITIONS) + 1) % PARTITIONS;
    await kafka.send(`${prefix}${ADDITIONS.name}`, wrong, [
      { key: 'k2', value: JSON.stringify({ id: 'astray', key: 'k2', units: 7 }) },
    ]);
    await until(() => totalOf('k2') === 37, 'the record applied by its owner');
    expect(await connection.collection('additions').countDocuments({ outcome: 'forwarded' })).toBe(1);
  });

  it('heals a topic on which a fenced owner published late', async () => {
    const partition = partitionFor('k3', PARTITIONS);
    const seen: (number | undefined)[] = [];
    const stopListening = table.onChange((changes) => {
      for (const { key, value } of changes) if (key === 'k3') seen.push(value?.total);
    });
    await kafka.send(`${prefix}${TOTALS.name}`, partition, [
      {
        key: 'k3',
        value: JSON.stringify({ key: 'k3', total: -1, version: 0 }),
        headers: { [EPOCH_HEADER]: `${partition}:0` },
      },
    ]);
    await until(() => seen.length >= 2, 'the stale record and the committed one again');
    stopListening();
    expect(seen.slice(0, 2)).toEqual([-1, 30]);
  });

  it('goes on exactly where it stood when a second instance joins and the first leaves', async () => {
    await startRunner();
    const additions = Array.from({ length: 400 }, (_, i) => ({ id: `b${i}`, key: `m${i % 10}`, units: 1 }));
    await produce(additions.slice(0, 200));
    await running.shift()!.stop();
    await produce(additions.slice(200));
    await until(() => Array.from({ length: 10 }, (_, i) => totalOf(`m${i}`)).every((t) => t === 40), 'all totals 40');
    expect(await connection.collection('additions').countDocuments({ key: /^m/ })).toBe(400);
    expect(fatal).toEqual([]);
  });
});
