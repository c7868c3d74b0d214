import type { StoredImages } from '../image.js';
import type {
  CheckpointMove,
  Claim,
  CommitResult,
  DeadLetter,
  LaidOutEntries,
  LedgerEntry,
  PartitionStore,
} from '../stream.js';

interface Checkpoint {
  epoch: number;
  next: number;
  published: number;
  newestMs: number;
  generation: number;
}

export interface CommitFaults {
  /**
   * May wait (the transaction is under way while others claim) or reject (nothing is written). `records` = of how many
   * different ones it holds something.
   */
  beforeApply?: (move: CheckpointMove, records: number) => Promise<void> | void;
  /** Rejects: the transaction was committed, its reply is lost. */
  afterApply?: (move: CheckpointMove) => Promise<void> | void;
  images?: ImageFaults;
}

/** Stored images are read and forgotten one after the other, while others do the same. */
export interface ImageFaults {
  /** In which order; a server promises none. */
  order: <T>(images: readonly T[]) => readonly T[];
  /** Before each of them. May wait; rejects where forgetting breaks off: the ones before are gone, the others stay. */
  beforeRead: () => Promise<void> | void;
  beforeForget: () => Promise<void> | void;
}

export interface CommittedBatch {
  readonly move: CheckpointMove;
  readonly entries: readonly LedgerEntry[];
  readonly deadLetters: readonly DeadLetter[];
}

/** The database of all instances: checkpoints, entries, dead letters and the handlers' documents, kept atomically. */
export class SimulatedDatabase<W> {
  readonly checkpoints = new Map<number, Checkpoint>();
  readonly entries = new Map<string, LedgerEntry>();
  readonly deadLetters = new Map<string, DeadLetter>();
  readonly images = new Map<string, { readonly json: string; readonly partition: number }>();
  commits = 0;
  /** What was committed, in order: what an oracle reads. */
  readonly log: CommittedBatch[] = [];

  /**
   * `write` applies a handler's writes; it must not fail half-way. `takenIn` = an id that it would make though it is
   * there, as a unique index finds it.
   */
  constructor(
    readonly write: (writes: W) => void,
    readonly takenIn: (writes: W) => string | undefined = () => undefined,
  ) {}

  connect(faults: CommitFaults = {}): PartitionStore<W> {
    return new SimulatedStore(this, faults);
  }
}

/** One process's view of the database: a transaction applies whole, at one moment, or not at all. */
class SimulatedStore<W> implements PartitionStore<W> {
  constructor(
    private readonly database: SimulatedDatabase<W>,
    private readonly faults: CommitFaults,
  ) {}

  async claim(partition: number): Promise<Claim> {
    const { checkpoints } = this.database;
    const before = checkpoints.get(partition) ?? { epoch: 0, next: -1, published: -1, newestMs: -1, generation: 1 };
    const claimed = { ...before, epoch: before.epoch + 1 };
    checkpoints.set(partition, claimed);
    const unpublished = this.unpublished(partition).map(({ move: { next, newestMs } }) => ({ next, newestMs }));
    return { ...claimed, unpublished };
  }

  layOut(_: unknown, entries: readonly LedgerEntry[]): LaidOutEntries {
    return { documents: entries, size: entries.length };
  }

  async commit(
    move: CheckpointMove,
    decided: LaidOutEntries | readonly LedgerEntry[],
    deadLetters: readonly DeadLetter[],
    writes: W,
    images: readonly StoredImages[] = [],
  ): Promise<CommitResult> {
    const entries = ('documents' in decided ? decided.documents : decided) as readonly LedgerEntry[];
    await this.faults.beforeApply?.(move, new Set([...entries, ...deadLetters].map(({ offset }) => offset)).size);
    const { checkpoints, entries: stored, deadLetters: letters, write, takenIn } = this.database;
    const checkpoint = checkpoints.get(move.partition);
    if (checkpoint?.epoch !== move.epoch || checkpoint.next !== move.fromNext) return { kind: 'fenced' };
    const ids = [...entries, ...deadLetters].map(({ _id }) => _id);
    const isTaken = (id: string, i: number) => stored.has(id) || letters.has(id) || ids.indexOf(id) !== i;
    const taken = ids.find(isTaken) ?? takenIn(writes);
    if (taken !== undefined) return { kind: 'duplicate', detail: taken };
    const { next, published, newestMs } = move;
    checkpoints.set(move.partition, { ...checkpoint, next, published, newestMs });
    for (const entry of entries) stored.set(entry._id, entry);
    for (const letter of deadLetters) letters.set(letter._id, letter);
    for (const each of images) this.database.images.set(each.id, { json: each.json, partition: move.partition });
    write(writes);
    this.database.commits++;
    this.database.log.push({ move, entries, deadLetters });
    await this.faults.afterApply?.(move);
    return { kind: 'committed' };
  }

  async storedImages(partition: number): Promise<readonly StoredImages[]> {
    const { images } = this.database;
    const own = [...images].flatMap(([id, each]) => (each.partition === partition ? [id] : []));
    const found: StoredImages[] = [];
    for (const id of this.faults.images?.order(own) ?? own) {
      await this.faults.images?.beforeRead();
      const image = images.get(id);
      if (image) found.push({ id, json: image.json });
    }
    return found;
  }

  async forgetImages(ids: readonly string[]): Promise<void> {
    for (const id of this.faults.images?.order(ids) ?? ids) {
      await this.faults.images?.beforeForget();
      this.database.images.delete(id);
    }
  }

  async findEntries(ids: readonly string[]): Promise<ReadonlyMap<string, LedgerEntry>> {
    const { entries } = this.database;
    return new Map(ids.flatMap((id) => (entries.has(id) ? [[id, entries.get(id)!] as const] : [])));
  }

  async unpublishedEntries(partition: number, from: number, to: number): Promise<readonly LedgerEntry[]> {
    return inRange(
      this.unpublished(partition).flatMap(({ entries }) => entries),
      partition,
      from,
      to,
    );
  }

  private unpublished(partition: number): readonly CommittedBatch[] {
    const own = this.database.log.filter(({ move }) => move.partition === partition);
    const published = own.at(-1)?.move.published ?? -1;
    return own.filter(({ move }) => move.next > published);
  }

  async deadLettersBetween(partition: number, from: number, to: number): Promise<readonly DeadLetter[]> {
    return inRange(this.database.deadLetters.values(), partition, from, to);
  }
}

const inRange = <T extends { partition: number; offset: number }>(
  all: Iterable<T>,
  partition: number,
  from: number,
  to: number,
): T[] =>
  [...all]
    .filter((one) => one.partition === partition && one.offset >= from && one.offset < to)
    .sort((a, b) => a.offset - b.offset);
