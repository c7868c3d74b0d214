import type { TopicDefinition } from '@shelfline/contracts/topics';
import type { KafkaPort, ReceivedRecord, TailReader } from './kafka-port.js';

export interface TableOptions<V> {
  readonly kafka: KafkaPort;
  readonly topic: TopicDefinition;
  /** Topic name with the deployment's prefix. */
  readonly topicName: string;
  /** Undefined = not readable: kept out, counted. */
  readonly decode: (record: ReceivedRecord) => V | undefined;
  /** A record with a version below the one held is a zombie's late write and is ignored. */
  readonly versionOf?: (value: V) => number;
  /** The version a tombstone was written under, as a zombie's late one is ignored too. Undefined = it is believed. */
  readonly tombstoneVersionOf?: (record: ReceivedRecord) => number | undefined;
  /** Listeners hear of tombstones of keys that are not held too, whose headers tell something. */
  readonly tellsEveryTombstone?: true;
  readonly onCrash: (error: Error) => void;
  /** As of a tail: what this process writes itself comes from memory, what others write is gathered for so long. */
  readonly gatherMs?: number;
}
export interface TableChange<V> {
  readonly key: string;
  /** Undefined after a tombstone. */
  readonly value: V | undefined;
  readonly previous: V | undefined;
  readonly record: ReceivedRecord;
}

/** What it answers holds up reading: the next batch comes once that has resolved. */
export type TableListener<V> = (changes: readonly TableChange<V>[]) => void | Promise<void>;

/**
 * A compacted topic held in memory. Ready once every partition has been read up to where it ended at the start.
 * Listeners get what changed, batch by batch, in partition order; values are replaced, never mutated.
 */
export class Table<V> {
  private readonly values = new Map<string, V>();
  private readonly listeners = new Set<TableListener<V>>();
  /** Per partition: next offset to read, and the end seen last. */
  private readonly progress = new Map<number, { next: number; end: number }>();
  private readonly goal = new Map<number, number>();
  private reader: TailReader | undefined;
  private resolveReady: () => void = () => {};
  private reached = false;
  private unreadableCount = 0;
  readonly ready: Promise<void>;

  constructor(private readonly options: TableOptions<V>) {
    this.ready = new Promise((resolve) => {
      this.resolveReady = resolve;
    });
  }

  async start(): Promise<void> {
    const { kafka, topicName, onCrash, gatherMs } = this.options;
    for (const { partition, earliest, end } of await kafka.offsets(topicName)) {
      this.progress.set(partition, { next: earliest, end });
      if (end > earliest) this.goal.set(partition, end);
    }
    this.checkReady();
    this.reader = await kafka.tail({
      topics: [topicName],
      from: 'earliest',
      onRecords: (records, endOffset) => this.apply(records, endOffset),
      onCrash,
      ...(gatherMs === undefined ? {} : { gatherMs }),
    });
  }

  stop(): Promise<void> {
    return this.reader?.stop() ?? Promise.resolve();
  }

  get(key: string): V | undefined {
    return this.values.get(key);
  }
  entries(): IterableIterator<[string, V]> {
    return this.values.entries();
  }
  get size(): number {
    return this.values.size;
  }
  isReady(): boolean {
    return this.reached;
  }
  get unreadable(): number {
    return this.unreadableCount;
  }
  /** Records known to be on the topic and not yet applied. */
  lagRecords(): number {
    let lag = 0;
    for (const { next, end } of this.progress.values()) lag += Math.max(0, end - next);
    return lag;
  }
  onChange(listener: TableListener<V>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private apply(records: readonly ReceivedRecord[], endOffset: number): void | Promise<void> {
    const last = records.at(-1);
    if (!last) return undefined;
    const changes: TableChange<V>[] = [];
    for (const record of records) {
      const change = this.applyOne(record);
      if (change) changes.push(change);
    }
    this.progress.set(last.partition, { next: last.offset + 1, end: Math.max(endOffset, last.offset + 1) });
    const holding = changes.length > 0 ? this.tell(changes) : [];
    const goal = this.goal.get(last.partition);
    if (goal !== undefined && last.offset + 1 >= goal) {
      this.goal.delete(last.partition);
      this.checkReady();
    }
    return holding.length > 0 ? Promise.all(holding).then(() => {}) : undefined;
  }

  private tell(changes: readonly TableChange<V>[]): Promise<void>[] {
    const holding: Promise<void>[] = [];
    for (const listener of this.listeners) {
      const held = listener(changes);
      if (held) holding.push(held);
    }
    return holding;
  }

  private applyOne(record: ReceivedRecord): TableChange<V> | undefined {
    if (record.key === null) return undefined;
    const previous = this.values.get(record.key);
    if (record.value === null || record.value.length === 0) {
      if (previous === undefined)
        return this.options.tellsEveryTombstone ? { key: record.key, value: undefined, previous, record } : undefined;
      if (this.isLate(record, previous)) return undefined;
      this.values.delete(record.key);
      return { key: record.key, value: undefined, previous, record };
    }
    const value = this.decode(record);
    if (value === undefined) {
      this.unreadableCount++;
      return undefined;
    }
    const { versionOf } = this.options;
    if (versionOf && previous !== undefined && versionOf(value) < versionOf(previous)) return undefined;
    this.values.set(record.key, value);
    return { key: record.key, value, previous, record };
  }

  private isLate(tombstone: ReceivedRecord, held: V): boolean {
    const { versionOf, tombstoneVersionOf } = this.options;
    const version = tombstoneVersionOf?.(tombstone);
    return versionOf !== undefined && version !== undefined && version < versionOf(held);
  }

  /** One bad record must not take the whole table away. */
  private decode(record: ReceivedRecord): V | undefined {
    try {
      return this.options.decode(record);
    } catch {
      return undefined;
    }
  }

  private checkReady(): void {
    if (this.goal.size > 0 || this.reached) return;
    this.reached = true;
    this.resolveReady();
  }
}
