import type { CatalogKind, Channel, Location, Organisation } from '@shelfline/contracts/catalog';
import type { FieldNote } from '@shelfline/contracts/catalog-outcome';
import type { Entity } from './catalog-entry.js';

export interface Reference {
  readonly field: string;
  readonly kind: CatalogKind;
  readonly code: string;
}

/** Codes of other entities that this one names. */
export function referencesOf(kind: CatalogKind, entity: Entity): Reference[] {
  switch (kind) {
    case 'products':
      return [];
    case 'locations': {
      const { organisation } = entity as Location;
      return organisation === undefined ? [] : [{ field: 'organisation', kind: 'organisations', code: organisation }];
    }
    case 'channels':
      return (entity as Channel).pools.flatMap(({ locations = [] }, pool) =>
        locations.map((code, i): Reference => ({ field: `pools[${pool}].locations[${i}]`, kind: 'locations', code })),
      );
    case 'organisations': {
      const { parent } = entity as Organisation;
      return parent === undefined ? [] : [{ field: 'parent', kind: 'organisations', code: parent }];
    }
    default:
      return kind satisfies never;
  }
}

const LISTED = 20;

/**
 * A reference to what the catalog does not know is taken: systems load in any order, and the name may arrive later.
 * It is told, since a mistyped location in a pool would silently sell nothing.
 */
export function unknownReferences(
  references: readonly Reference[],
  exists: (kind: CatalogKind, code: string) => boolean,
): FieldNote[] {
  const unknown = references.filter(({ kind, code }) => !exists(kind, code));
  const notes = unknown.slice(0, LISTED).map(({ field, kind, code }) => ({
    field,
    code: 'unknown_reference',
    detail: `${kind} has no ${code} yet`,
  }));
  if (unknown.length > LISTED)
    notes.push({ field: '', code: 'unknown_reference', detail: `and ${unknown.length - LISTED} more` });
  return notes;
}
