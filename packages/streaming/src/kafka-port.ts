import type { TopicDefinition } from '@shelfline/contracts/topics';
import type { RecordsToSend } from './records-to-send.js';

/**
 * The little of Kafka that Shelfline uses. `KafkajsPort` is the real one; the simulator brings its own. Both pass
 * kafka-port.contract.ts.
 */
export interface ReceivedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Append time at the broker (topics are created with LogAppendTime); ms UTC. */
  readonly timestampMs: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** One header, where it can be had without reading all of them. */
  header?(name: string): string | undefined;
  /** The value as text, where it can be had without a view of the bytes. */
  valueText?(): string | null;
}

/** One header, at the least cost: reading all of them makes an object per record. */
export const headerOf = (record: ReceivedRecord, name: string): string | undefined =>
  record.header ? record.header(name) : record.headers[name];

/** The value, at the least cost. Where it is no UTF-8, replacement characters stand in it. */
export const valueTextOf = (record: ReceivedRecord): string | null =>
  record.valueText ? record.valueText() : (record.value?.toString() ?? null);

export interface PartitionOffsets {
  readonly partition: number;
  readonly earliest: number;
  /** The offset the next record will get. */
  readonly end: number;
}

/** What the group consumer gives its handler. Nothing is committed for it: it resolves by returning. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly ReceivedRecord[];
  readonly endOffset: number;
  /**
   * Proves group membership to the coordinator; rejects with MembershipLostError when this member was fenced or could
   * not be told otherwise. The batch is then no longer current, and its verdict is not used.
   */
  heartbeat(): Promise<void>;
  /** False once the group rebalanced or the consumer is stopping: leave as soon as it is safe. */
  isCurrent(): boolean;
}
/** `seekTo` asks for records from that offset next; `commitTo` is advisory, for lag tools. */
export type BatchVerdict = { readonly seekTo: number } | { readonly commitTo: number };

export interface GroupConsumerOptions {
  readonly groupId: string;
  readonly topic: string;
  readonly onBatch: (batch: PartitionBatch) => Promise<BatchVerdict>;
  /** Called with the partitions this member holds after every rebalance. */
  readonly onAssigned: (partitions: readonly number[]) => void;
  /** The consumer ended by itself: the process must not go on as if it were reading. */
  readonly onCrash: (error: Error) => void;
  readonly concurrency?: number;
  readonly sessionTimeoutMs?: number;
  readonly maxBytesPerPartition?: number;
}
export interface GroupConsumer {
  pause(partition: number): void;
  resume(partition: number): void;
  stop(): Promise<void>;
}

export interface TailOptions {
  readonly topics: readonly string[];
  readonly from: 'earliest' | 'latest';
  /** Records of one partition, in order. */
  readonly onRecords: (records: readonly ReceivedRecord[], endOffset: number) => void | Promise<void>;
  readonly onCrash: (error: Error) => void;
  readonly sessionTimeoutMs?: number;
  /**
   * What this port sent itself is handed over without asking the broker; of what others write the broker gathers what
   * comes for so long before it answers, 0 = it answers at once. Absent = everything is asked for, at once.
   */
  readonly gatherMs?: number;
}
export interface TailReader {
  stop(): Promise<void>;
}

export interface KafkaPort {
  /**
   * Resolves with the first offset once every in-sync replica has the records; rejects otherwise, nothing assumed (they
   * may be there, whole or in part). Sends to one partition arrive in the order of the calls. Offsets of one call are
   * consecutive unless it is larger than one request (4,000 records, 700 kB). A record above 1 MB is refused at once.
   * Encoded ones are always one request.
   */
  send(topic: string, partition: number, records: RecordsToSend): Promise<number>;
  /** Creates what is missing and answers the partition count of each topic. */
  ensureTopics(topics: readonly TopicToEnsure[]): Promise<ReadonlyMap<string, number>>;
  offsets(topic: string): Promise<readonly PartitionOffsets[]>;
  /** Per partition the first offset whose record was appended after this time; the end when there is none. */
  offsetsAfter(topic: string, timestampMs: number): Promise<readonly { partition: number; offset: number }[]>;
  /** Names the cluster: another one when its data was begun anew. */
  clusterId(): Promise<string>;
  /** A member of a group, reading from the earliest offset unless told otherwise: each partition has one member at a time, as far as Kafka can tell. */
  consume(options: GroupConsumerOptions): Promise<GroupConsumer>;
  /** Reads every partition by itself, no group shared with anybody: for tables and tails. */
  tail(options: TailOptions): Promise<TailReader>;
  close(): Promise<void>;
}

export interface TopicToEnsure {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly definition: TopicDefinition;
}
