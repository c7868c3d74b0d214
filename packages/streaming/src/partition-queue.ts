import { RecordTooLargeError } from './errors.js';
import { EncodedRecords, type RecordsToSend, type RecordToSend } from './records-to-send.js';
import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_RECORD_BYTES } from './request-bounds.js';

/** What may wait for one partition; beyond it senders are told to come back, since memory is finite. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

interface Waiting {
  readonly records: RecordsToSend;
  readonly bytes: number;
  readonly sinceMs: number;
  resolve(offset: number): void;
  reject(error: Error): void;
}

export interface PartitionQueueOptions {
  /** For messages of errors: `topic/partition`. */
  readonly name: string;
  readonly request: (records: RecordsToSend, bytes: number) => Promise<number>;
  /** A push that has not been sent after this long is refused unsent. */
  readonly maxWaitMs: number;
  readonly nowMs: () => number;
}

const bytesOf = (value: string | Buffer): number =>
  typeof value === 'string' ? Buffer.byteLength(value) : value.length;

function headerBytes(headers: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const name in headers) bytes += name.length + bytesOf(headers[name] ?? '') + 4;
  return bytes;
}
const sharedBytes = new WeakMap<object, number>();

export function sizeOf({ key, value, sharedHeaders, headers }: RecordToSend): number {
  let bytes = 70 + bytesOf(key) + (value === null ? 0 : bytesOf(value));
  if (headers) bytes += headerBytes(headers);
  if (sharedHeaders) {
    let shared = sharedBytes.get(sharedHeaders);
    if (shared === undefined) sharedBytes.set(sharedHeaders, (shared = headerBytes(sharedHeaders)));
    bytes += shared;
  }
  return bytes;
}

function bytesOfAll(records: readonly RecordToSend[], name: string): number {
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (size > MAX_RECORD_BYTES) throw new RecordTooLargeError(name, record.key, size, MAX_RECORD_BYTES);
    bytes += size;
  }
  return bytes;
}
const isEncoded = ({ records }: Waiting): boolean => records instanceof EncodedRecords;

/**
 * One partition's sends: one request in flight, the next one takes everything that has queued up meanwhile. Order is
 * the order of `push`; a failed request rejects only its own records, so what follows is still sent (a repeat of the
 * failed ones by their caller is harmless: records carry ids or versions).
 */
export class PartitionQueue {
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private running = false;

  constructor(private readonly options: PartitionQueueOptions) {}

  push(records: RecordsToSend): Promise<number> {
    const { name, nowMs } = this.options;
    let bytes: number;
    try {
      bytes = records instanceof EncodedRecords ? records.bytes.length : bytesOfAll(records, name);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    if (this.waiting.length > 0 && this.waitingBytes + bytes > MAX_WAITING_BYTES)
      return Promise.reject(
        new Error(`Kafka did not confirm records for ${name}: ${this.waitingBytes} bytes wait for it already`),
      );
    return new Promise((resolve, reject) => {
      this.waiting.push({ records, bytes, sinceMs: nowMs(), resolve, reject });
      this.waitingBytes += bytes;
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    // Lets callers of the same turn join the first request.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.sendNext();
    this.running = false;
  }

  private async sendNext(): Promise<void> {
    const taken = this.take();
    if (taken.length === 0) return;
    try {
      const bytes = taken.reduce((sum, one) => sum + one.bytes, 0);
      const records =
        taken.length === 1 ? taken[0]!.records : taken.flatMap(({ records }) => records as RecordToSend[]);
      const isOneRequest =
        records instanceof EncodedRecords || (records.length <= MAX_BATCH_RECORDS && bytes <= MAX_BATCH_BYTES);
      const base = await (isOneRequest ? this.options.request(records, bytes) : this.sendSplit(records));
      let offset = base;
      for (const { resolve, records } of taken) {
        resolve(offset);
        offset += records.length;
      }
    } catch (error) {
      for (const { reject } of taken) reject(error as Error);
    }
  }

  /** Encoded ones are a batch of their own. */
  private take(): Waiting[] {
    const { name, nowMs, maxWaitMs } = this.options;
    const taken: Waiting[] = [];
    const tooOldMs = nowMs() - maxWaitMs;
    let count = 0;
    let bytes = 0;
    let seen = 0;
    for (const head of this.waiting) {
      if (head.sinceMs < tooOldMs) {
        head.reject(
          new Error(`Kafka did not confirm records for ${name}: the partition took none for ${maxWaitMs} ms`),
        );
      } else {
        const isTooMuch = count + head.records.length > MAX_BATCH_RECORDS || bytes + head.bytes > MAX_BATCH_BYTES;
        if (taken.length > 0 && (isTooMuch || isEncoded(head) || isEncoded(taken[0]!))) break;
        taken.push(head);
        count += head.records.length;
        bytes += head.bytes;
      }
      this.waitingBytes -= head.bytes;
      seen++;
    }
    this.waiting = this.waiting.slice(seen);
    return taken;
  }

  /** A single push may be larger than a request: it goes in several, and its first offset is the answer. */
  private async sendSplit(records: readonly RecordToSend[]): Promise<number> {
    let first: number | undefined;
    let chunk: RecordToSend[] = [];
    let bytes = 0;
    const flush = async () => {
      if (chunk.length === 0) return;
      const base = await this.options.request(chunk, bytes);
      first ??= base;
      chunk = [];
      bytes = 0;
    };
    for (const record of records) {
      const size = sizeOf(record);
      if (chunk.length >= MAX_BATCH_RECORDS || (chunk.length > 0 && bytes + size > MAX_BATCH_BYTES)) await flush();
      chunk.push(record);
      bytes += size;
    }
    await flush();
    return first ?? -1;
  }
}
