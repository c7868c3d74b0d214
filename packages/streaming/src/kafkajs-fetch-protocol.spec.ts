import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { encodeProduceRequest } from './kafka-writer.js';
import { fetchErrorOf, fetchRequestOf } from './kafkajs-fetch-protocol.js';
import { AT } from './record-batch.js';

const load = createRequire(import.meta.url);
const Encoder = load('kafkajs/src/protocol/encoder');
const original = load('kafkajs/src/protocol/requests/fetch/v11/response') as {
  decode(raw: Buffer): Promise<{
    errorCode: number;
    sessionId: number;
    responses: {
      topicName: string;
      partitions: { partition: number; errorCode: number; highWatermark: string; messages: { offset: string }[] }[];
    }[];
  }>;
};

function batchFrom(firstOffset: number, keys: readonly string[], isCompressed = false): Buffer {
  const partition = {
    partition: 0,
    records: keys.map((key) => ({ key, value: `of ${key}` })),
    timestampMs: 5,
    producerId: -1n,
    producerEpoch: 0,
    firstSequence: 0,
  };
  const request = encodeProduceRequest({ acks: -1, timeoutMs: 1, topics: [{ topic: 't', partitions: [partition] }] });
  const batch = Buffer.from(request.subarray(2 + 2 + 4 + 4 + 2 + 't'.length + 4 + 4 + 4));
  batch.writeBigInt64BE(BigInt(firstOffset), AT.firstOffset);
  if (!isCompressed) return batch;
  const { gzipSync } = load('node:zlib') as typeof import('node:zlib');
  const whole = Buffer.concat([batch.subarray(0, AT.records), gzipSync(batch.subarray(AT.records))]);
  whole.writeInt16BE(1, AT.attributes);
  whole.writeInt32BE(whole.length - AT.leaderEpoch, AT.length);
  return whole;
}

/** An answer of two topics as a broker writes it. */
function rawAnswer(set: Buffer): Buffer {
  const partitionOf = (partition: number, errorCode: number, records: Buffer) =>
    new Encoder()
      .writeInt32(partition)
      .writeInt16(errorCode)
      .writeInt64(9)
      .writeInt64(8)
      .writeInt64(0)
      .writeArray([new Encoder().writeInt64(7).writeInt64(3)])
      .writeInt32(-1)
      .writeBytes(records);
  const topicOf = (topic: string, partitions: object[]) => new Encoder().writeString(topic).writeArray(partitions);
  return new Encoder()
    .writeInt32(0)
    .writeInt16(0)
    .writeInt32(77)
    .writeArray([
      topicOf('库存', [partitionOf(3, 0, set), partitionOf(4, 6, Buffer.alloc(0))]),
      topicOf('t', [partitionOf(0, 0, batchFrom(0, ['x']))]),
    ]).buffer;
}

/** Of ours, and of kafkajs's. */
const told = (
  partition: { partition: number; highWatermark: string; messages: readonly { offset: string }[] },
  topic: string,
  isFailed: boolean,
) => ({
  topic,
  isFailed,
  partition: partition.partition,
  highWatermark: partition.highWatermark,
  offsets: partition.messages.map(({ offset }) => offset),
});
const { response } = fetchRequestOf({ sessionId: 0, sessionEpoch: 0, maxWaitMs: 1, partitions: [], forgotten: [] });

describe('a Fetch answer', () => {
  it.each([
    ['nothing', Buffer.alloc(0), -1],
    ['two batches', Buffer.concat([batchFrom(4, ['a', 'b']), batchFrom(6, ['c'])]), 7],
    ['a batch that is cut off', Buffer.concat([batchFrom(4, ['a', 'b']), batchFrom(6, ['c']).subarray(0, -1)]), 6],
    ['only a cut one', batchFrom(4, ['a']).subarray(0, -1), -1],
    ['a compressed batch between others', Buffer.concat([batchFrom(4, ['a']), batchFrom(5, ['b', 'c'], true)]), 7],
  ])('says the same as kafkajs reads: %s', async (_what, set, nextOffset) => {
    const raw = rawAnswer(set);
    const ours = response.parse(await response.decode(raw));
    const theirs = await original.decode(raw);
    expect([ours.errorCode, ours.sessionId]).toEqual([theirs.errorCode, theirs.sessionId]);
    expect(ours.partitions.map((one) => told(one, one.topic, one.failure !== undefined))).toEqual(
      theirs.responses.flatMap(({ topicName, partitions }) =>
        partitions.map((one) => told(one, topicName, one.errorCode !== 0)),
      ),
    );
    expect(ours.partitions[0]).toMatchObject({
      nextOffset,
      abortedTransactions: [{ producerId: '7', firstOffset: '3' }],
    });
  });

  it('goes on behind what was compacted away at the end of a batch', async () => {
    const batch = batchFrom(4, ['a', 'b']);
    batch.writeInt32BE(9, AT.lastOffsetDelta);
    const { partitions } = await response.decode(rawAnswer(batch));
    expect(partitions[0]!.nextOffset).toBe(14);
  });

  it('one-batch-stopped-all-readers-of-a-broker: what cannot be read concerns its own partition', async () => {
    const batch = batchFrom(4, ['a']);
    const LZ4 = 3;
    batch.writeInt16BE(LZ4, AT.attributes);
    const { partitions } = await response.decode(rawAnswer(batch));
    expect(partitions.map(({ failure, messages }) => [failure?.name, messages.length])).toEqual([
      ['KafkaJSNotImplemented', 0],
      ['KafkaJSProtocolError', 0],
      [undefined, 1],
    ]);
  });

  it('a-record-kept-all-that-came-with-it: a small share of a large answer stands in bytes of its own', async () => {
    const large = batchFrom(
      0,
      Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(200, '0')),
    );
    const raw = rawAnswer(large);
    const { partitions } = await response.decode(raw);
    const bytesKept = partitions.map(
      ({ messages: [first] }) => (first as unknown as { value?: Buffer })?.value?.buffer,
    );
    expect(bytesKept[0]).toBe(raw.buffer);
    expect(bytesKept[2]!.byteLength).toBeLessThan(raw.length / 16);
    expect((partitions[2]!.messages[0] as unknown as { value: Buffer }).value.toString()).toBe('of x');
  });

  it('leaves a lost session to the session, and what concerns the whole request to the reader', () => {
    const answer = (errorCode: number) => ({ errorCode, sessionId: 0, partitions: [] });
    expect(response.parse(answer(70))).toEqual(answer(70));
    expect(() => response.parse(answer(-1))).toThrow('unexpected error when processing');
  });

  it('names errors as kafkajs does, which its consumers know what to do about', () => {
    const outOfRange = { name: 'KafkaJSOffsetOutOfRange', topic: 't', partition: 2 };
    expect(fetchErrorOf(1, { topic: 't', partition: 2 })).toMatchObject(outOfRange);
    expect(fetchErrorOf(6, { topic: 't', partition: 2 })).toMatchObject({ type: 'NOT_LEADER_FOR_PARTITION' });
  });
});
