import { createRequire } from 'node:module';
import { AT, type BatchToEncode, decodeRecords, encodeRecordBatch, type RecordToEncode } from './record-batch.js';

/**
 * kafkajs 2.2.4 makes half a dozen objects per header, copies a request's messages once per message and reckons offsets
 * with big integers: 35 µs a record, more than all of our own work on it. This module exchanges its codec of
 * uncompressed record batches for ours before kafkajs loads it; protocol, connections and everything else stay
 * kafkajs's. The version is pinned exactly, and the specs compare the bytes with the originals'.
 *
 * Import it before `kafkajs`.
 */
const load = createRequire(import.meta.url);
const source = 'kafkajs/src';

interface KafkajsBatch extends Omit<BatchToEncode, 'producerId' | 'firstTimestamp' | 'maxTimestamp'> {
  readonly compression?: number;
  readonly transactional: boolean;
  readonly producerId: { readonly value: bigint } | number | string;
  readonly firstTimestamp: number | string;
  readonly maxTimestamp: number | string;
}
interface KafkajsEncoder {
  buf: Buffer;
  offset: number;
}
interface KafkajsDecoder {
  readonly buffer: Buffer;
  offset: number;
}
interface Message {
  readonly partition?: number;
}

/** What kafkajs has loaded under a name is exchanged for all that load it later. */
function replace<T>(path: string, make: (original: T) => T): void {
  const file = load.resolve(`${source}/${path}`);
  const original = load(file) as T;
  load.cache[file]!.exports = make(original);
}

const Encoder = load(`${source}/protocol/encoder`) as new (bytes?: number) => KafkajsEncoder;
const { KafkaJSPartialMessageError } = load(`${source}/errors`) as {
  KafkaJSPartialMessageError: new (message: string) => Error;
};
const { LOG_APPEND_TIME } = load(`${source}/protocol/timestampTypes`) as { LOG_APPEND_TIME: number };

type EncodeRecord = (record: RecordToEncode) => unknown;
type EncodeBatch = (batch: KafkajsBatch) => Promise<KafkajsEncoder>;
const originalRecord = load(`${source}/protocol/recordBatch/record/v0`) as EncodeRecord;

/** Records stay as they are until their batch is written. */
replace<EncodeRecord>('protocol/recordBatch/record/v0/index.js', () => (record) => record);

replace<{ RecordBatch: EncodeBatch }>('protocol/recordBatch/v0/index.js', (original) => ({
  ...original,
  RecordBatch: (batch) => {
    if (batch.compression || batch.transactional)
      return original.RecordBatch({ ...batch, records: batch.records.map(originalRecord) as never });
    const { producerId } = batch;
    const encoder = new Encoder(1);
    encoder.buf = encodeRecordBatch({
      ...batch,
      records: batch.records,
      firstTimestamp: Number(batch.firstTimestamp),
      maxTimestamp: Number(batch.maxTimestamp),
      producerId: BigInt(typeof producerId === 'object' ? producerId.value : producerId),
    });
    encoder.offset = encoder.buf.length;
    return Promise.resolve(encoder);
  },
}));

type DecodeBatch = (decoder: KafkajsDecoder) => Promise<{ records: readonly unknown[] }>;
const COMPRESSION = 0x7;
const LOG_APPEND = 0x8;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

replace<DecodeBatch>('protocol/recordBatch/v0/decoder.js', (original) => (decoder) => {
  const { buffer, offset: start } = decoder;
  const length = buffer.readInt32BE(start + AT.length);
  const hasAttributes = buffer.length >= start + AT.lastOffsetDelta;
  const attributes = hasAttributes ? buffer.readInt16BE(start + AT.attributes) : 0;
  if ((attributes & COMPRESSION) !== 0) return original(decoder);
  decoder.offset = start + AT.leaderEpoch + length;
  if (buffer.length < decoder.offset)
    return Promise.reject(new KafkaJSPartialMessageError(`A record batch of ${length} bytes is cut off`));
  const firstOffset = Number(buffer.readBigInt64BE(start + AT.firstOffset));
  const firstTimestamp = Number(buffer.readBigInt64BE(start + AT.firstTimestamp));
  const maxTimestamp = buffer.readBigInt64BE(start + AT.maxTimestamp).toString();
  const isControlBatch = (attributes & CONTROL) > 0;
  const appended = (attributes & LOG_APPEND) > 0 && maxTimestamp !== '0';
  const batchContext = {
    firstOffset: String(firstOffset),
    firstTimestamp: String(firstTimestamp),
    partitionLeaderEpoch: buffer.readInt32BE(start + AT.leaderEpoch),
    inTransaction: (attributes & TRANSACTIONAL) > 0,
    isControlBatch,
    lastOffsetDelta: buffer.readInt32BE(start + AT.lastOffsetDelta),
    producerId: buffer.readBigInt64BE(start + AT.producerId).toString(),
    producerEpoch: buffer.readInt16BE(start + AT.producerEpoch),
    firstSequence: buffer.readInt32BE(start + AT.firstSequence),
    maxTimestamp,
    timestampType: (attributes & LOG_APPEND) > 0 ? LOG_APPEND_TIME : 0,
    magicByte: buffer.readInt8(start + AT.magic),
  };
  const decoded = decodeRecords(buffer, start + AT.records, buffer.readInt32BE(start + AT.count));
  const records = decoded.map((record) => ({
    magicByte: batchContext.magicByte,
    attributes: record.attributes,
    timestamp: appended ? maxTimestamp : String(firstTimestamp + record.timestampDelta),
    offset: String(firstOffset + record.offsetDelta),
    key: record.key,
    value: record.value,
    get headers() {
      return record.headers;
    },
    isControlRecord: isControlBatch,
    batchContext,
  }));
  const { magicByte: _, ...context } = batchContext;
  return Promise.resolve({ ...context, records });
});

type Group = (request: { topic: string; messages: readonly Message[] }) => Record<string, readonly Message[]>;

/** Ours always name their partition; kafkajs would copy each partition's messages once per message. */
replace<Group>('producer/groupMessagesPerPartition.js', (original) => (request) => {
  const groups = new Map<number, Message[]>();
  for (const message of request.messages) {
    if (message.partition === undefined) return original(request);
    const group = groups.get(message.partition);
    if (group) group.push(message);
    else groups.set(message.partition, [message]);
  }
  return Object.fromEntries(groups);
});
