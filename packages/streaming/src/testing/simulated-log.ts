import type { ReceivedRecord } from '../kafka-port.js';
import type { RecordToSend } from '../records-to-send.js';

/** One partition's log: offsets, append times, and the ways a real one loses records. */
export class SimulatedLog {
  private records: ReceivedRecord[] = [];
  private earliestOffset = 0;
  private endOffset = 0;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly topic: string,
    private readonly partition: number,
  ) {}

  get earliest(): number {
    return this.earliestOffset;
  }
  get end(): number {
    return this.endOffset;
  }

  append(toSend: readonly RecordToSend[], nowMs: number): number {
    const base = this.endOffset;
    for (const { key, value, sharedHeaders, headers } of toSend)
      this.records.push({
        topic: this.topic,
        partition: this.partition,
        offset: this.endOffset++,
        timestampMs: nowMs,
        key,
        value: value === null ? null : Buffer.from(value),
        headers: { ...sharedHeaders, ...headers },
      });
    for (const listener of this.listeners) listener();
    return base;
  }

  /** As Kafka does: an offset out of range means the earliest. */
  read(from: number, max: number): readonly ReceivedRecord[] {
    const start = this.indexOf(from < this.earliestOffset || from > this.endOffset ? this.earliestOffset : from);
    return this.records.slice(start, start + max);
  }

  /** Of the first record at or after an offset: offsets grow, with gaps where records were compacted. */
  private indexOf(offset: number): number {
    let below = 0;
    let end = this.records.length;
    while (below < end) {
      const middle = (below + end) >> 1;
      if (this.records[middle]!.offset < offset) below = middle + 1;
      else end = middle;
    }
    return below;
  }

  offsetAfter(timestampMs: number): number {
    return this.records.find((record) => record.timestampMs > timestampMs)?.offset ?? this.endOffset;
  }

  /** Retention, or an operator. */
  deleteBefore(offset: number): void {
    this.records = this.records.filter((record) => record.offset >= offset);
    this.earliestOffset = Math.max(this.earliestOffset, offset);
    this.endOffset = Math.max(this.endOffset, offset);
  }

  /** Compaction below an offset: what a newer record of the same key follows is gone. */
  compact(below: number): void {
    const newest = new Map(this.records.map(({ key, offset }) => [key, offset]));
    this.records = this.records.filter(({ key, offset }) => offset >= below || newest.get(key) === offset);
  }

  /** An unclean election: what was acknowledged after this offset is gone. */
  truncate(offset: number): void {
    this.records = this.records.filter((record) => record.offset < offset);
    this.endOffset = Math.min(this.endOffset, offset);
  }

  /** The topic was deleted and made anew. */
  clear(): void {
    this.records = [];
    this.earliestOffset = 0;
    this.endOffset = 0;
  }

  onAppend(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
