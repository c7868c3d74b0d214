import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CatalogRepository, CatalogWrites } from '../catalog.repository.js';
import type { CatalogEntry } from '../domain/catalog-entry.js';

export interface CatalogUnderTest {
  readonly repository: Pick<CatalogRepository, 'findEntries' | 'findExisting'>;
  /** In a transaction of its own. */
  readonly write: (writes: CatalogWrites) => Promise<void>;
}

/** What the handler of changes needs of every store of the catalog. Each call of `setUp` gives an empty one. */
export function describeCatalogRepository(name: string, setUp: () => Promise<CatalogUnderTest>): void {
  describe(`catalog entries: ${name}`, () => {
    let under: CatalogUnderTest;
    beforeEach(async () => {
      under = await setUp();
    });
    const tea: CatalogEntry = {
      kind: 'products',
      code: 'tea',
      version: 7,
      updatedAtMs: 1_700_000_000_000,
      entity: { sku: 'tea', name: 'Green tea', attributes: { leaf: 'whole' } },
    };
    const lyon: CatalogEntry = { ...tea, kind: 'locations', code: 'tea', entity: { code: 'tea', name: 'Lyon' } };
    const asked = new Map([
      ['products', ['tea', 'nothing']],
      ['locations', ['tea']],
    ] as const);

    it('finds entries by kind and code', async () => {
      await under.write({ inserted: [tea, lyon], replaced: [] });
      expect(await under.repository.findEntries(asked)).toEqual(
        new Map([
          ['products/tea', tea],
          ['locations/tea', lyon],
        ]),
      );
      expect(await under.repository.findEntries(new Map())).toEqual(new Map());
    });

    it('keeps what was removed as a version that does not exist', async () => {
      const removed = { ...tea, version: 9, entity: null };
      await under.write({ inserted: [tea, lyon], replaced: [] });
      await under.write({ inserted: [], replaced: [removed] });
      expect((await under.repository.findEntries(asked)).get('products/tea')).toEqual(removed);
      expect(await under.repository.findExisting(asked)).toEqual(new Set(['locations/tea']));
    });

    it('inserts no code a second time, and writes nothing then', async () => {
      await under.write({ inserted: [tea], replaced: [] });
      const again = under.write({ inserted: [lyon, { ...tea, version: 8 }], replaced: [] });
      await expect(again).rejects.toThrow(/E11000|duplicate/i);
      expect(await under.repository.findEntries(asked)).toEqual(new Map([['products/tea', tea]]));
    });
  });
}
