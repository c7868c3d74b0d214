import type { TopicDefinition } from '@shelfline/contracts/topics';
import type { Image, StoredImages } from './image.js';
import type { ReceivedRecord } from './kafka-port.js';
import type { Pause } from './slices.js';
import type { UnflushedImages } from './unflushed-images.js';

/**
 * How a service changes state: batch → decide → one transaction → publish (ARCHITECTURE.md "One batch, one
 * transaction"). A service describes a stream; `PartitionWorker` runs it.
 */

/** One per input record: deduplication, answer and outbox in one document. */
export interface LedgerEntry {
  /** `source/id` of the message: a second one with this id is a duplicate, or a conflict if its content differs. */
  readonly _id: string;
  readonly contentHash: string;
  readonly partition: number;
  readonly offset: number;
  /** What came of it, refusals included, e.g. `applied`, `refused`. `forwarded` and `repeated` are the stream's own (batch-sorting.ts). */
  readonly outcome: string;
  readonly [field: string]: unknown;
}

/**
 * A record read by its contract. `id` is `source/id`; `contentHash` tells a repeat from a conflict and is read only where
 * two messages of one id meet, so a getter may work it out.
 */
export type Parsed<M> =
  | {
      readonly kind: 'message';
      readonly id: string;
      readonly contentHash: string;
      readonly message: M;
      /**
       * The value whose hash decides the partition, read from the message; default: the record's key. Give it wherever
       * a foreign producer might use another key, or state would have two writers.
       */
      readonly partitionBy?: string;
      /** Belongs to the partition it stands in, whatever its key: the same message is sent to each of them. */
      readonly anyPartition?: true;
    }
  | { readonly kind: 'tick' }
  | { readonly kind: 'invalid'; readonly reason: string; readonly detail: string };

export interface Delivered<M> {
  readonly record: ReceivedRecord;
  readonly id: string;
  readonly contentHash: string;
  readonly message: M;
}
/** A second has passed (or a batch has been cut by the clock): expire, re-evaluate, in bounded slices. */
export interface Tick {
  readonly record: ReceivedRecord;
}

export interface Batch<M> {
  readonly partition: number;
  /** Messages and ticks in the order of their offsets. */
  readonly items: readonly (({ readonly kind: 'message' } & Delivered<M>) | ({ readonly kind: 'tick' } & Tick))[];
  readonly partitions: number;
  readonly generation: number;
  /**
   * Resolves when what was decided before is committed: whoever reads the database for a decision that has `ahead`
   * awaits it first. Absent = nothing is on its way.
   */
  readonly settled?: () => Promise<void>;
  /** To be awaited after each few hundred records (`forEachInSlices`), if it is there. */
  readonly pause?: Pause | undefined;
}

export interface OutputRecord {
  readonly topic: TopicDefinition;
  readonly key: string;
  /** Partition to write; `same` = the input's, valid where both topics are partitioned by the same value. */
  readonly partition: 'same' | { readonly by: string };
  /** Sent as JSON, a `JsonText` as it is written; null is a tombstone. */
  readonly value: object | null;
  readonly type: string;
  /**
   * Further headers. A handler that wants its outputs in the trace of their cause copies that record's `traceparent`
   * here (`headers: { traceparent: record.headers.traceparent }`); nothing is copied by itself, since an output may
   * have many causes.
   */
  readonly headers?: Readonly<Record<string, string>>;
}

/** W = what else the repository writes in the same transaction, as data. */
export interface Decision<W> {
  readonly entries: readonly LedgerEntry[];
  readonly writes: W;
  /** States of documents that are written behind: kept with the commit, and in their collections some seconds later. */
  readonly images?: readonly Image[];
  /** Published after the commit, in order per key; a crash in between republishes them from the entries. */
  readonly outputs: readonly OutputRecord[];
  /**
   * Replaces the state in memory, once, and perhaps before the commit, so that the next part of a batch can be decided
   * meanwhile: when the commit fails, `released` is called before anything else is decided. Absent = each is decided on
   * what is committed.
   */
  readonly ahead?: () => void;
  /** Called once, right after the commit and after `ahead`, never on abort. */
  readonly committed: () => void;
  /** True when nothing but time passed: the checkpoint may move later, together with real work. */
  readonly nothingChanged: boolean;
}

export interface StreamDefinition<M, W> {
  readonly topic: TopicDefinition;
  readonly groupId: string;
  readonly parse: (record: ReceivedRecord) => Parsed<M>;
  readonly store: PartitionStore<W>;
  /** Writes of a batch in which only the checkpoint moves. */
  readonly emptyWrites: W;
  /**
   * Outputs of entries that were committed and perhaps never published, and of states that changed without an entry
   * meanwhile; reads committed state.
   */
  readonly republish: (
    entries: readonly LedgerEntry[],
    partition: number,
    missed: MissedOutputs,
  ) => Promise<readonly OutputRecord[]>;
  /** The stored answer of a repeated message, to be sent again. */
  readonly resend: (entry: LedgerEntry) => readonly OutputRecord[];
  /**
   * A message under an id that another one had before is answered with what that one came to, as a repeat is: whoever
   * sent it waits, and tells by the answer that it is not to his. Absent = it is a dead letter.
   */
  readonly answersConflict?: (message: M) => boolean;
  /** The partition is (or may be) somebody else's now: forget everything cached for it. */
  readonly released: (partition: number) => void;
  /** For decisions with `images`: what is not in its collection yet, and how it gets there. */
  readonly behind?: {
    readonly unflushed: UnflushedImages;
    /** Writes each image unless its document has the same or a higher version. May be repeated, by former owners too. */
    readonly flush: (images: readonly Image[]) => Promise<void>;
  };
  /** Compacted topics whose last record per key this stream owns, watched for zombies' late writes. */
  readonly watched?: readonly WatchedTopic[];
  /** How often a tick is produced to each assigned partition; 0 = never. */
  readonly tickEveryMs: number;
  readonly maxBatchRecords: number;
}

export interface MissedOutputs {
  /** Whatever has a lower version was published. */
  readonly sinceVersion: number;
  /** Append time of the newest record that was applied with the commit of a version: what it told is of that time. */
  readonly toldAtMs: (version: number) => number;
}

export interface WatchedTopic {
  readonly topic: TopicDefinition;
  /** Version of a record on the topic. */
  readonly versionOf: (record: ReceivedRecord) => number;
  /**
   * The committed records of these keys, to be sent again with their committed versions. `newestMs`: append time of the
   * newest applied record, of which time what is committed is.
   */
  readonly committed: (
    keys: readonly string[],
    partition: number,
    newestMs: number,
  ) => Promise<readonly { key: string; version: number; output: OutputRecord }[]>;
}

export interface Claim {
  readonly epoch: number;
  /** The first offset that is not yet applied. */
  readonly next: number;
  /** Outputs of entries below this offset were acknowledged by Kafka. */
  readonly published: number;
  /** Raised when records were lost or the topic made anew; versions = generation × 2^40 + offset. */
  readonly generation: number;
  /** Append time of the newest applied record, ms UTC; -1 = none yet. A newer one below `next` proves another log. */
  readonly newestMs: number;
  /** Commits that may be unpublished, in order. Those that a former version noted are missing. */
  readonly unpublished: readonly CommitTime[];
}
/** `next` of a commit, and the append time of the newest record applied by then. */
export interface CommitTime {
  readonly next: number;
  readonly newestMs: number;
}

export interface CheckpointMove {
  readonly partition: number;
  readonly epoch: number;
  readonly fromNext: number;
  readonly next: number;
  readonly published: number;
  readonly newestMs: number;
}

export interface DeadLetter {
  readonly _id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly detail: string;
  readonly recordedAtMs: number;
  /** Of the message, where it could be read: what else came under its id is found by it. */
  readonly messageId?: string;
}

export type CommitResult =
  | { readonly kind: 'committed' }
  /** Somebody else owns the partition now. */
  | { readonly kind: 'fenced' }
  /** At least one entry id (or another unique key) exists already; nothing was written. */
  | { readonly kind: 'duplicate'; readonly detail?: string };

/** Entries as their commit writes them. */
export interface LaidOutEntries {
  readonly documents: readonly { readonly _id: string }[];
  /** Entries in them. */
  readonly size: number;
}

/** State of one stream's partitions. `MongoPartitionStore` is the real one. */
export interface PartitionStore<W> {
  /**
   * Raises the epoch: whoever held the partition before can commit no more, and what it had begun to commit is either
   * in the database by now or never will be.
   */
  claim(partition: number): Promise<Claim>;
  /** Done when they are decided, so that nothing else of them need be kept until the database has answered. */
  layOut(commit: Pick<CheckpointMove, 'partition' | 'epoch' | 'next'>, entries: readonly LedgerEntry[]): LaidOutEntries;
  /** ONE transaction: entries, dead letters, the handler's writes, images, and the checkpoint compared and moved. */
  commit(
    move: CheckpointMove,
    entries: LaidOutEntries | readonly LedgerEntry[],
    deadLetters: readonly DeadLetter[],
    writes: W,
    images?: readonly StoredImages[],
  ): Promise<CommitResult>;
  /** Of the partition, whatever was not forgotten, in no order. */
  storedImages(partition: number): Promise<readonly StoredImages[]>;
  /** Their documents are written. */
  forgetImages(ids: readonly string[]): Promise<void>;
  findEntries(ids: readonly string[]): Promise<ReadonlyMap<string, LedgerEntry>>;
  /**
   * With offset in [from, to), by offset, of the entries whose commits no later one told to be published. There are no
   * others that may be unpublished.
   */
  unpublishedEntries(partition: number, from: number, to: number): Promise<readonly LedgerEntry[]>;
  /** With offset in [from, to), by offset. */
  deadLettersBetween(partition: number, from: number, to: number): Promise<readonly DeadLetter[]>;
}
