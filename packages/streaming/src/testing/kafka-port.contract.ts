import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecordTooLargeError } from '../errors.js';
import type { GroupConsumer, KafkaPort, ReceivedRecord } from '../kafka-port.js';
import { encodeRecords } from '../kafka-writer.js';
import type { RecordsToSend, RecordToSend } from '../records-to-send.js';
import { ADDITIONS } from './counting-stream.js';
import { until } from './until.js';

/** What every implementation of KafkaPort promises. `connect` gives one process's connection. */
export function describeKafkaPort(name: string, connect: () => Promise<KafkaPort>, newTopicName: () => string): void {
  describe(`KafkaPort: ${name}`, () => {
    let kafka: KafkaPort;
    beforeAll(async () => {
      kafka = await connect();
    });
    afterAll(() => kafka.close());

    const createTopic = async (partitions: number) => {
      const topic = newTopicName();
      await kafka.ensureTopics([{ name: topic, partitions, replication: 1, definition: ADDITIONS }]);
      return topic;
    };
    const numbered = (from: number, count: number): RecordToSend[] =>
      Array.from({ length: count }, (_, i) => ({ key: `k${from + i}`, value: String(from + i) }));
    const readAll = async (topic: string, count: number): Promise<ReceivedRecord[]> => {
      const read: ReceivedRecord[] = [];
      const crashes: Error[] = [];
      const tail = await kafka.tail({
        topics: [topic],
        from: 'earliest',
        onRecords: (records) => void read.push(...records),
        onCrash: (error) => crashes.push(error),
      });
      await until(() => read.length >= count, `${count} records read`);
      await tail.stop();
      expect(crashes).toEqual([]);
      return read;
    };
    /** A member of a group that keeps what it was given. */
    const join = async (topic: string, groupId: string, fail?: (error: Error) => void) => {
      const given: ReceivedRecord[] = [];
      const state = { given, assigned: [] as readonly number[], seekOnce: undefined as number | undefined };
      const member: GroupConsumer = await kafka.consume({
        groupId,
        topic,
        sessionTimeoutMs: 6000,
        onBatch: ({ records }) => {
          if (state.seekOnce !== undefined) {
            const seekTo = state.seekOnce;
            state.seekOnce = undefined;
            return Promise.resolve({ seekTo });
          }
          given.push(...records);
          return Promise.resolve({ commitTo: records.at(-1)!.offset + 1 });
        },
        onAssigned: (partitions) => {
          state.assigned = partitions;
        },
        onCrash: fail ?? (() => {}),
      });
      return { member, state };
    };

    it('creates a topic once and answers its partition count', async () => {
      const topic = await createTopic(3);
      const again = await kafka.ensureTopics([{ name: topic, partitions: 5, replication: 1, definition: ADDITIONS }]);
      expect(again.get(topic)).toBe(3);
      expect((await kafka.offsets(topic)).map(({ earliest, end }) => [earliest, end])).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
    });

    it('answers the first offset; sends to a partition arrive in the order of the calls', async () => {
      const topic = await createTopic(1);
      const bases = await Promise.all([0, 10, 20].map((from) => kafka.send(topic, 0, numbered(from, 10))));
      expect(bases).toEqual([0, 10, 20]);
      const read = await readAll(topic, 30);
      expect(read.map(({ value }) => Number(value))).toEqual(Array.from({ length: 30 }, (_, i) => i));
      expect(read.map(({ offset }) => offset)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    });

    it.each<[string, (records: readonly RecordToSend[]) => RecordsToSend]>([
      ['records', (records) => records],
      ['encoded records', (records) => encodeRecords('t/0', records)[0]!],
    ])('keeps keys, bytes, headers, null values and append times of %s', async (_, toSend) => {
      const topic = await createTopic(1);
      const bytes = Buffer.from([0, 255, 1, 254]);
      const records: RecordToSend[] = [
        { key: '库存', value: bytes, headers: { ce_type: 'x', name: '门店' } },
        { key: 'gone', value: null },
        { key: '', value: '' },
      ];
      expect(await kafka.send(topic, 0, toSend(records))).toBe(0);
      const [first, second, third] = await readAll(topic, 3);
      expect(first).toMatchObject({ key: '库存', value: bytes, partition: 0, topic });
      expect({ ...first!.headers }).toEqual({ ce_type: 'x', name: '门店' });
      expect(first!.timestampMs).toBeGreaterThan(1_600_000_000_000);
      expect(second).toMatchObject({ key: 'gone', value: null });
      expect(third).toMatchObject({ key: '', value: Buffer.alloc(0) });
    });

    it('takes more than fits into one request, wide characters included, and keeps the order', async () => {
      const topic = await createTopic(1);
      const records = Array.from({ length: 500 }, (_, i) => ({ key: `k${i}`, value: `${i} ${'货'.repeat(1500)}` }));
      await kafka.send(topic, 0, records);
      const read = await readAll(topic, 500);
      expect(read.map(({ value }) => Number.parseInt(value!.toString(), 10))).toEqual(records.map((_, i) => i));
    });

    it('refuses a record that Kafka would never take, at once, and the partition goes on', async () => {
      const topic = await createTopic(1);
      const [refused, taken] = await Promise.allSettled([
        kafka.send(topic, 0, [{ key: 'k', value: 'x'.repeat(1_100_000) }]),
        kafka.send(topic, 0, numbered(0, 1)),
      ]);
      expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(RecordTooLargeError) });
      expect(taken).toEqual({ status: 'fulfilled', value: 0 });
    });

    it('finds the first record appended after a time', async () => {
      const topic = await createTopic(1);
      await kafka.send(topic, 0, numbered(0, 2));
      const [first, second] = await readAll(topic, 2);
      expect(await kafka.offsetsAfter(topic, first!.timestampMs - 1)).toEqual([{ partition: 0, offset: 0 }]);
      expect(await kafka.offsetsAfter(topic, second!.timestampMs)).toEqual([{ partition: 0, offset: 2 }]);
    });

    it('tails from the end without a gap between asking and reading', async () => {
      const topic = await createTopic(2);
      await kafka.send(topic, 0, numbered(0, 3));
      const read: number[] = [];
      const tail = await kafka.tail({
        topics: [topic],
        from: 'latest',
        onRecords: (records) => void read.push(...records.map(({ value }) => Number(value))),
        onCrash: () => {},
      });
      await kafka.send(topic, 0, numbered(10, 2));
      await kafka.send(topic, 1, numbered(20, 1));
      await until(() => read.length >= 3, 'three records');
      await tail.stop();
      expect(read.toSorted((a, b) => a - b)).toEqual([10, 11, 20]);
    });

    it('tells of a tail whose reader fails', async () => {
      const topic = await createTopic(1);
      const crashes: string[] = [];
      const tail = await kafka.tail({
        topics: [topic],
        from: 'earliest',
        onRecords: () => {
          throw new Error('cannot go on');
        },
        onCrash: ({ message }) => crashes.push(message),
      });
      await kafka.send(topic, 0, numbered(0, 1));
      await until(() => crashes.length > 0, 'the crash');
      await tail.stop();
      expect(crashes).toEqual(['cannot go on']);
    });

    it('gives a group every record, in order, and again from where its handler seeks', async () => {
      const topic = await createTopic(1);
      const { member, state } = await join(topic, `${topic}-group`);
      await kafka.send(topic, 0, numbered(0, 5));
      await until(() => state.given.length >= 5, 'five records');
      state.seekOnce = 2;
      await kafka.send(topic, 0, numbered(5, 1));
      await until(() => state.given.length >= 9, 'records 2 to 5 again');
      await member.stop();
      expect(state.given.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 2, 3, 4, 5]);
    });

    it('tells of a group handler that fails, and gives it nothing more', async () => {
      const topic = await createTopic(1);
      const crashes: string[] = [];
      let calls = 0;
      const member = await kafka.consume({
        groupId: `${topic}-group`,
        topic,
        sessionTimeoutMs: 6000,
        onBatch: () => {
          calls++;
          return Promise.reject(new Error('a defect'));
        },
        onAssigned: () => {},
        onCrash: ({ message }) => crashes.push(message),
      });
      await kafka.send(topic, 0, numbered(0, 1));
      await until(() => crashes.length > 0, 'the crash');
      await kafka.send(topic, 0, numbered(1, 1));
      await member.stop();
      expect(crashes).toEqual(['a defect']);
      expect(calls).toBe(1);
    });

    it('divides partitions among members, and gives a leaver’s to who stays', async () => {
      const topic = await createTopic(4);
      const first = await join(topic, `${topic}-group`);
      await until(() => first.state.assigned.length === 4, 'one member holds all');
      const second = await join(topic, `${topic}-group`);
      await until(
        () => first.state.assigned.length === 2 && second.state.assigned.length === 2,
        'two members hold half each',
      );
      expect([...first.state.assigned, ...second.state.assigned].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
      await first.member.stop();
      await until(() => second.state.assigned.length === 4, 'the one that stays holds all');
      await second.member.stop();
    });
  });
}
