import type { FetchAnswer, FetchAsk, FetchedOffset, FetchedPartition, PartitionName } from './fetch-messages.js';
import { isSessionLost } from './fetch-session.js';
import { decodeBatch, endOfBatch, isCompressed } from './kafkajs-codecs.js';
import { load, source } from './kafkajs-exchange.js';
import { AT } from './record-batch.js';

export interface KafkajsProtocolRequest {
  readonly request: object;
  readonly response: {
    readonly decode: (raw: Buffer) => Promise<FetchAnswer>;
    readonly parse: (answer: FetchAnswer) => FetchAnswer;
  };
}

const requestV11 = load(`${source}/protocol/requests/fetch/v11/request`) as (fetch: object) => object;
const Decoder = load(`${source}/protocol/decoder`) as new (buffer: Buffer) => object;
const decodeMessages = load(`${source}/protocol/requests/fetch/v4/decodeMessages`) as (
  decoder: object,
) => Promise<FetchedOffset[]>;
const { createErrorFromCode } = load(`${source}/protocol/error`) as { createErrorFromCode: (code: number) => Error };
const { KafkaJSOffsetOutOfRange } = load(`${source}/errors`) as {
  KafkaJSOffsetOutOfRange: new (error: Error, of: PartitionName) => Error;
};

const OFFSET_OUT_OF_RANGE = 1;
const CONSUMER = -1;
const MOST_BYTES = 10_485_760;
/**
 * Records are views of the answer they came in, so what is held for a reader who is busy keeps all of it. A smaller share
 * than this is copied: a record each second would otherwise keep megabytes each that came with it for other readers.
 */
const LEAST_SHARE_KEPT = 1 / 16;
/** Not worth a copy. */
const SMALL_ANSWER_BYTES = 64 * 1024;
/** The least that a batch begins with, or it is not looked at. */
const BATCH_OVERHEAD_BYTES = AT.records;

/** As kafkajs makes them of an answer, so that its consumers do what they do by themselves. */
export function fetchErrorOf(code: number, of: PartitionName): Error {
  const error = createErrorFromCode(code);
  return code === OFFSET_OUT_OF_RANGE ? new KafkaJSOffsetOutOfRange(error, of) : error;
}

/** Fetch, version 11 of the Kafka protocol: the last that names topics by their names and has sessions. */
export function fetchRequestOf({ partitions, forgotten, maxWaitMs, ...session }: FetchAsk): KafkajsProtocolRequest {
  return {
    request: requestV11({
      ...session,
      replicaId: CONSUMER,
      maxWaitTime: maxWaitMs,
      minBytes: 1,
      maxBytes: MOST_BYTES,
      topics: byTopic(partitions, ({ partition, next, maxBytes }) => ({
        partition,
        fetchOffset: String(next),
        maxBytes,
      })),
      forgottenTopics: byTopic(forgotten, ({ partition }) => partition),
    }),
    response: { decode: decodeFetchAnswer, parse },
  };
}

function byTopic<P extends PartitionName, T>(partitions: readonly P[], of: (partition: P) => T) {
  const topics = new Map<string, T[]>();
  for (const one of partitions) {
    const list = topics.get(one.topic);
    if (list) list.push(of(one));
    else topics.set(one.topic, [of(one)]);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}

/** Errors of single partitions concern their readers only, and a lost session is begun anew. */
function parse(answer: FetchAnswer): FetchAnswer {
  const { errorCode } = answer;
  if (errorCode !== 0 && !isSessionLost(errorCode)) throw createErrorFromCode(errorCode);
  return answer;
}

async function decodeFetchAnswer(raw: Buffer): Promise<FetchAnswer> {
  let at = 4;
  const errorCode = raw.readInt16BE(at);
  const sessionId = raw.readInt32BE(at + 2);
  let topicsLeft = raw.readInt32BE(at + 6);
  at += 10;
  const partitions: FetchedPartition[] = [];
  for (; topicsLeft > 0; topicsLeft--) {
    const length = raw.readInt16BE(at);
    const topic = raw.toString('utf8', at + 2, at + 2 + length);
    at += 2 + length;
    let left = raw.readInt32BE(at);
    at += 4;
    for (; left > 0; left--) {
      const head = readPartitionHead(raw, at, topic);
      at = head.recordsAt;
      const bytes = Math.max(0, raw.readInt32BE(at));
      const view = raw.subarray(at + 4, at + 4 + bytes);
      const isCopied = raw.length > SMALL_ANSWER_BYTES && bytes < raw.length * LEAST_SHARE_KEPT;
      partitions.push(await partitionOf(head, isCopied ? copyOf(view) : view));
      at += 4 + bytes;
    }
  }
  return { errorCode, sessionId, partitions };
}

/** Not of the pool: a piece of it keeps as much again. */
function copyOf(view: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(view.length);
  view.copy(own);
  return own;
}

/** What of one partition cannot be served or read is told to its readers only. */
async function partitionOf(
  { errorCode, partition }: ReturnType<typeof readPartitionHead>,
  records: Buffer,
): Promise<FetchedPartition> {
  const whole = { ...partition, bytes: records.length };
  const nothing = { messages: [], nextOffset: -1 };
  if (errorCode !== 0) return { ...whole, ...nothing, failure: fetchErrorOf(errorCode, partition) };
  try {
    return { ...whole, ...(await recordsOf(records)) };
  } catch (error) {
    return { ...whole, ...nothing, failure: error as Error };
  }
}

function readPartitionHead(raw: Buffer, start: number, topic: string) {
  const partition = raw.readInt32BE(start);
  const errorCode = raw.readInt16BE(start + 4);
  const highWatermark = raw.readBigInt64BE(start + 6).toString();
  // The last stable offset and the first of the log follow: 16 bytes.
  let at = start + 30;
  const aborted = Math.max(0, raw.readInt32BE(at));
  at += 4;
  const abortedTransactions = Array.from({ length: aborted }, (_, i) => ({
    producerId: raw.readBigInt64BE(at + i * 16).toString(),
    firstOffset: raw.readBigInt64BE(at + i * 16 + 8).toString(),
  }));
  // Another replica that would rather be read from: 4 bytes; none is offered to a client without a rack.
  const recordsAt = at + aborted * 16 + 4;
  return { recordsAt, errorCode, partition: { topic, partition, highWatermark, abortedTransactions } };
}

/** Whole batches: the last one may be cut off. */
async function recordsOf(set: Buffer): Promise<Pick<FetchedPartition, 'messages' | 'nextOffset'>> {
  const starts: number[] = [];
  let end = 0;
  while (set.length - end >= BATCH_OVERHEAD_BYTES && endOfBatch(set, end) <= set.length) {
    starts.push(end);
    end = endOfBatch(set, end);
  }
  const last = starts.at(-1);
  if (last === undefined) return { messages: [], nextOffset: -1 };
  const nextOffset = Number(set.readBigInt64BE(last + AT.firstOffset)) + set.readInt32BE(last + AT.lastOffsetDelta) + 1;
  if (starts.every((start) => !isCompressed(set, start)))
    return { nextOffset, messages: starts.flatMap((start) => decodeBatch(set, start).records) };
  const length = Buffer.alloc(4);
  length.writeInt32BE(end);
  return { nextOffset, messages: await decodeMessages(new Decoder(Buffer.concat([length, set.subarray(0, end)]))) };
}
