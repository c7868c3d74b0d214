import {
  type ImportProgress,
  type ImportRecord,
  type ImportState,
  type ImportsRepository,
  NO_PROGRESS,
} from '../imports.repository.js';

interface Stored {
  record: ImportRecord;
  leaseOwner: string | null;
  leasedAtMs: number | null;
}
type NewImport = Parameters<ImportsRepository['create']>[0];

/** What is stored, as the database would hold it. Passes imports-repository.contract.ts. */
export class MemoryImportsRepository {
  readonly imports = new Map<string, Stored>();

  /** `nowMs`: the database's clock, not that of whoever asks. */
  constructor(private readonly nowMs: () => number) {}

  async create(record: NewImport): Promise<void> {
    if (this.imports.has(record.id)) throw new Error(`E11000 duplicate key: ${record.id}`);
    const stored = { ...record, ...NO_PROGRESS, state: 'running' as const, attempts: 0 };
    this.imports.set(record.id, { record: stored, leaseOwner: null, leasedAtMs: null });
  }

  async find(id: string): Promise<ImportRecord | undefined> {
    return this.imports.get(id)?.record;
  }

  async claim(owner: string, leaseMs: number): Promise<ImportRecord | undefined> {
    const silentBeforeMs = this.nowMs() - leaseMs;
    const claimable = [...this.imports.values()]
      .filter(({ record }) => record.state === 'running')
      .filter(
        ({ leaseOwner, leasedAtMs }) => leasedAtMs === null || leasedAtMs < silentBeforeMs || leaseOwner === owner,
      );
    const oldest = claimable.toSorted((a, b) => (a.record.id < b.record.id ? -1 : 1))[0];
    if (!oldest) return undefined;
    oldest.leaseOwner = owner;
    oldest.leasedAtMs = this.nowMs();
    oldest.record = { ...oldest.record, attempts: oldest.record.attempts + 1 };
    return oldest.record;
  }

  async renew(id: string, owner: string): Promise<boolean> {
    return this.change(id, owner, (stored) => {
      stored.leasedAtMs = this.nowMs();
    });
  }

  async save(id: string, owner: string, progress: ImportProgress): Promise<boolean> {
    return this.change(id, owner, (stored) => {
      stored.record = { ...stored.record, ...progress, attempts: 0 };
      stored.leasedAtMs = this.nowMs();
    });
  }

  async finish(id: string, owner: string, state: ImportState, finishedAt: Date, detail?: string): Promise<boolean> {
    return this.change(id, owner, (stored) => {
      stored.record = { ...stored.record, state, finishedAt, ...(detail === undefined ? {} : { detail }) };
      stored.leaseOwner = null;
      stored.leasedAtMs = null;
    });
  }

  async release(id: string, owner: string): Promise<void> {
    this.change(id, owner, (stored) => {
      stored.leaseOwner = null;
      stored.leasedAtMs = null;
    });
  }

  private change(id: string, owner: string, apply: (stored: Stored) => void): boolean {
    const stored = this.imports.get(id);
    if (stored?.record.state !== 'running' || stored.leaseOwner !== owner) return false;
    apply(stored);
    return true;
  }
}
