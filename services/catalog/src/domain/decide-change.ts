import { canonicalJson } from '@shelfline/contracts/canonical-json';
import type { CatalogChange, CatalogKind } from '@shelfline/contracts/catalog';
import type { CatalogOutcome, FieldNote } from '@shelfline/contracts/catalog-outcome';
import type { CatalogEntry, Entity } from './catalog-entry.js';
import { checkEntity } from './check-entity.js';
import { referencesOf, unknownReferences } from './references.js';

export interface ChangeContext {
  /** Version the change gets if it is applied. */
  readonly version: number;
  readonly nowMs: number;
  readonly exists: (kind: CatalogKind, code: string) => boolean;
}

export interface DecidedChange {
  readonly outcome: CatalogOutcome;
  /** What is to be stored and published; undefined = nothing changed. */
  readonly entry?: CatalogEntry;
}

/** Puts, replaces or removes one entity. A refusal is an outcome like any other, with the version that stands. */
export function decideChange(
  change: CatalogChange,
  current: CatalogEntry | undefined,
  context: ChangeContext,
): DecidedChange {
  const conflict = versionConflict(change, current);
  if (conflict) return refused(change, current, [conflict]);
  if (change.entity === null) return decideRemoval(change, current, context);
  const checked = checkEntity(change.kind, change.code, change.entity);
  if (!checked.ok) return refused(change, current, checked.errors);
  const { entity } = checked;
  const warnings = unknownReferences(
    referencesOf(change.kind, entity),
    (kind, code) => (kind === change.kind && code === change.code) || context.exists(kind, code),
  );
  if (current?.entity && canonicalJson(current.entity) === canonicalJson(entity))
    return { outcome: { ...outcomeOf(change, 'unchanged', current.version), ...withWarnings(warnings) } };
  return {
    outcome: { ...outcomeOf(change, 'applied', context.version), ...withWarnings(warnings) },
    entry: entryOf(change, entity, context),
  };
}

function decideRemoval(
  change: CatalogChange,
  current: CatalogEntry | undefined,
  context: ChangeContext,
): DecidedChange {
  if (!current?.entity)
    return refused(change, current, [
      { field: 'code', code: 'not_found', detail: `${change.kind} has no ${change.code} to remove` },
    ]);
  return { outcome: outcomeOf(change, 'applied', context.version), entry: entryOf(change, null, context) };
}

/** `expectedVersion` 0 means: it must not exist. */
function versionConflict(change: CatalogChange, current: CatalogEntry | undefined): FieldNote | undefined {
  const { expectedVersion } = change;
  const stands = current?.entity ? current.version : 0;
  if (expectedVersion === undefined || expectedVersion === stands) return undefined;
  const detail =
    stands === 0
      ? `version ${expectedVersion} was expected, but ${change.kind} has no ${change.code}`
      : `version ${expectedVersion} was expected, ${stands} stands: read it again and repeat the change`;
  return { field: 'expectedVersion', code: 'version_conflict', detail };
}

const refused = (
  change: CatalogChange,
  current: CatalogEntry | undefined,
  errors: readonly FieldNote[],
): DecidedChange => ({
  outcome: { ...outcomeOf(change, 'refused', current?.entity ? current.version : 0), errors: [...errors] },
});

const outcomeOf = (
  { id, source, kind, code }: CatalogChange,
  result: CatalogOutcome['result'],
  version: number,
): CatalogOutcome => ({ id, source, kind, code, result, version });

const withWarnings = (warnings: FieldNote[]) => (warnings.length > 0 ? { warnings } : {});

const entryOf = (
  { kind, code }: CatalogChange,
  entity: Entity | null,
  { version, nowMs }: ChangeContext,
): CatalogEntry => ({ kind, code, version, updatedAtMs: nowMs, entity });
