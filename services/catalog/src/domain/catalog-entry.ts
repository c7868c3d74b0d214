import type { CatalogKind } from '@shelfline/contracts/catalog';

/** An entity as others may read it: checked, defaults filled in, without the catalog's own fields. */
export type Entity = Readonly<Record<string, unknown>>;

/** What the catalog holds of a code. A removed one stays as a version without entity, so that versions never fall. */
export interface CatalogEntry {
  readonly kind: CatalogKind;
  readonly code: string;
  /** See `versionOf` in contracts: grows with every change of the code, removal and return included. */
  readonly version: number;
  /** Append time of the record that made the change; ms UTC. */
  readonly updatedAtMs: number;
  readonly entity: Entity | null;
}

/** Fields the catalog adds when it answers; sent back by a client that edits what it read, they are left out. */
export const OWN_FIELDS: readonly string[] = ['version', 'updatedAt'];
