import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { crc32c } from './crc32c.js';
import { encodeProduceRequest, type RecordToEncode } from './kafka-writer.js';
import { AT, decodeRecords } from './record-batch.js';

// kafkajs's own codec, untouched: what ours must not differ from.
const load = createRequire(import.meta.url);
const Decoder = load('kafkajs/src/protocol/decoder');
const Record = load('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => object;
const produce = load('kafkajs/src/protocol/requests/produce/v7/request') as (request: object) => {
  encode(): Promise<{ buffer: Buffer }>;
};
const { RecordBatch } = load('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (batch: object) => Promise<{ buffer: Buffer }>;
};
const decodeBatch = load('kafkajs/src/protocol/recordBatch/v0/decoder') as (decoder: object) => Promise<{
  records: { key: Buffer | null; value: Buffer | null; headers: object; offset: string }[];
}>;
const FIRST_OFFSET = 0;

const NOW_MS = 1_700_000_000_000;
const SENDER = { producerId: -1n, producerEpoch: 0, firstSequence: 0 };
const batchOf = (records: readonly RecordToEncode[]) => ({ ...SENDER, records, timestampMs: NOW_MS });
/** What a produce request has before its only batch. */
const BATCH_FROM = 2 + 2 + 4 + 4 + 2 + 't'.length + 4 + 4 + 4;
const ours = (records: readonly RecordToEncode[]): Buffer => {
  const topics = [{ topic: 't', partitions: [{ partition: 0, ...batchOf(records) }] }];
  return encodeProduceRequest({ acks: -1, timeoutMs: 1, topics }).subarray(BATCH_FROM);
};
/** kafkajs knows one object of headers a record. */
const flat = ({ sharedHeaders, headers, ...rest }: RecordToEncode) => ({
  ...rest,
  headers: { ...sharedHeaders, ...headers },
});
const theirs = async (records: readonly RecordToEncode[]): Promise<Buffer> =>
  (
    await RecordBatch({
      ...SENDER,
      producerId: undefined,
      firstTimestamp: NOW_MS,
      maxTimestamp: NOW_MS,
      lastOffsetDelta: records.length - 1,
      records: records.map((one, offsetDelta) => Record({ ...flat(one), offsetDelta, timestampDelta: 0 })),
    })
  ).buffer;
const record = (fields: Partial<RecordToEncode>): RecordToEncode => ({
  key: 'k',
  value: 'v',
  ...fields,
});

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('x'.repeat(63), 'é'.repeat(32), '货'.repeat(300)));
/** kafkajs takes what every object inherits for a value of the header that was there before. */
const headerName = text.filter((name) => !(name in Object.prototype));
const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
const records = fc
  .array(
    fc.record({
      key: fc.oneof(text, bytes),
      value: fc.oneof(text, bytes, fc.constant(null)),
      headers: fc.dictionary(headerName, fc.oneof(text, bytes), { maxKeys: 7 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((list) => list.map(record));

describe('encodeRecordBatch', () => {
  it('writes the bytes that kafkajs writes', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (list) => {
        expect(ours(list).equals(await theirs(list))).toBe(true);
      }),
      { numRuns: 60, seed: 20_261_123 },
    );
  });

  it.each([1, 20, 22, 56, 57, 58, 63, 64, 120, 8180, 8185, 8190, 8200, 300_000])(
    'writes a length of one, two and three bytes right: %i bytes',
    async (length) => {
      const list = [record({ value: 'a'.repeat(length) }), record({ key: '', value: null })];
      expect(ours(list).equals(await theirs(list))).toBe(true);
    },
  );

  it('writes headers that records share before their own, as one object of headers would be', async () => {
    const shared = { ce_type: 'inventory.level', 长: '值', empty: '' };
    const list = Array.from({ length: 300 }, (_, i) =>
      record({ sharedHeaders: shared, ...(i % 3 === 0 ? {} : { headers: { ce_id: `${i}`.repeat(i) } }) }),
    );
    expect(ours(list).equals(await theirs(list))).toBe(true);
    // A later batch takes them from memory.
    expect(ours(list).equals(await theirs(list))).toBe(true);
  });

  it('leaves a batch alone while the next one is written', async () => {
    const first = ours([record({ value: 'first' })]);
    ours([record({ value: 'later' })]);
    expect(first.equals(await theirs([record({ value: 'first' })]))).toBe(true);
  });
});

describe('encodeProduceRequest', () => {
  it('writes the request that kafkajs writes', async () => {
    jest.useFakeTimers({ now: NOW_MS });
    const topics = ['库存.levels', 'b'].map((topic, t) => ({
      topic,
      partitions: [3, 0].map((partition) => ({
        partition,
        messages: Array.from({ length: 1 + partition * 200 }, (_, i) =>
          record({ key: `${t}/${i}`, value: 'x'.repeat(i) }),
        ),
      })),
    }));
    const theirRequest = await produce({
      acks: -1,
      timeout: 1234,
      topicData: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map((own) => ({ ...own, firstSequence: 0 })),
      })),
    }).encode();
    jest.useRealTimers();
    const ourRequest = encodeProduceRequest({
      acks: -1,
      timeoutMs: 1234,
      topics: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition, messages }) => ({ partition, ...batchOf(messages) })),
      })),
    });
    expect(ourRequest.equals(theirRequest.buffer)).toBe(true);
  });
});

describe('decodeRecords', () => {
  it('reads what kafkajs reads from the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (list) => {
        const encoded = await theirs(list);
        const expected = await decodeBatch(new Decoder(encoded));
        const read = decodeRecords(encoded, AT.records, list.length);
        expect(
          read.map(({ key, value, headers, offsetDelta }) => ({
            key,
            value,
            headers,
            offset: String(FIRST_OFFSET + offsetDelta),
          })),
        ).toEqual(expected.records.map(({ key, value, headers, offset }) => ({ key, value, headers, offset })));
      }),
      { numRuns: 60, seed: 20_261_123 },
    );
  });

  it('keeps a header that comes several times, and one without a value', () => {
    const encoded = ours([record({ headers: { twice: ['a', 'b', 'c'], none: null } })]);
    const [read] = decodeRecords(encoded, AT.records, 1);
    expect(read!.headers).toEqual({ twice: ['a', 'b', 'c'].map((v) => Buffer.from(v)), none: null });
  });

  it.each(['valueOf', 'toString', 'constructor', '__proto__'])(
    'keeps a header called %s, which every object inherits',
    (name) => {
      const headers = Object.defineProperty({}, name, { value: 'x', enumerable: true });
      const [read] = decodeRecords(ours([record({ headers })]), AT.records, 1);
      expect(Object.entries(read!.headers)).toEqual([[name, Buffer.from('x')]]);
    },
  );

  it('reads one header by its name, and knows when there is none', () => {
    const encoded = ours([
      record({ sharedHeaders: { 'sl-epoch': '1:2:3' }, headers: { 'sl-epoch2': 'b', none: null } }),
    ]);
    const [read] = decodeRecords(encoded, AT.records, 1);
    const texts = ['sl-epoch', 'sl-epoch2', 'none', 'sl', ''].map((name) => read!.headerText(Buffer.from(name)));
    expect(texts).toEqual(['1:2:3', 'b', '', undefined, undefined]);
  });

  it('refuses a batch that ends within a record', () => {
    const encoded = ours([record({ value: 'x'.repeat(500) })]);
    expect(() => decodeRecords(encoded.subarray(0, 300), AT.records, 1)).toThrow('ends within a record');
  });
});

describe('crc32c', () => {
  // RFC 3720, appendix B.4.
  it.each([
    ['32 bytes of zeroes', Buffer.alloc(32), 0x8a9136aa],
    ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 bytes growing', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
    ['the check of the catalogue', Buffer.from('123456789'), 0xe3069283],
  ])('of %s is as published', (_, input, expected) => {
    expect(crc32c(input)).toBe(expected);
  });

  it('of a part is that of the part alone', () => {
    const whole = Buffer.from('ab123456789cd');
    expect(crc32c(whole, 2, 11)).toBe(0xe3069283);
  });
});
