import { crc32c } from './crc32c.js';
import { RecordTooLargeError } from './errors.js';
import { AT, MAX_VARINT_BYTES } from './record-batch.js';
import { EncodedRecords } from './records-to-send.js';
import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_RECORD_BYTES } from './request-bounds.js';

/** A text or bytes, as producers give them; several of one name are several headers. */
export type HeadersToEncode = Readonly<Record<string, HeaderToEncode | readonly HeaderToEncode[]>>;
type HeaderToEncode = string | Buffer | null;

/** One record that is about to be written. */
export interface RecordToEncode {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  /** One object for many records: it is encoded once. Written before `headers`; never changed after its first use. */
  readonly sharedHeaders?: HeadersToEncode;
  readonly headers?: HeadersToEncode;
}

export interface BatchToEncode {
  readonly records: readonly RecordToEncode[] | EncodedRecords;
  readonly timestampMs: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

export interface ProduceRequestToEncode {
  readonly acks: number;
  readonly timeoutMs: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly (BatchToEncode & { readonly partition: number })[];
  }[];
}

const MAGIC = 2;
/** A text this short is at most 63 bytes of UTF-8, so its length is a varint of one byte. */
const SHORT_TEXT = 21;
const FIRST_BYTES = 1 << 18;

const zigZag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

interface EncodedHeaders {
  readonly count: number;
  readonly bytes: Buffer;
}

function countOf(headers: HeadersToEncode): number {
  let count = 0;
  for (const name in headers) {
    const value = headers[name]!;
    count += Array.isArray(value) ? value.length : 1;
  }
  return count;
}

/**
 * Writes produce requests and their record batches, version 2, uncompressed (Kafka protocol, "Produce API" and "Record
 * Batch"): into one buffer, without an object per field and without a copy per level of nesting, as this runs for every
 * level, availability and movement of every delta.
 */
class KafkaWriter {
  private buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private at = 0;

  /** Versions 3 to 7, without a transaction. */
  produceRequest({ acks, timeoutMs, topics }: ProduceRequestToEncode): Buffer {
    this.at = 0;
    this.ensure(12);
    // The transaction's id: null.
    this.int16(-1);
    this.int16(acks);
    this.int32(timeoutMs);
    this.int32(topics.length);
    for (const { topic, partitions } of topics) {
      const length = Buffer.byteLength(topic);
      this.ensure(length + 6);
      this.int16(length);
      this.at += this.buffer.write(topic, this.at, 'utf8');
      this.int32(partitions.length);
      for (const partition of partitions) {
        this.ensure(8);
        this.int32(partition.partition);
        const sizeAt = this.at;
        this.at += 4;
        this.recordBatch(partition);
        this.buffer.writeInt32BE(this.at - sizeAt - 4, sizeAt);
      }
    }
    return Buffer.from(this.buffer.subarray(0, this.at));
  }

  /** In pieces of which each fits into a request. `name` is for the message of an error: `topic/partition`. */
  pieces(name: string, records: Iterable<RecordToEncode>): EncodedRecords[] {
    const pieces: EncodedRecords[] = [];
    let count = 0;
    this.at = 0;
    const close = () => {
      if (count > 0) pieces.push(new EncodedRecords(count, Buffer.from(this.buffer.subarray(0, this.at))));
      this.at = 0;
      count = 0;
    };
    for (const record of records) {
      if (count === MAX_BATCH_RECORDS) close();
      const start = this.at;
      this.record(record, count);
      const bytes = this.at - start;
      if (bytes > MAX_RECORD_BYTES)
        throw new RecordTooLargeError(name, String(record.key ?? ''), bytes, MAX_RECORD_BYTES);
      if (count > 0 && this.at > MAX_BATCH_BYTES) {
        this.at = start;
        close();
        this.record(record, 0);
      }
      count++;
    }
    close();
    return pieces;
  }

  private encodedRecords({ bytes }: EncodedRecords): void {
    this.ensure(bytes.length);
    this.at += bytes.copy(this.buffer, this.at);
  }

  private recordBatch({ records, timestampMs, producerId, producerEpoch, firstSequence }: BatchToEncode): void {
    const start = this.at;
    this.ensure(AT.records);
    this.at += AT.records;
    if (records instanceof EncodedRecords) this.encodedRecords(records);
    else for (let i = 0; i < records.length; i++) this.record(records[i]!, i);
    const { buffer, at } = this;
    buffer.writeBigInt64BE(0n, start + AT.firstOffset);
    buffer.writeInt32BE(at - start - AT.leaderEpoch, start + AT.length);
    buffer.writeInt32BE(0, start + AT.leaderEpoch);
    buffer.writeInt8(MAGIC, start + AT.magic);
    buffer.writeInt16BE(0, start + AT.attributes);
    buffer.writeInt32BE(records.length - 1, start + AT.lastOffsetDelta);
    buffer.writeBigInt64BE(BigInt(timestampMs), start + AT.firstTimestamp);
    buffer.writeBigInt64BE(BigInt(timestampMs), start + AT.maxTimestamp);
    buffer.writeBigInt64BE(producerId, start + AT.producerId);
    buffer.writeInt16BE(producerEpoch, start + AT.producerEpoch);
    buffer.writeInt32BE(firstSequence, start + AT.firstSequence);
    buffer.writeInt32BE(records.length, start + AT.count);
    buffer.writeUInt32BE(crc32c(buffer, start + AT.attributes, at), start + AT.checksum);
  }

  private record({ key, value, sharedHeaders, headers }: RecordToEncode, offsetDelta: number): void {
    // Made before the record is begun, as it is written with this buffer too.
    const shared = sharedHeaders ? this.encoded(sharedHeaders) : undefined;
    this.ensure(4 * MAX_VARINT_BYTES + 1);
    const start = this.at;
    // Most records have 64–8,191 bytes, a length of two bytes; for others the body is moved afterwards.
    this.at += 2;
    this.buffer[this.at++] = 0;
    // All records of a batch have its timestamp.
    this.buffer[this.at++] = 0;
    this.varint(zigZag(offsetDelta));
    this.bytes(key);
    this.bytes(value);
    this.ensure(MAX_VARINT_BYTES);
    this.varint(zigZag((shared?.count ?? 0) + (headers ? countOf(headers) : 0)));
    if (shared) {
      this.ensure(shared.bytes.length);
      this.at += shared.bytes.copy(this.buffer, this.at);
    }
    if (headers) this.headers(headers);
    this.lengthBefore(start, start + 2);
  }

  private encoded(headers: HeadersToEncode): EncodedHeaders {
    const known = encodedHeaders.get(headers);
    if (known) return known;
    const start = this.at;
    this.headers(headers);
    const bytes = Buffer.from(this.buffer.subarray(start, this.at));
    this.at = start;
    const encoded = { count: countOf(headers), bytes };
    encodedHeaders.set(headers, encoded);
    return encoded;
  }

  private headers(headers: HeadersToEncode): void {
    for (const name in headers) {
      const value = headers[name]!;
      if (Array.isArray(value)) for (const one of value as readonly HeaderToEncode[]) this.header(name, one);
      else this.header(name, value as HeaderToEncode);
    }
  }

  private header(name: string, value: HeaderToEncode): void {
    this.text(name);
    this.bytes(value);
  }

  private bytes(value: string | Buffer | null): void {
    if (value === null || value === undefined) {
      this.ensure(1);
      this.buffer[this.at++] = 1;
    } else if (typeof value === 'string') this.text(value);
    else {
      this.ensure(MAX_VARINT_BYTES + value.length);
      this.varint(zigZag(value.length));
      this.at += value.copy(this.buffer, this.at);
    }
  }

  private text(text: string): void {
    const { length } = text;
    this.ensure(MAX_VARINT_BYTES + 3 * length);
    const start = this.at;
    if (length <= SHORT_TEXT) {
      this.at = start + 1 + this.shortText(text, start + 1);
      this.buffer[start] = zigZag(this.at - start - 1);
    } else {
      this.at = start + 2;
      this.at += this.buffer.write(text, this.at, 'utf8');
      this.lengthBefore(start, start + 2);
    }
  }

  private shortText(text: string, at: number): number {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return this.buffer.write(text, at, 'utf8');
      this.buffer[at + i] = code;
    }
    return text.length;
  }

  /** Puts the length of what stands from `bodyAt` up to here at `start`, where two bytes are kept free for it. */
  private lengthBefore(start: number, bodyAt: number): void {
    const length = zigZag(this.at - bodyAt);
    let needed = 1;
    for (let rest = length; rest > 0x7f; rest = Math.floor(rest / 128)) needed++;
    const end = this.at + needed - 2;
    if (needed !== 2) {
      this.ensure(needed);
      this.buffer.copyWithin(start + needed, bodyAt, this.at);
    }
    this.at = start;
    this.varint(length);
    this.at = end;
  }

  /** Of a number that is zig-zagged already, up to 2^53. */
  private varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.buffer[this.at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.at++] = rest;
  }

  private int16(value: number): void {
    this.at = this.buffer.writeInt16BE(value, this.at);
  }
  private int32(value: number): void {
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  private ensure(bytes: number): void {
    const wanted = this.at + bytes;
    if (wanted <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted, 2 * this.buffer.length));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

/** Whoever gives an object of shared headers keeps it alive, and no longer than that is it known here. */
const encodedHeaders = new WeakMap<HeadersToEncode, EncodedHeaders>();
const writer = new KafkaWriter();

/** Throws RecordTooLargeError. */
export const encodeRecords = (name: string, records: Iterable<RecordToEncode>): EncodedRecords[] =>
  writer.pieces(name, records);

/** What follows the request's header. The bytes are the caller's own. */
export const encodeProduceRequest = (request: ProduceRequestToEncode): Buffer => writer.produceRequest(request);
