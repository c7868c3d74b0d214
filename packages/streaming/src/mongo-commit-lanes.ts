import type { ClientSession, Connection, mongo } from 'mongoose';
import type { CheckpointMove, CommitResult, DeadLetter, LedgerEntry } from './stream.js';

/** What one partition's batch commits. */
export interface Commit<W> {
  readonly move: CheckpointMove;
  readonly entries: readonly LedgerEntry[];
  readonly deadLetters: readonly DeadLetter[];
  readonly writes: W;
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
/** What several partitions put into one transaction: as much as one alone may. */
const MAX_SHARED_ENTRIES = 2000;
/** On a majority's disks. */
export const DURABLE = { w: 'majority', j: true } as const;
/** A transaction must end well before the group's session does. */
const COMMIT_TIMEOUT_MS = 8000;
const COMMIT_RETRY_DELAY_MS = 50;
const DUPLICATE_KEY = 11000;

const hasLabel = (error: unknown, label: string): boolean =>
  typeof (error as { hasErrorLabel?: unknown }).hasErrorLabel === 'function' &&
  (error as { hasErrorLabel(name: string): boolean }).hasErrorLabel(label);

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
  /** A commit's or an abort's outcome is not known: the server may hold its locks. */
  private unsettled = false;

  constructor(private readonly options: CommitLanesOptions<W>) {
    const client = options.connection.getClient();
    this.sessions = Array.from({ length: LANES }, () => client.startSession() as unknown as ClientSession);
    this.idle = [...this.sessions];
  }

  /** Whoever takes a partition over after this process ends what these left open. */
  get sessionIds(): readonly mongo.Binary[] {
    return this.sessions.map((session) => session.id!.id as unknown as mongo.Binary);
  }

  /** Whether a transaction of this process may still be open though nobody waits for it. Asking settles it. */
  takeUnsettled(): boolean {
    const { unsettled } = this;
    this.unsettled = false;
    return unsettled;
  }

  commit(commit: Commit<W>): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...commit, resolve, reject });
      const session = this.idle.pop();
      // Whoever else has decided in this turn joins the transaction.
      if (session) setImmediate(() => void this.run(session));
    });
  }

  private async run(session: ClientSession): Promise<void> {
    while (this.waiting.length > 0) await this.settle(session, this.take());
    this.idle.push(session);
  }

  private take(): Waiting<W>[] {
    let entries = 0;
    let count = 0;
    for (const { entries: own } of this.waiting) {
      entries += own.length;
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
      if (shared.kind === 'unknown') {
        for (const { reject } of group) reject(shared.error);
        return;
      }
    }
    for (const one of group) {
      const result = await this.attempt(session, [one]);
      if (result.kind === 'failed' || result.kind === 'unknown') one.reject(result.error);
      else one.resolve(result);
    }
  }

  /** Never rejects. */
  private async attempt(session: ClientSession, group: readonly Commit<W>[]): Promise<CommitResult | Failure> {
    let committing = false;
    try {
      session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: DURABLE });
      const result = await this.options.writeAll(session, group);
      if (result.kind !== 'committed') {
        await this.abort(session);
        return result;
      }
      committing = true;
      await this.commitTransaction(session);
      return result;
    } catch (error) {
      if (session.inTransaction()) await this.abort(session);
      if (isDuplicateKey(error)) return { kind: 'duplicate', detail: (error as Error).message };
      if (committing) this.unsettled = true;
      return { kind: committing ? 'unknown' : 'failed', error: error as Error };
    }
  }

  private async abort(session: ClientSession): Promise<void> {
    await session.abortTransaction().catch(() => {
      this.unsettled = true;
    });
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
