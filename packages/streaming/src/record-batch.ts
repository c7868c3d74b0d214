import { crc32c } from './crc32c.js';

/** One record of a batch that is about to be written. */
export interface RecordToEncode {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, HeaderToEncode | readonly HeaderToEncode[]>>;
  readonly offsetDelta: number;
  readonly timestampDelta: number;
}
type HeaderToEncode = string | Buffer | null;

export interface BatchToEncode {
  readonly records: readonly RecordToEncode[];
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  readonly lastOffsetDelta: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
}
export interface DecodedRecord {
  readonly attributes: number;
  readonly timestampDelta: number;
  readonly offsetDelta: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer | null | (Buffer | null)[]>;
}

/** Where the fields of a record batch stand, in bytes from its start (Kafka protocol, "Record Batch", magic 2). */
export const AT = {
  firstOffset: 0,
  /** Of what follows this field. */
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  /** Covers everything from `attributes` on. */
  checksum: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  firstSequence: 53,
  count: 57,
  records: 61,
} as const;
const MAGIC = 2;
const MAX_VARINT_BYTES = 10;
/** A text this short is at most 63 bytes of UTF-8, so its length is a varint of one byte. */
const SHORT_TEXT = 21;

const zigZag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

/**
 * Writes a record batch, version 2, uncompressed (Kafka protocol, "Record Batch"): into one buffer and without an
 * object per field, as this runs for every level, availability and movement of every delta.
 */
class BatchWriter {
  private buffer = Buffer.allocUnsafeSlow(1 << 18);
  private at = 0;

  encode(batch: BatchToEncode): Buffer {
    this.at = AT.records;
    for (const record of batch.records) this.writeRecord(record);
    const { buffer, at } = this;
    buffer.writeBigInt64BE(0n, AT.firstOffset);
    buffer.writeInt32BE(at - AT.leaderEpoch, AT.length);
    buffer.writeInt32BE(0, AT.leaderEpoch);
    buffer.writeInt8(MAGIC, AT.magic);
    buffer.writeInt16BE(0, AT.attributes);
    buffer.writeInt32BE(batch.lastOffsetDelta, AT.lastOffsetDelta);
    buffer.writeBigInt64BE(BigInt(batch.firstTimestamp), AT.firstTimestamp);
    buffer.writeBigInt64BE(BigInt(batch.maxTimestamp), AT.maxTimestamp);
    buffer.writeBigInt64BE(batch.producerId, AT.producerId);
    buffer.writeInt16BE(batch.producerEpoch, AT.producerEpoch);
    buffer.writeInt32BE(batch.firstSequence, AT.firstSequence);
    buffer.writeInt32BE(batch.records.length, AT.count);
    buffer.writeUInt32BE(crc32c(buffer, AT.attributes, at), AT.checksum);
    return Buffer.from(buffer.subarray(0, at));
  }

  private writeRecord({ key, value, headers, offsetDelta, timestampDelta }: RecordToEncode): void {
    this.ensure(4 * MAX_VARINT_BYTES + 1);
    const start = this.at;
    // Most records have 64–8,191 bytes, a length of two bytes; for others the body is moved afterwards.
    this.at += 2;
    this.buffer[this.at++] = 0;
    this.writeVarint(zigZag(timestampDelta));
    this.writeVarint(zigZag(offsetDelta));
    this.writeBytes(key);
    this.writeBytes(value);
    this.writeHeaders(headers ?? {});
    this.writeLengthBefore(start, start + 2);
  }

  private writeHeaders(headers: NonNullable<RecordToEncode['headers']>): void {
    const names = Object.keys(headers);
    let count = 0;
    for (const name of names) {
      const value = headers[name]!;
      count += Array.isArray(value) ? value.length : 1;
    }
    this.ensure(MAX_VARINT_BYTES);
    this.writeVarint(zigZag(count));
    for (const name of names) {
      const value = headers[name]!;
      for (const one of Array.isArray(value) ? (value as readonly HeaderToEncode[]) : [value as HeaderToEncode]) {
        this.writeText(name);
        this.writeBytes(one);
      }
    }
  }

  private writeBytes(value: string | Buffer | null): void {
    if (value === null || value === undefined) {
      this.ensure(1);
      this.buffer[this.at++] = 1;
    } else if (typeof value === 'string') this.writeText(value);
    else {
      this.ensure(MAX_VARINT_BYTES + value.length);
      this.writeVarint(zigZag(value.length));
      this.at += value.copy(this.buffer, this.at);
    }
  }

  private writeText(text: string): void {
    const { length } = text;
    this.ensure(MAX_VARINT_BYTES + 3 * length);
    const start = this.at;
    if (length <= SHORT_TEXT) {
      this.at = start + 1 + this.writeShort(text, start + 1);
      this.buffer[start] = zigZag(this.at - start - 1);
    } else {
      this.at = start + 2;
      this.at += this.buffer.write(text, this.at, 'utf8');
      this.writeLengthBefore(start, start + 2);
    }
  }

  private writeShort(text: string, at: number): number {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return this.buffer.write(text, at, 'utf8');
      this.buffer[at + i] = code;
    }
    return text.length;
  }

  /** Puts the length of what stands from `bodyAt` up to here at `start`, where two bytes are kept free for it. */
  private writeLengthBefore(start: number, bodyAt: number): void {
    const length = zigZag(this.at - bodyAt);
    let needed = 1;
    for (let rest = length; rest > 0x7f; rest = Math.floor(rest / 128)) needed++;
    const end = this.at + needed - 2;
    if (needed !== 2) {
      this.ensure(needed);
      this.buffer.copyWithin(start + needed, bodyAt, this.at);
    }
    this.at = start;
    this.writeVarint(length);
    this.at = end;
  }

  /** Of a number that is zig-zagged already, up to 2^53. */
  private writeVarint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.buffer[this.at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.at++] = rest;
  }

  private ensure(bytes: number): void {
    const wanted = this.at + bytes;
    if (wanted <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted, 2 * this.buffer.length));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

const writer = new BatchWriter();

/** The bytes are the caller's own. */
export const encodeRecordBatch = (batch: BatchToEncode): Buffer => writer.encode(batch);

/** Walks over the bytes of records. */
class RecordReader {
  constructor(
    private readonly buffer: Buffer,
    public at: number,
  ) {}

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.buffer[this.at++];
      if (byte === undefined) throw new RangeError('a record batch ends within a record');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 128;
    }
    throw new RangeError('a varint of a record batch has more than ten bytes');
  }

  byte(): number {
    return this.buffer[this.at++]!;
  }

  /** A view of the buffer. */
  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    if (this.at + length > this.buffer.length) throw new RangeError('a record batch ends within a record');
    this.at += length;
    return this.buffer.subarray(this.at - length, this.at);
  }
}

/** Headers are read when somebody asks for them: most readers of most records never do. */
class StoredRecord implements DecodedRecord {
  private readHeaders: DecodedRecord['headers'] | undefined;

  constructor(
    readonly attributes: number,
    readonly timestampDelta: number,
    readonly offsetDelta: number,
    readonly key: Buffer | null,
    readonly value: Buffer | null,
    private readonly buffer: Buffer,
    private readonly headersAt: number,
  ) {}

  get headers(): DecodedRecord['headers'] {
    if (this.readHeaders) return this.readHeaders;
    const headers: DecodedRecord['headers'] = {};
    const reader = new RecordReader(this.buffer, this.headersAt);
    for (let left = reader.varint(); left > 0; left--)
      addHeader(headers, reader.bytes()?.toString() ?? '', reader.bytes());
    return (this.readHeaders = headers);
  }
}

/** Reads `count` records from `start` of an uncompressed batch; keys and values are views of the buffer. */
export function decodeRecords(buffer: Buffer, start: number, count: number): DecodedRecord[] {
  const reader = new RecordReader(buffer, start);
  const records: DecodedRecord[] = [];
  for (let i = 0; i < count; i++) {
    const end = reader.varint() + reader.at;
    const attributes = reader.byte();
    const timestampDelta = reader.varint();
    const offsetDelta = reader.varint();
    const key = reader.bytes();
    const value = reader.bytes();
    records.push(new StoredRecord(attributes, timestampDelta, offsetDelta, key, value, buffer, reader.at));
    if (end > buffer.length) throw new RangeError('a record batch ends within a record');
    reader.at = end;
  }
  return records;
}

function addHeader(headers: DecodedRecord['headers'], name: string, value: Buffer | null): void {
  if (Object.hasOwn(headers, name)) {
    const before = headers[name]!;
    headers[name] = Array.isArray(before) ? [...before, value] : [before, value];
  } else if (name === '__proto__') {
    Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
  } else headers[name] = value;
}
