import { encodeProduceRequest, type RecordToEncode } from './kafka-writer.js';
import { load, replace, source } from './kafkajs-exchange.js';
import { AT, type DecodedRecord, decodeRecords } from './record-batch.js';
import { EncodedRecords } from './records-to-send.js';

/**
 * kafkajs 2.2.4 makes half a dozen objects per header, copies a request's messages once per message and reckons offsets
 * with big integers: 35 µs a record, more than all of our own work on it. This module exchanges its codec of produce
 * requests and uncompressed record batches for ours before kafkajs loads it, and what it does to each fetched record;
 * protocol and everything else stay kafkajs's. The specs compare with the originals.
 *
 * Import it before `kafkajs`.
 */
interface KafkajsProduce {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null;
  readonly producerId?: { readonly value: bigint } | number | string;
  readonly producerEpoch?: number;
  readonly compression?: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence?: number;
      readonly messages: readonly MessageToSend[];
    }[];
  }[];
}
type MessageToSend = (RecordToEncode & { readonly timestamp?: unknown }) | EncodedMessage;
/** All records of the partition, in the guise of one message. */
type EncodedMessage = { readonly value: EncodedRecords; readonly timestamp?: undefined };

const isEncoded = (message: MessageToSend): message is EncodedMessage => message.value instanceof EncodedRecords;
function recordsOf(messages: readonly MessageToSend[]): readonly RecordToEncode[] | EncodedRecords {
  const [first] = messages;
  if (first && isEncoded(first)) {
    if (messages.length > 1) throw new Error('encoded records were joined with others of their partition');
    return first.value;
  }
  return messages as readonly RecordToEncode[];
}

interface KafkajsRequest {
  readonly encode: () => Promise<KafkajsEncoder>;
}
interface KafkajsEncoder {
  buf: Buffer;
  offset: number;
  readonly buffer: Buffer;
}
interface KafkajsDecoder {
  readonly buffer: Buffer;
  offset: number;
}
interface Message {
  readonly partition?: number;
}

const Encoder = load(`${source}/protocol/encoder`) as new (bytes?: number) => KafkajsEncoder;
const { KafkaJSPartialMessageError } = load(`${source}/errors`) as {
  KafkaJSPartialMessageError: new (message: string) => Error;
};
const { LOG_APPEND_TIME } = load(`${source}/protocol/timestampTypes`) as { LOG_APPEND_TIME: number };

/** Goes before the payload: the request's header. */
interface RequestToSend {
  readonly correlationId: number;
  readonly clientId: string;
  readonly request: KafkajsRequest & { readonly apiKey: number; readonly apiVersion: number };
}

const idOf = (id: KafkajsProduce['producerId']): bigint => BigInt((typeof id === 'object' ? id.value : id) ?? -1);

replace<(produce: KafkajsProduce) => KafkajsRequest>(
  'protocol/requests/produce/v3/request.js',
  (original) => (produce) => {
    const { acks, timeout, transactionalId, producerId, producerEpoch = 0, compression, topicData } = produce;
    const isOfOthers = topicData.some(({ partitions }) =>
      partitions.some(({ messages }) => messages.some(({ timestamp }) => timestamp !== undefined)),
    );
    const request = original(produce);
    if (compression || transactionalId || isOfOthers) return request;
    return {
      ...request,
      encode: () => {
        const timestampMs = Date.now();
        const encoder = new Encoder(1);
        encoder.buf = encodeProduceRequest({
          acks,
          timeoutMs: timeout,
          topics: topicData.map(({ topic, partitions }) => ({
            topic,
            partitions: partitions.map(({ partition, messages, firstSequence = 0 }) => ({
              // A number; kafkajs made it the name of a field meanwhile.
              partition: Number(partition),
              records: recordsOf(messages),
              timestampMs,
              producerId: idOf(producerId),
              producerEpoch,
              firstSequence,
            })),
          })),
        });
        encoder.offset = encoder.buf.length;
        return Promise.resolve(encoder);
      },
    };
  },
);

/** kafkajs copies the payload twice, each time into zeroed memory of the next power of two. */
replace<(request: RequestToSend) => Promise<{ readonly buffer: Buffer }>>(
  'protocol/request.js',
  () => async (sending) => {
    const { correlationId, clientId, request } = sending;
    const payload = (await request.encode()).buffer;
    const clientIdBytes = Buffer.byteLength(clientId);
    const header = Buffer.allocUnsafe(4 + 2 + 2 + 4 + 2 + clientIdBytes);
    let at = header.writeInt32BE(header.length - 4 + payload.length, 0);
    at = header.writeInt16BE(request.apiKey, at);
    at = header.writeInt16BE(request.apiVersion, at);
    at = header.writeInt32BE(correlationId, at);
    at = header.writeInt16BE(clientIdBytes, at);
    header.write(clientId, at, 'utf8');
    return { buffer: Buffer.concat([header, payload]) };
  },
);

interface BatchContext {
  readonly isControlBatch: boolean;
  readonly magicByte: number;
}

/** What kafkajs hands over as a message; each field is made when it is asked for. */
export class FetchedMessage {
  constructor(
    readonly record: DecodedRecord,
    private readonly firstOffset: number,
    private readonly batchTimestampMs: number,
    private readonly isAppendTime: boolean,
    readonly batchContext: BatchContext,
  ) {}

  get offsetNumber(): number {
    return this.firstOffset + this.record.offsetDelta;
  }
  get timestampMs(): number {
    return this.isAppendTime ? this.batchTimestampMs : this.batchTimestampMs + this.record.timestampDelta;
  }

  // From here on as kafkajs names them.
  get offset(): string {
    return String(this.offsetNumber);
  }
  get timestamp(): string {
    return String(this.timestampMs);
  }
  get key(): Buffer | null {
    return this.record.key;
  }
  get value(): Buffer | null {
    return this.record.value;
  }
  get headers(): DecodedRecord['headers'] {
    return this.record.headers;
  }
  get attributes(): number {
    return this.record.attributes;
  }
  get magicByte(): number {
    return this.batchContext.magicByte;
  }
  get isControlRecord(): boolean {
    return this.batchContext.isControlBatch;
  }
}

type DecodeBatch = (decoder: KafkajsDecoder) => Promise<{ records: readonly unknown[] }>;
const COMPRESSION = 0x7;
const LOG_APPEND = 0x8;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

export const isCompressed = (buffer: Buffer, start: number): boolean =>
  buffer.length >= start + AT.lastOffsetDelta && (buffer.readInt16BE(start + AT.attributes) & COMPRESSION) !== 0;
/** Where a batch ends; beyond the end of the buffer where it is cut off. */
export const endOfBatch = (buffer: Buffer, start: number): number =>
  start + AT.leaderEpoch + buffer.readInt32BE(start + AT.length);

/** A whole batch that is not compressed. */
export function decodeBatch(buffer: Buffer, start: number) {
  const attributes = buffer.readInt16BE(start + AT.attributes);
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
  const records = decoded.map(
    (record) =>
      new FetchedMessage(record, firstOffset, appended ? Number(maxTimestamp) : firstTimestamp, appended, batchContext),
  );
  const { magicByte: _, ...context } = batchContext;
  return { ...context, records };
}

replace<DecodeBatch>('protocol/recordBatch/v0/decoder.js', (original) => (decoder) => {
  const { buffer, offset: start } = decoder;
  if (isCompressed(buffer, start)) return original(decoder);
  decoder.offset = endOfBatch(buffer, start);
  if (buffer.length < decoder.offset)
    return Promise.reject(
      new KafkaJSPartialMessageError(`A record batch of ${decoder.offset - start} bytes is cut off`),
    );
  return Promise.resolve(decodeBatch(buffer, start));
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

interface FetchedPartition {
  readonly messages: readonly { readonly offset: string }[];
  readonly abortedTransactions: readonly unknown[] | null;
}
interface KafkajsBatch {
  rawMessages: readonly unknown[];
  messagesWithinOffset: readonly unknown[];
  messages: readonly unknown[];
}
type KafkajsBatchClass = new (topic: string, fetchedOffset: string, fetched: FetchedPartition) => KafkajsBatch;

/** kafkajs reads every offset as text into a big integer to leave out what comes before the one asked for. */
replace<KafkajsBatchClass>(
  'consumer/batch.js',
  (Original) =>
    class Batch extends Original {
      constructor(topic: string, fetchedOffset: string, fetched: FetchedPartition) {
        const { messages, abortedTransactions } = fetched;
        const ours = messages.every((message) => message instanceof FetchedMessage) && !abortedTransactions?.length;
        super(topic, fetchedOffset, ours ? { ...fetched, messages: [] } : fetched);
        if (!ours) return;
        const from = Number(fetchedOffset);
        this.rawMessages = messages;
        const wanted = (messages as unknown as readonly FetchedMessage[]).filter((m) => m.offsetNumber >= from);
        this.messagesWithinOffset = wanted;
        this.messages = wanted.filter((message) => !message.isControlRecord);
      }
    },
);
