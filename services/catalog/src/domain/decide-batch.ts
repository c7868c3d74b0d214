import type { CatalogChange, CatalogKind } from '@shelfline/contracts/catalog';
import { type CatalogOutcome, catalogKey } from '@shelfline/contracts/catalog-outcome';
import type { CatalogEntry } from './catalog-entry.js';
import { checkEntity } from './check-entity.js';
import { decideChange } from './decide-change.js';
import { type Reference, referencesOf } from './references.js';

export interface ArrivedChange {
  readonly change: CatalogChange;
  readonly version: number;
  readonly arrivedAtMs: number;
}

/** What the catalog holds of the batch's codes, and which of the codes they refer to exist; keyed `kind/code`. */
export interface KnownState {
  readonly entries: ReadonlyMap<string, CatalogEntry>;
  readonly existing: ReadonlySet<string>;
}

export interface DecidedBatch {
  /** One per change, same order. */
  readonly outcomes: readonly CatalogOutcome[];
  /** The last state of each code that changed. */
  readonly changed: ReadonlyMap<string, CatalogEntry>;
}

/** Change by change in their order, each over what those before it left. */
export function decideBatch(arrived: readonly ArrivedChange[], known: KnownState): DecidedBatch {
  const changed = new Map<string, CatalogEntry>();
  const exists = (kind: CatalogKind, code: string): boolean => {
    const own = changed.get(catalogKey(kind, code));
    return own ? own.entity !== null : known.existing.has(catalogKey(kind, code));
  };
  const outcomes = arrived.map(({ change, version, arrivedAtMs }) => {
    const key = catalogKey(change.kind, change.code);
    const current = changed.get(key) ?? known.entries.get(key);
    const { outcome, entry } = decideChange(change, current, { version, nowMs: arrivedAtMs, exists });
    if (entry) changed.set(key, entry);
    return outcome;
  });
  return { outcomes, changed };
}

/** Codes whose existence the batch's decisions ask for. */
export function referencedBy(changes: readonly CatalogChange[]): Reference[] {
  return changes.flatMap(({ kind, code, entity }) => {
    if (kind === 'products' || entity === null) return [];
    const checked = checkEntity(kind, code, entity);
    return checked.ok ? referencesOf(kind, checked.entity) : [];
  });
}
