import type { CatalogKind } from '@shelfline/contracts/catalog';
import { catalogKey } from '@shelfline/contracts/catalog-outcome';
import type { CatalogWrites } from '../catalog.repository.js';
import type { CatalogEntry } from '../domain/catalog-entry.js';

/** What is committed, as the database would hold it. Passes catalog-repository.contract.ts. */
export class MemoryCatalogRepository {
  /** By `kind/code`; removed ones stay. */
  readonly entries = new Map<string, CatalogEntry>();

  async findEntries(keys: ReadonlyMap<CatalogKind, readonly string[]>): Promise<Map<string, CatalogEntry>> {
    const found = new Map<string, CatalogEntry>();
    for (const [kind, codes] of keys)
      for (const code of codes) {
        const entry = this.entries.get(catalogKey(kind, code));
        if (entry) found.set(catalogKey(kind, code), entry);
      }
    return found;
  }

  async findExisting(keys: ReadonlyMap<CatalogKind, readonly string[]>): Promise<Set<string>> {
    const found = await this.findEntries(keys);
    return new Set([...found].flatMap(([key, { entity }]) => (entity === null ? [] : [key])));
  }

  write({ inserted, replaced }: CatalogWrites): void {
    for (const { kind, code } of inserted)
      if (this.entries.has(catalogKey(kind, code))) throw new Error(`E11000 duplicate key: ${kind} has ${code}`);
    for (const entry of inserted) this.entries.set(catalogKey(entry.kind, entry.code), entry);
    for (const entry of replaced) {
      const key = catalogKey(entry.kind, entry.code);
      if (this.entries.has(key)) this.entries.set(key, entry);
    }
  }
}
