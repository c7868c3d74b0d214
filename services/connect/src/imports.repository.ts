import type { FilePlace } from '@shelfline/contracts/pos-line';
import { databaseOf } from '@shelfline/streaming/mongo-partition-store';
import { type Connection, type QueryFilter, Schema } from 'mongoose';
import type { ImportKind, ImportOptions } from './domain/import-kinds.js';

export type ImportState = 'running' | 'completed' | 'failed';

/** What is done of a file, durable together: everything before `place` is on its topic or in the rejected rows. */
export interface ImportProgress {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Start of the next row. */
  readonly place: FilePlace;
  /** Where reading begins so that the row reader is in its state at `place`. */
  readonly reread: FilePlace;
  /** Length of the file of rejected rows; what stands beyond was not saved and is written anew. */
  readonly rejectedBytes: number;
  /** Known once its header was read; absent where there are none. */
  readonly ignoredColumns?: readonly string[];
}
export interface ImportRecord extends ImportProgress {
  readonly id: string;
  readonly kind: ImportKind;
  readonly options: ImportOptions;
  readonly state: ImportState;
  readonly bytes: number;
  readonly startedAt: Date;
  readonly finishedAt?: Date;
  readonly detail?: string;
  /** Takeovers since the last progress. */
  readonly attempts: number;
}
type ImportDocument = Omit<ImportRecord, 'id'> & { _id: string; leaseOwner: string | null; leasedAt: Date | null };
type NewImport = Pick<ImportRecord, 'id' | 'kind' | 'options' | 'bytes' | 'startedAt'>;

const place = { byte: Number, line: Number };
const importSchema = new Schema<ImportDocument>(
  {
    _id: String,
    kind: { type: String, required: true },
    options: { source: String, locationPrefix: String, timeZone: String },
    state: { type: String, required: true },
    rows: Number,
    accepted: Number,
    rejected: Number,
    place,
    reread: place,
    rejectedBytes: Number,
    ignoredColumns: { type: [String], default: undefined },
    bytes: Number,
    startedAt: Date,
    finishedAt: Date,
    detail: String,
    attempts: Number,
    leaseOwner: { type: String, default: null },
    leasedAt: { type: Date, default: null },
  },
  {
    autoIndex: false,
    versionKey: false,
    id: false,
    collection: 'imports',
    strictQuery: 'throw',
    minimize: false,
    writeConcern: { w: 'majority', j: true },
  },
).index({ state: 1, _id: 1 });

export const NO_PROGRESS: ImportProgress = {
  rows: 0,
  accepted: 0,
  rejected: 0,
  place: { byte: 0, line: 1 },
  reread: { byte: 0, line: 1 },
  rejectedBytes: 0,
};

/**
 * Imports and who works on them. A worker that lost its lease can no longer save. Leases run by the database's clock: a
 * worker whose own is hours ahead would otherwise leave an import that nobody takes over for hours.
 */
export class ImportsRepository {
  private readonly imports;

  constructor(private readonly connection: Connection) {
    this.imports = connection.model('Import', importSchema);
  }

  async prepare(): Promise<void> {
    await this.imports.createCollection();
    await this.imports.createIndexes();
  }

  async create(record: NewImport): Promise<void> {
    const { id, ...rest } = record;
    await this.imports.create({ ...rest, ...NO_PROGRESS, _id: id, state: 'running', attempts: 0 });
  }

  async find(id: string): Promise<ImportRecord | undefined> {
    const document = await this.imports.findById(id).lean<ImportDocument>();
    return document ? recordOf(document) : undefined;
  }

  /** Newest first, beginning after `cursor`. */
  async list(limit: number, cursor?: string): Promise<ImportRecord[]> {
    const documents = await this.imports
      .find(cursor === undefined ? {} : { _id: { $lt: cursor } })
      .sort({ _id: -1 })
      .limit(limit)
      .lean<ImportDocument[]>();
    return documents.map(recordOf);
  }

  /** The oldest import nobody works on, now leased to `owner`; also one that the owner left itself. */
  async claim(owner: string, leaseMs: number): Promise<ImportRecord | undefined> {
    const silentBefore = new Date((await this.databaseNowMs()) - leaseMs);
    const document = await this.imports
      .findOneAndUpdate(
        { state: 'running', $or: [{ leasedAt: null }, { leasedAt: { $lt: silentBefore } }, { leaseOwner: owner }] },
        { $set: { leaseOwner: owner }, $currentDate: { leasedAt: true }, $inc: { attempts: 1 } },
        { sort: { _id: 1 }, returnDocument: 'after' },
      )
      .lean<ImportDocument>();
    return document ? recordOf(document) : undefined;
  }

  renew(id: string, owner: string): Promise<boolean> {
    return this.update(held(id, owner), { $currentDate: { leasedAt: true } });
  }

  /** Renews the lease too. False when the import was cancelled or taken over: then nothing was saved. */
  save(id: string, owner: string, progress: ImportProgress): Promise<boolean> {
    return this.update(held(id, owner), { $set: { ...progress, attempts: 0 }, $currentDate: { leasedAt: true } });
  }

  finish(id: string, owner: string, state: ImportState, finishedAt: Date, detail?: string): Promise<boolean> {
    return this.update(held(id, owner), {
      $set: { state, finishedAt, leaseOwner: null, leasedAt: null, ...(detail === undefined ? {} : { detail }) },
    });
  }

  async release(id: string, owner: string): Promise<void> {
    await this.update(held(id, owner), { $set: { leaseOwner: null, leasedAt: null } });
  }

  /** False when it was not running. */
  cancel(id: string, finishedAt: Date, detail: string): Promise<boolean> {
    return this.update(
      { _id: id, state: 'running' },
      { $set: { state: 'failed', finishedAt, detail, leaseOwner: null, leasedAt: null } },
    );
  }

  private async databaseNowMs(): Promise<number> {
    const { localTime } = await databaseOf(this.connection).command({ hello: 1 });
    return (localTime as Date).getTime();
  }

  private async update(filter: QueryFilter<ImportDocument>, change: object): Promise<boolean> {
    const { matchedCount } = await this.imports.updateOne(filter, change);
    return matchedCount === 1;
  }
}

const held = (id: string, owner: string) => ({ _id: id, state: 'running' as const, leaseOwner: owner });
const recordOf = ({ _id, ...rest }: ImportDocument): ImportRecord => ({ ...rest, id: _id });
