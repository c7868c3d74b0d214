import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { encodeProduceRequest } from './kafka-writer.js';
import { FetchedMessage } from './kafkajs-codecs.js';

const load = createRequire(import.meta.url);
const Decoder = load('kafkajs/src/protocol/decoder');
const produce = load('kafkajs/src/protocol/requests/produce/v7/request') as (request: object) => {
  encode(): Promise<{ buffer: Buffer }>;
};
const decodeMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: object,
) => Promise<{ offset: string; timestamp: string; key: Buffer; value: Buffer; headers: object }[]>;
const group = load('kafkajs/src/producer/groupMessagesPerPartition') as (request: object) => object;

/** From the partition's number on: its record set with the length before it. */
const RECORD_SET_FROM = 2 + 2 + 4 + 4 + 2 + 't'.length + 4 + 4;

describe('kafkajs with our codec', () => {
  it('reads a produce request of ours as a fetched record set', async () => {
    const messages = [
      { key: 'a', value: '{"n":1}', headers: { ce_type: 'x' } },
      { key: 'b', value: null },
    ];
    const { buffer } = await produce({
      acks: -1,
      timeout: 1000,
      topicData: [{ topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages }] }],
    }).encode();
    const read = await decodeMessages(new Decoder(buffer.subarray(RECORD_SET_FROM)));
    expect(read.map(({ offset, key, value, headers }) => ({ offset, key: key.toString(), value, headers }))).toEqual([
      { offset: '0', key: 'a', value: Buffer.from('{"n":1}'), headers: { ce_type: Buffer.from('x') } },
      { offset: '1', key: 'b', value: null, headers: {} },
    ]);
  });

  it('gives up what was cut off at the end of a fetch, and keeps what is before it', async () => {
    const records = [{ key: 'a', value: 'v' }];
    const partition = { partition: 0, records, timestampMs: 5, producerId: -1n, producerEpoch: 0, firstSequence: 0 };
    const topics = [{ topic: 't', partitions: [partition] }];
    const batch = encodeProduceRequest({ acks: -1, timeoutMs: 1, topics }).subarray(RECORD_SET_FROM + 4);
    const length = Buffer.alloc(4);
    const cut = Buffer.concat([batch, batch.subarray(0, batch.length - 3)]);
    length.writeInt32BE(cut.length);
    const read = await decodeMessages(new Decoder(Buffer.concat([length, cut])));
    expect(read.map(({ timestamp, key }) => [timestamp, key.toString()])).toEqual([['5', 'a']]);
  });

  describe('a fetched batch', () => {
    const Batch = load('kafkajs/src/consumer/batch') as new (
      topic: string,
      fetchedOffset: string,
      fetched: object,
    ) => { messages: { offset: string }[]; lastOffset(): string; isEmptyDueToFiltering(): boolean };
    const context = (isControlBatch: boolean) => ({ isControlBatch, magicByte: 2 });
    const ours = (offset: number, isControl = false) =>
      new FetchedMessage({ offsetDelta: offset } as never, 0, 5, false, context(isControl));
    const batchOf = (messages: readonly object[], from = '1', abortedTransactions: object[] | null = null) => {
      const batch = new Batch('t', from, { partition: 0, highWatermark: '9', messages, abortedTransactions });
      return [batch.messages.map(({ offset }) => offset), batch.lastOffset(), batch.isEmptyDueToFiltering()];
    };
    const plain = (offset: number, isControl = false) => ({ offset: String(offset), isControlRecord: isControl });

    it.each([
      ['what comes before the offset asked for is left out', [0, 1, 2], []],
      ['all of it comes before', [0], []],
      ['nothing was fetched', [], []],
      ['markers of transactions are left out', [1, 2], [2]],
      ['there are only markers', [1, 2], [1, 2]],
    ])('says the same as the original of kafkajs: %s', (_what, offsets, controls: number[]) => {
      const made = (make: (offset: number, isControl: boolean) => object) =>
        batchOf(offsets.map((offset) => make(offset, controls.includes(offset))));
      expect(made(ours)).toEqual(made(plain));
    });

    it('leaves transactions that were aborted to the original', () => {
      const aborted = [{ producerId: '-1', firstOffset: '1' }];
      expect(() => batchOf([ours(1)], '1', aborted)).not.toThrow();
    });
  });

  it('takes the messages of one partition as they stand', () => {
    const messages = [{ partition: 3 }, { partition: 3 }];
    expect(group({ topic: 't', messages })).toEqual({ 3: messages });
    const partitioner = ({ message }: { message: { partition: number } }) => message.partition;
    const mixed = [{ partition: 1 }, { partition: 2 }, { partition: 1 }];
    expect(group({ topic: 't', messages: mixed, partitioner, partitionMetadata: [1] })).toEqual({
      1: [mixed[0], mixed[2]],
      2: [mixed[1]],
    });
  });
});
