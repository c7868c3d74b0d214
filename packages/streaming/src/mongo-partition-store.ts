import './mongo-connections.js';

import type { ClientSession, Connection, mongo } from 'mongoose';
import type { StoredImages } from './image.js';
import {
  type Commit,
  CommitLanes,
  DURABLE,
  type EntryDocument,
  idOf,
  isDuplicateKey,
  isSame,
} from './mongo-commit-lanes.js';
import {
  type CheckpointDocument,
  type DeadLetterDocument,
  IMAGES_COLLECTION,
  type ImagesDocument,
  type Noted,
  notedIn,
  type StreamDocument,
  timesOf,
  toDeadLetter,
} from './mongo-documents.js';
import { createIndexIfMissing } from './mongo-indexes.js';
import type {
  CheckpointMove,
  Claim,
  CommitResult,
  DeadLetter,
  LaidOutEntries,
  LedgerEntry,
  PartitionStore,
} from './stream.js';
import { JointWritesRefusedError, MissingDocumentError, TransactionWrites } from './transaction-writes.js';

export interface MongoPartitionStoreOptions<W> {
  readonly connection: Connection;
  /** Names the checkpoints; one per topic and service. */
  readonly stream: string;
  readonly entriesCollection: string;
  readonly partitions: number;
  /** How entries lie in their collection; each by itself unless told otherwise. */
  readonly layout?: EntryLayout;
  /** Adds the handler's own writes to the transaction. */
  readonly write: (writes: W, transaction: TransactionWrites) => void;
  /** Of several partitions: written at once. */
  readonly merge: (writes: readonly W[]) => W;
  /** Of this process's other transactions on what its partitions own: ended with them when somebody takes over. */
  readonly otherSessions?: () => readonly ClientSession[];
}

/** An entry's `_id` must be in a unique index, whatever the layout: the insert of a second one is refused. */
export interface EntryLayout {
  /** `commit` is of no other commit. */
  readonly toDocuments: (entries: readonly LedgerEntry[], commit: string) => readonly object[];
  /** All, or those with a wanted `_id`. */
  readonly toEntries: (document: mongo.Document, wanted?: ReadonlySet<string>) => readonly LedgerEntry[];
  /** Finds the documents that hold entries with these ids. */
  readonly holding: (ids: readonly string[]) => mongo.Document;
}
const ONE_EACH: EntryLayout = {
  toDocuments: (entries) => entries,
  toEntries: (document) => [document as LedgerEntry],
  holding: (ids) => ({ _id: { $in: [...ids] } }),
};

/** The wire version of MongoDB 8.0, whose `bulkWrite` takes writes to several collections. */
const WRITES_JOINTLY_FROM = 25;
/** Few, as commits wait meanwhile: with a thousand the slowest hundredth of deltas took 100 ms to a screen, so 85. */
const FORGOTTEN_AT_ONCE = 50;
/** The driver's database of a mongoose connection that is open. */
export function databaseOf(connection: Connection): mongo.Db {
  if (!connection.db) throw new Error('the MongoDB connection is not open yet: await asPromise() first');
  return connection.db as unknown as mongo.Db;
}

/** Two instances that make the same document at once: for the second one it exists then. */
async function upsertOnceMore<T>(upsert: () => Promise<T | null>): Promise<T | null> {
  try {
    const document = await upsert();
    if (document !== null) return document;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  return upsert();
}

/** Checkpoints, entries and dead letters of one stream in MongoDB. Assumes nothing but documented behaviour. */
export class MongoPartitionStore<W> implements PartitionStore<W> {
  private generation = 1;
  private isJoint = false;
  /** Of the partitions claimed here, what their checkpoints note. */
  private readonly claimed = new Map<number, readonly Noted[]>();
  private lanes: CommitLanes<W> | undefined;

  constructor(private readonly options: MongoPartitionStoreOptions<W>) {}

  /** The driver's own: mongoose's holds operations back while it is disconnected, outside of our retries. */
  private get db(): mongo.Db {
    return databaseOf(this.options.connection);
  }
  private get checkpoints(): mongo.Collection<CheckpointDocument> {
    return this.db.collection<CheckpointDocument>('checkpoints');
  }
  private get streams(): mongo.Collection<StreamDocument> {
    return this.db.collection<StreamDocument>('streams');
  }
  private get entries(): mongo.Collection<EntryDocument> {
    return this.db.collection<EntryDocument>(this.options.entriesCollection);
  }
  private get layout(): EntryLayout {
    return this.options.layout ?? ONE_EACH;
  }
  private get deadLetters(): mongo.Collection<DeadLetterDocument> {
    return this.db.collection<DeadLetterDocument>('dead_letters');
  }
  private get unflushed(): mongo.Collection<ImagesDocument> {
    return this.db.collection<ImagesDocument>(IMAGES_COLLECTION);
  }
  private checkpointId = (partition: number): string => `${this.options.stream}/${partition}`;

  /** Creates indexes; refuses to go on when the topic's partition count differs from the recorded one. */
  async prepare(): Promise<void> {
    const { stream, partitions } = this.options;
    const { maxWireVersion = 0 } = await this.db.admin().command({ hello: 1 });
    this.isJoint = maxWireVersion >= WRITES_JOINTLY_FROM;
    await createIndexIfMissing(this.unflushed, { stream: 1, partition: 1 });
    await createIndexIfMissing(this.deadLetters, { stream: 1, partition: 1, offset: 1 });
    const recorded = await upsertOnceMore(() =>
      this.streams.findOneAndUpdate(
        { _id: stream },
        { $setOnInsert: { partitions, generation: 1 } },
        { upsert: true, returnDocument: 'after', writeConcern: DURABLE },
      ),
    );
    if (recorded && recorded.partitions !== partitions)
      throw new Error(
        `Stream ${stream} was begun with ${recorded.partitions} partitions, its topic now has ${partitions}. Its state ` +
          'cannot be divided anew: give the topic its old partition count, or migrate through a new topic.',
      );
    this.generation = recorded?.generation ?? 1;
  }

  async claim(partition: number): Promise<Claim> {
    const _id = this.checkpointId(partition);
    this.lanes ??= new CommitLanes<W>({
      connection: this.options.connection,
      writeAll: (session, commits) => this.writeAll(session, commits),
    });
    const ownerSessions = [...this.lanes.sessionIds, ...(this.options.otherSessions?.() ?? []).map(idOf)];
    await this.endOpenTransactions(_id, ownerSessions);
    const document = await upsertOnceMore(() =>
      this.checkpoints.findOneAndUpdate(
        { _id },
        {
          $inc: { epoch: 1 },
          $setOnInsert: { next: -1, published: -1 },
          $set: { updatedAt: new Date(), ownerSessions },
        },
        { upsert: true, returnDocument: 'after', writeConcern: DURABLE },
      ),
    );
    if (!document) throw new Error(`checkpoint ${_id} could not be claimed`);
    const noted = notedIn(document);
    this.claimed.set(partition, noted);
    const { epoch, next, published, newestMs = -1, generation = this.generation } = document;
    return { epoch, next, published, newestMs, generation, unpublished: timesOf(noted) };
  }

  /**
   * An owner that was killed or stopped within a transaction leaves it open: the server would keep its locks for up to
   * a minute (`transactionLifetimeLimitSeconds`), and every claim and commit would wait. The server aborts it at once
   * when its session is killed; if that is not allowed here, the wait is what is left.
   */
  private async endOpenTransactions(_id: string, own: readonly mongo.Binary[]): Promise<void> {
    const before = await this.checkpoints.findOne({ _id });
    const lanes = this.lanes!;
    const unsettled = lanes.unsettledIds;
    const foreign = (before?.ownerSessions ?? []).filter((id) => !own.some((other) => isSame(id, other)));
    const left = [...foreign, ...unsettled];
    if (left.length === 0) return;
    await this.db
      .admin()
      .command({ killSessions: left.map((id) => ({ id })) })
      .then(
        () => lanes.settled(unsettled),
        () => {},
      );
  }

  async commit(
    move: CheckpointMove,
    entries: LaidOutEntries | readonly LedgerEntry[],
    deadLetters: readonly DeadLetter[],
    writes: W,
    images: readonly StoredImages[] = [],
  ): Promise<CommitResult> {
    const { partition, next, published, newestMs } = move;
    const before = this.claimed.get(partition);
    if (!this.lanes || !before) return { kind: 'fenced' };
    const { documents, size } = 'documents' in entries ? entries : this.layOut(move, entries);
    const own: Noted = [next, documents.map(({ _id }) => _id), newestMs];
    const unpublished = [...before, own].filter(([end]) => end > published);
    const result = await this.lanes.commit({
      move,
      documents,
      size,
      unpublished,
      deadLetters,
      writes,
      images,
    });
    // Claimed anew meanwhile: what that read of the checkpoint holds.
    if (result.kind === 'committed' && this.claimed.get(partition) === before) this.claimed.set(partition, unpublished);
    return result;
  }

  async storedImages(partition: number): Promise<readonly StoredImages[]> {
    const found = await this.unflushed.find({ stream: this.options.stream, partition }).toArray();
    return found.map(({ _id, images }) => ({ id: _id, json: images }));
  }

  async forgetImages(ids: readonly string[]): Promise<void> {
    for (let i = 0; i < ids.length; i += FORGOTTEN_AT_ONCE)
      await this.unflushed.deleteMany({ _id: { $in: ids.slice(i, i + FORGOTTEN_AT_ONCE) } });
  }

  private async writeAll(session: ClientSession, commits: readonly Commit<W>[]): Promise<CommitResult> {
    const transaction = new TransactionWrites();
    // First, so that a fenced owner learns it before it has written anything.
    this.moveCheckpoints(transaction, commits);
    transaction.insert(
      this.entries,
      commits.flatMap(({ documents }) => documents),
    );
    const { stream } = this.options;
    const deadLetters = commits
      .flatMap((commit) => commit.deadLetters)
      .map(({ recordedAtMs, headers, ...rest }) => ({
        ...rest,
        stream,
        headers: Object.entries(headers),
        recordedAt: new Date(recordedAtMs),
      }));
    transaction.insert<mongo.Document>(this.deadLetters as never, deadLetters);
    const images = commits.flatMap(({ move: { partition }, images: stored }) =>
      stored.map(({ id, json }) => ({ _id: id, stream, partition, images: json })),
    );
    transaction.insert(this.unflushed, images);
    const { write, merge } = this.options;
    write(commits.length === 1 ? commits[0]!.writes : merge(commits.map(({ writes }) => writes)), transaction);
    try {
      await transaction.run(this.db, session, this.isJoint);
    } catch (error) {
      const isFenced = error instanceof MissingDocumentError && error.collection === this.checkpoints.collectionName;
      if (isFenced) return { kind: 'fenced' };
      if (error instanceof JointWritesRefusedError) this.isJoint = false;
      throw error;
    }
    return { kind: 'committed' };
  }

  private moveCheckpoints(transaction: TransactionWrites, commits: readonly Commit<W>[]): void {
    const updatedAt = new Date();
    transaction.update(
      this.checkpoints,
      commits.map(({ move: { partition, epoch, fromNext, next, published, newestMs }, unpublished }) => ({
        filter: { _id: this.checkpointId(partition), epoch, next: fromNext },
        update: { $set: { next, published, newestMs, updatedAt, unpublished: JSON.stringify(unpublished) } },
      })),
    );
  }

  layOut(
    { partition, epoch, next }: Pick<CheckpointMove, 'partition' | 'epoch' | 'next'>,
    entries: readonly LedgerEntry[],
  ): LaidOutEntries {
    const commit = `${this.checkpointId(partition)}/${epoch}/${next}`;
    const documents = entries.length > 0 ? this.layout.toDocuments(entries, commit) : [];
    return { documents: documents as readonly EntryDocument[], size: entries.length };
  }

  async findEntries(ids: readonly string[]): Promise<ReadonlyMap<string, LedgerEntry>> {
    const found = new Map<string, LedgerEntry>();
    const { holding, toEntries } = this.layout;
    const wanted = new Set(ids);
    for (let i = 0; i < ids.length; i += 1000)
      for await (const document of this.entries.find(holding(ids.slice(i, i + 1000))))
        for (const entry of toEntries(document, wanted)) found.set(entry._id, entry);
    return found;
  }

  async unpublishedEntries(partition: number, from: number, to: number): Promise<readonly LedgerEntry[]> {
    const checkpoint = await this.checkpoints.findOne({ _id: this.checkpointId(partition) });
    if (!checkpoint) return [];
    const ids = notedIn(checkpoint).flatMap(([, documentIds]) => documentIds);
    const last: LedgerEntry[] = [];
    for (let i = 0; i < ids.length; i += 1000)
      for await (const document of this.entries.find({ _id: { $in: ids.slice(i, i + 1000) } }))
        last.push(...this.layout.toEntries(document));
    const isWanted = ({ offset }: LedgerEntry) => offset >= from && offset < to;
    return last.filter(isWanted).sort((a, b) => a.offset - b.offset);
  }

  async deadLettersBetween(partition: number, from: number, to: number): Promise<readonly DeadLetter[]> {
    const { stream } = this.options;
    const found = await this.deadLetters
      .find({ stream, partition, offset: { $gte: from, $lt: to } })
      .sort({ offset: 1 })
      .toArray();
    return found.map(toDeadLetter);
  }
}
