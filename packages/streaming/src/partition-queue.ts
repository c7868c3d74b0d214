import type { RecordToSend } from './kafka-port.js';

/** A produce request's bounds: well below the broker's 1 MiB default for a record batch. */
const MAX_RECORDS = 4000;
const MAX_BYTES = 700_000;

interface Waiting {
  readonly records: readonly RecordToSend[];
  readonly bytes: number;
  resolve(offset: number): void;
  reject(error: Error): void;
}

const sizeOf = (record: RecordToSend): number => {
  let bytes = 70 + record.key.length + (record.value === null ? 0 : record.value.length);
  if (record.headers) for (const name in record.headers) bytes += name.length + (record.headers[name]?.length ?? 0) + 4;
  return bytes;
};

/**
 * One partition's sends: one request in flight, the next one takes everything that has queued up meanwhile. Order is
 * the order of `push`; a failed request rejects only its own records, so what follows is still sent (a repeat of the
 * failed ones by their caller is harmless: records carry ids or versions).
 */
export class PartitionQueue {
  private readonly waiting: Waiting[] = [];
  private running = false;

  constructor(private readonly request: (records: readonly RecordToSend[]) => Promise<number>) {}

  push(records: readonly RecordToSend[]): Promise<number> {
    return new Promise((resolve, reject) => {
      let bytes = 0;
      for (const record of records) bytes += sizeOf(record);
      this.waiting.push({ records, bytes, resolve, reject });
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
    const taken: Waiting[] = [];
    let count = 0;
    let bytes = 0;
    while (this.waiting.length > 0) {
      const head = this.waiting[0]!;
      if (taken.length > 0 && (count + head.records.length > MAX_RECORDS || bytes + head.bytes > MAX_BYTES)) break;
      taken.push(head);
      count += head.records.length;
      bytes += head.bytes;
      this.waiting.shift();
    }
    try {
      const base = await this.sendSplit(taken.length === 1 ? taken[0]!.records : taken.flatMap((w) => w.records));
      let offset = base;
      for (const { resolve, records } of taken) {
        resolve(offset);
        offset += records.length;
      }
    } catch (error) {
      for (const { reject } of taken) reject(error as Error);
    }
  }

  /** A single push may be larger than a request: it goes in several, and its first offset is the answer. */
  private async sendSplit(records: readonly RecordToSend[]): Promise<number> {
    let first: number | undefined;
    let chunk: RecordToSend[] = [];
    let bytes = 0;
    const flush = async () => {
      if (chunk.length === 0) return;
      const base = await this.request(chunk);
      first ??= base;
      chunk = [];
      bytes = 0;
    };
    for (const record of records) {
      const size = sizeOf(record);
      if (chunk.length >= MAX_RECORDS || (chunk.length > 0 && bytes + size > MAX_BYTES)) await flush();
      chunk.push(record);
      bytes += size;
    }
    await flush();
    return first ?? -1;
  }
}
