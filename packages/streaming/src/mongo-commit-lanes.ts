import type { ClientSession, Connection, mongo } from 'mongoose';
import { isPassing } from './errors.js';
import type { StoredImages } from './image.js';
import type { Noted } from './mongo-documents.js';
import type { CheckpointMove, CommitResult, DeadLetter } from './stream.js';

/** Holds entries, in whatever layout. */
export interface EntryDocument {
  readonly _id: string;
}
/** What one partition's batch commits. */
export interface Commit<W> {
  readonly move: CheckpointMove;
  readonly documents: readonly EntryDocument[];
  /** Entries in them. */
  readonly size: number;
  /** What the checkpoint notes. */
  readonly unpublished: readonly Noted[];
  readonly deadLetters: readonly DeadLetter[];
  readonly writes: W;
  readonly images: readonly StoredImages[];
}
interface Waiting<W> extends Commit<W> {
  resolve(result: CommitResult): void;
  reject(error: Error): void;
}

/** `failed`: nothing of it stays. `unknown`: it may have been committed. */
type Failure = { readonly kind: 'failed'; readonly error: Error } | { readonly kind: 'unknown'; readonly error: Error };

export interface CommitLanesOptions<W> {
  readonly connection: Connection;
  /** Writes all of them within the session's transaction; one that cannot be written spoils it for all. */
  readonly writeAll: (session: ClientSession, commits: readonly Commit<W>[]) => Promise<CommitResult>;
}

/** Two, so that one transaction's documents are prepared while the other one's are written. */
const LANES = 2;
/**
 * Fewer entries wait for the transaction that is under way, as what is ready by then shares the next one: of two small
 * ones at once each costs its trips.
 */
const WORTH_A_SECOND = 100;
/** One that takes longer holds up nobody else: its connection may have gone silent. */
const PATIENCE_MS = 100;
/** What several partitions put into one transaction: as much as one alone may. */
const MAX_SHARED_ENTRIES = 2000;
/** Nothing is decided by what these transactions read; and SecantusDB's `bulkWrite` refuses to wait for a time. */
const WRITES_ONLY = { causalConsistency: false } as const;
/** On a majority's disks. */
export const DURABLE = { w: 'majority', j: true } as const;
/** A transaction must end well before the group's session does. */
const COMMIT_TIMEOUT_MS = 8000;
const COMMIT_RETRY_DELAY_MS = 50;
/** A takeover of any partition aborts what this process has open; whoever is aborted by it tries again at once. */
const ABORTED_ATTEMPTS = 3;
const DUPLICATE_KEY = 11000;

const hasLabel = (error: unknown, label: string): boolean =>
  typeof (error as { hasErrorLabel?: unknown }).hasErrorLabel === 'function' &&
  (error as { hasErrorLabel(name: string): boolean }).hasErrorLabel(label);

/** Interrupted: the session was killed. */
const INTERRUPTED = 11601;
const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;
/** The server did not answer, or was not asked: nobody here knows what it did. */
const isUnanswered = (error: unknown): boolean => typeof codeOf(error) !== 'number' && isPassing(error);
/** Nothing of the transaction stays. */
const wasAborted = (error: unknown): boolean =>
  !isUnanswered(error) && (hasLabel(error, 'TransientTransactionError') || codeOf(error) === INTERRUPTED);

export const idOf = (session: ClientSession): mongo.Binary => session.id!.id as unknown as mongo.Binary;
export const isSame = (a: mongo.Binary, b: mongo.Binary): boolean => Buffer.compare(a.buffer, b.buffer) === 0;

export const isDuplicateKey = (error: unknown): boolean => {
  const { code, writeErrors } = error as { code?: unknown; writeErrors?: unknown };
  if (code === DUPLICATE_KEY) return true;
  const errors = Array.isArray(writeErrors) ? (writeErrors as { code?: unknown }[]) : [];
  return errors.length > 0 && errors.every((e) => e.code === DUPLICATE_KEY);
};

/**
 * Group commit: partitions of this process whose batches are decided at the same time share one transaction, as its
 * round trips and its journal write cost the same for one as for twelve. Each partition's checkpoint is still compared
 * and moved on its own. Sharing is only ever the first attempt: when one of them is fenced or has a duplicate, nothing
 * of the shared transaction stays, and each is committed alone and answered for itself.
 */
export class CommitLanes<W> {
  private readonly waiting: Waiting<W>[] = [];
  private readonly sessions: readonly ClientSession[];
  private readonly idle: ClientSession[];
  private patience: NodeJS.Timeout | undefined;
  /** The server's answer is missing: it may hold locks for a transaction that nobody here waits for. */
  private readonly unsettled = new Set<ClientSession>();

  constructor(private readonly options: CommitLanesOptions<W>) {
    const client = options.connection.getClient();
    this.sessions = Array.from({ length: LANES }, () => client.startSession(WRITES_ONLY) as unknown as ClientSession);
    this.idle = [...this.sessions];
  }

  /** Whoever takes a partition over after this process ends what these left open. */
  get sessionIds(): readonly mongo.Binary[] {
    return this.sessions.map(idOf);
  }

  /** Those of this process's own sessions that may still have a transaction open though nobody waits for it. */
  get unsettledIds(): readonly mongo.Binary[] {
    return [...this.unsettled].map(idOf);
  }

  /** The server has ended whatever these had open. */
  settled(ids: readonly mongo.Binary[]): void {
    for (const session of this.unsettled)
      if (ids.some((id) => isSame(id, idOf(session)))) this.unsettled.delete(session);
  }

  commit(commit: Commit<W>): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...commit, resolve, reject });
      const isIdle = this.idle.length === LANES;
      if (isIdle || this.waitingEntries() >= WORTH_A_SECOND) this.begin();
      else this.patience ??= setTimeout(() => this.losePatience(), PATIENCE_MS).unref();
    });
  }

  private async run(session: ClientSession): Promise<void> {
    while (this.waiting.length > 0) await this.settle(session, this.take());
    this.idle.push(session);
  }

  private begin(): void {
    const session = this.idle.pop();
    // Whoever else has decided in this turn joins the transaction.
    if (session) setImmediate(() => void this.run(session));
  }

  private losePatience(): void {
    this.patience = undefined;
    if (this.waiting.length > 0) this.begin();
  }

  private waitingEntries(): number {
    return this.waiting.reduce((sum, { size }) => sum + size, 0);
  }

  private take(): Waiting<W>[] {
    let entries = 0;
    let count = 0;
    for (const { size } of this.waiting) {
      entries += size;
      if (count > 0 && entries > MAX_SHARED_ENTRIES) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async settle(session: ClientSession, group: readonly Waiting<W>[]): Promise<void> {
    if (group.length > 1) {
      const shared = await this.attempt(session, group);
      if (shared.kind === 'committed') {
        for (const { resolve } of group) resolve(shared);
        return;
      }
      // Where the database does not answer, one after the other would wait for it in vain.
      if (shared.kind === 'unknown' || (shared.kind === 'failed' && isUnanswered(shared.error))) {
        for (const { reject } of group) reject(shared.error);
        return;
      }
    }
    for (const one of group) {
      const result = await this.attemptAlone(session, one);
      if (result.kind === 'failed' || result.kind === 'unknown') one.reject(result.error);
      else one.resolve(result);
    }
  }

  /** What the server aborted has changed nothing, and the checkpoint is compared again. */
  private async attemptAlone(session: ClientSession, one: Waiting<W>): Promise<CommitResult | Failure> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.attempt(session, [one]);
      if (result.kind !== 'failed' || !wasAborted(result.error) || attempt >= ABORTED_ATTEMPTS) return result;
    }
  }

  /** Never rejects. */
  private async attempt(session: ClientSession, group: readonly Commit<W>[]): Promise<CommitResult | Failure> {
    let committing = false;
    try {
      session.startTransaction({ readPreference: 'primary', writeConcern: DURABLE });
      const result = await this.options.writeAll(session, group);
      if (result.kind !== 'committed') {
        await this.abort(session);
        return result;
      }
      committing = true;
      await this.commitTransaction(session);
      this.unsettled.delete(session);
      return result;
    } catch (error) {
      // The driver's abort sends nothing where the first answer is missing, and tells nobody when its own is.
      if (isUnanswered(error)) this.unsettled.add(session);
      if (session.inTransaction()) await this.abort(session);
      if (isDuplicateKey(error)) return { kind: 'duplicate', detail: (error as Error).message };
      return { kind: committing && !wasAborted(error) ? 'unknown' : 'failed', error: error as Error };
    }
  }

  private async abort(session: ClientSession): Promise<void> {
    await session.abortTransaction().catch(() => this.unsettled.add(session));
  }

  /** A lost reply is asked for again; when that fails too, the caller claims anew and reads what became of it. */
  private async commitTransaction(session: ClientSession): Promise<void> {
    const deadline = Date.now() + COMMIT_TIMEOUT_MS;
    for (;;) {
      try {
        await session.commitTransaction();
        return;
      } catch (error) {
        if (!hasLabel(error, 'UnknownTransactionCommitResult') || Date.now() >= deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, COMMIT_RETRY_DELAY_MS));
      }
    }
  }
}
