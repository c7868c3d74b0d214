import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@shelfline/contracts/topics';
import type { KafkaPort, ReceivedRecord } from './kafka-port.js';
import { connectKafka } from './kafkajs-port.js';
import { until } from './testing/until.js';

const PARTITIONS = 3;
const ROUNDS = 60;

describe.each([100, 0])('a tail that others are read for within %d ms, on a real broker', (gatherMs) => {
  const topic = `echo-${randomUUID()}`;
  let us: KafkaPort;
  let others: KafkaPort;
  beforeAll(async () => {
    const brokers = process.env['KAFKA_BROKERS']!.split(',');
    us = await connectKafka({ brokers, clientId: 'us' });
    others = await connectKafka({ brokers, clientId: 'others' });
    await us.ensureTopics([{ name: topic, partitions: PARTITIONS, replication: 1, definition: TOPICS.levels }]);
  });
  afterAll(() => Promise.all([us.close(), others.close()]));

  it('is given what stood there, its own records and those of others, once and in order', async () => {
    const sent = new Map<string, string>();
    const send = async (port: KafkaPort, partition: number, count: number) => {
      const records = Array.from({ length: count }, () => ({ key: randomUUID(), value: randomUUID() }));
      const base = await port.send(topic, partition, records);
      for (const [i, { value }] of records.entries()) sent.set(`${partition}/${base + i}`, value);
    };
    await send(others, 0, 5);
    await send(us, 1, 5);
    const read: ReceivedRecord[] = [];
    const crashes: Error[] = [];
    const tail = await us.tail({
      topics: [topic],
      from: 'earliest',
      gatherMs,
      onRecords: (records) => void read.push(...records),
      onCrash: (error) => crashes.push(error),
    });
    for (let i = 0; i < ROUNDS; i++)
      await Promise.all([
        send(us, i % PARTITIONS, 1 + (i % 4)),
        send(us, (i + 1) % PARTITIONS, 2),
        i % 3 === 0 ? send(others, i % 2, 1 + (i % 3)) : Promise.resolve(),
      ]);
    // The last word is the others', and nobody of ours sends any more.
    await send(others, 2, 1);
    await until(() => read.length >= sent.size, `${sent.size} records read`);
    await tail.stop();
    expect(crashes).toEqual([]);
    expect(new Map(read.map((r) => [`${r.partition}/${r.offset}`, r.value!.toString()]))).toEqual(sent);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const offsets = read.filter((r) => r.partition === partition).map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.map((_, i) => i));
    }
    const nowMs = Date.now();
    for (const { timestampMs } of read) expect(Math.abs(nowMs - timestampMs)).toBeLessThan(10 * 60_000);
  });
});
