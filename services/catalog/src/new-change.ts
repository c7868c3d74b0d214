import { randomUUID } from 'node:crypto';
import type { CatalogChange, CatalogKind } from '@shelfline/contracts/catalog';
import type { FieldNote } from '@shelfline/contracts/catalog-outcome';
import { checkEntity } from './domain/check-entity.js';

/** CloudEvents-like source of changes that came by this service's REST. */
const REST_SOURCE = 'catalog-rest';

export type NewChange =
  | { readonly ok: true; readonly change: CatalogChange }
  | { readonly ok: false; readonly errors: readonly FieldNote[] };

/**
 * A change ready for the topic. What the decision would refuse for its content is refused here already: an entity too
 * large for a record would otherwise fail the request of everything sent with it.
 */
export function newChange(
  kind: CatalogKind,
  code: string,
  entity: Readonly<Record<string, unknown>> | null,
  expectedVersion?: number,
): NewChange {
  const checked = entity === null ? undefined : checkEntity(kind, code, entity);
  if (checked && !checked.ok) return checked;
  return {
    ok: true,
    change: {
      id: randomUUID(),
      source: REST_SOURCE,
      kind,
      code,
      entity: checked ? checked.entity : null,
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
    },
  };
}
