export interface DecodedRecord {
  readonly attributes: number;
  readonly timestampDelta: number;
  readonly offsetDelta: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer | null | (Buffer | null)[]>;
  /** As text; a view of the bytes would cost more than reading it. */
  keyText(): string | null;
  valueText(): string | null;
  /** The first of this name, '' where it has no value; undefined when there is none. Reads no other. */
  headerText(name: Buffer): string | undefined;
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
export const MAX_VARINT_BYTES = 10;

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
    const length = this.skip();
    if (length < 0) return null;
    if (this.at > this.buffer.length) throw new RangeError('a record batch ends within a record');
    return this.buffer.subarray(this.at - length, this.at);
  }

  text(): string | null {
    const length = this.skip();
    if (length < 0) return null;
    if (this.at > this.buffer.length) throw new RangeError('a record batch ends within a record');
    return this.buffer.toString('utf8', this.at - length, this.at);
  }

  /** Past what `bytes` would read; answers its length, -1 = null. */
  skip(): number {
    const length = this.varint();
    if (length > 0) this.at += length;
    return length;
  }
}

/** Key, value and headers are read when somebody asks for them: a reader of its own outputs asks for one header. */
class StoredRecord implements DecodedRecord {
  private readHeaders: DecodedRecord['headers'] | undefined;

  constructor(
    private readonly buffer: Buffer,
    readonly attributes: number,
    readonly timestampDelta: number,
    readonly offsetDelta: number,
    /** Where the length of each stands. */
    private readonly keyAt: number,
    private readonly valueAt: number,
    private readonly headersAt: number,
  ) {}

  get key(): Buffer | null {
    return new RecordReader(this.buffer, this.keyAt).bytes();
  }
  get value(): Buffer | null {
    return new RecordReader(this.buffer, this.valueAt).bytes();
  }

  keyText(): string | null {
    return new RecordReader(this.buffer, this.keyAt).text();
  }
  valueText(): string | null {
    return new RecordReader(this.buffer, this.valueAt).text();
  }
  headerText(name: Buffer): string | undefined {
    const { buffer } = this;
    const reader = new RecordReader(buffer, this.headersAt);
    for (let left = reader.varint(); left > 0; left--) {
      const length = reader.skip();
      if (length === name.length && standsAt(name, buffer, reader.at - length)) return reader.text() ?? '';
      reader.skip();
    }
    return undefined;
  }

  get headers(): DecodedRecord['headers'] {
    if (this.readHeaders) return this.readHeaders;
    const headers: DecodedRecord['headers'] = {};
    const reader = new RecordReader(this.buffer, this.headersAt);
    for (let left = reader.varint(); left > 0; left--)
      addHeader(headers, reader.bytes()?.toString() ?? '', reader.bytes());
    return (this.readHeaders = headers);
  }
}

/** A call of the runtime's comparison would take longer than all the rest. */
function standsAt(name: Buffer, buffer: Buffer, at: number): boolean {
  for (let i = 0; i < name.length; i++) if (buffer[at + i] !== name[i]) return false;
  return true;
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
    const keyAt = reader.at;
    reader.skip();
    const valueAt = reader.at;
    reader.skip();
    if (end > buffer.length || reader.at > end) throw new RangeError('a record batch ends within a record');
    records.push(new StoredRecord(buffer, attributes, timestampDelta, offsetDelta, keyAt, valueAt, reader.at));
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
