import type { MadeDelta } from './made-deltas.ts';
import {
  type AnsweredPromise,
  oversold,
  promisedUnits,
  type StoredReservation,
  wrongReservations,
} from './promise-verdict.ts';
import { type Figures, recount } from './recount.ts';
import type { StoredMovement } from './stored-movement.ts';

export interface VersionedFigures extends Figures {
  readonly version: number;
}

/** What a run left behind, read from where it lies and not through the services. */
export interface Remains {
  readonly acknowledged: ReadonlyMap<string, MadeDelta>;
  /** How many movements the ledger holds of each id. */
  readonly movements: ReadonlyMap<string, number>;
  /** Ids that came out on `inventory.movements`. */
  readonly announced: ReadonlySet<string>;
  readonly levels: ReadonlyMap<string, VersionedFigures>;
  /** The last record of each key of `inventory.levels`. */
  readonly lastRecords: ReadonlyMap<string, VersionedFigures>;
  /** What the last record of each SKU on `inventory.availability` says may be promised. */
  readonly lastAvailability: ReadonlyMap<string, { readonly available: number }>;
  readonly promises: {
    readonly answered: ReadonlyMap<string, AnsweredPromise>;
    readonly answeredOtherwise: readonly string[];
    readonly stored: ReadonlyMap<string, StoredReservation>;
    /** Of the SKUs that were promised. */
    readonly movements: readonly StoredMovement[];
  };
}

export interface Verdict {
  /** Acknowledged, yet there is no movement. */
  readonly lost: readonly string[];
  /** More than one movement. */
  readonly doubled: readonly string[];
  /** Keys whose committed level is not the sum of what was acknowledged. */
  readonly wrongLevels: readonly string[];
  /** Keys whose last record is not the committed level. */
  readonly staleRecords: readonly string[];
  /** SKUs whose last availability is not what their committed levels make of it. */
  readonly staleAvailability: readonly string[];
  /** Reservations whose state is not what their answered commands made it, or that answered otherwise when asked again. */
  readonly wrongPromises: readonly string[];
  /** Promises of more than stood there. */
  readonly oversold: readonly string[];
  /** In the ledger, yet never on `inventory.movements`. */
  readonly unannounced: readonly string[];
}

export function judge(remains: Remains): Verdict {
  const { acknowledged, movements, announced, levels, lastRecords, lastAvailability, promises } = remains;
  const ids = [...acknowledged.keys()];
  return {
    lost: ids.filter((id) => !movements.has(id)),
    doubled: [...movements].filter(([, count]) => count > 1).map(([id]) => id),
    wrongLevels: differing(recount(acknowledged.values(), promisedUnits(promises.answered)), levels, hasSameFigures),
    staleRecords: staleKeys(levels, lastRecords),
    staleAvailability: staleSkus(levels, lastAvailability),
    wrongPromises: [...wrongReservations(promises.answered, promises.stored), ...promises.answeredOtherwise],
    oversold: oversold(promises.movements),
    unannounced: ids.filter((id) => movements.has(id) && !announced.has(id)),
  };
}

export const isFaultless = (verdict: Verdict): boolean => Object.values(verdict).every((found) => found.length === 0);

export const staleKeys = (
  levels: ReadonlyMap<string, VersionedFigures>,
  lastRecords: ReadonlyMap<string, VersionedFigures>,
): string[] => differing(levels, lastRecords, (a, b) => a.version === b.version && hasSameFigures(a, b));

/** Every place of the rig serves the same channel and region, without buffer, safety stock or discount. */
export function staleSkus(
  levels: ReadonlyMap<string, VersionedFigures>,
  lastAvailability: Remains['lastAvailability'],
): string[] {
  const units = new Map<string, { available: number }>();
  for (const [key, { onHand, reserved, damaged, qualityControl }] of levels) {
    const sku = key.slice(0, key.lastIndexOf('@'));
    const free = Math.max(0, onHand - reserved - damaged - qualityControl);
    units.set(sku, { available: (units.get(sku)?.available ?? 0) + free });
  }
  return differing(units, lastAvailability, (a, b) => a.available === b.available);
}

const hasSameFigures = (a: Figures, b: Figures): boolean =>
  a.onHand === b.onHand &&
  a.reserved === b.reserved &&
  a.damaged === b.damaged &&
  a.qualityControl === b.qualityControl &&
  a.incoming === b.incoming;

/** Keys that only one side has, or that differ. */
function differing<A, B>(
  left: ReadonlyMap<string, A>,
  right: ReadonlyMap<string, B>,
  isSame: (a: A, b: B) => boolean,
): string[] {
  return [...new Set([...left.keys(), ...right.keys()])].filter((key) => {
    const a = left.get(key);
    const b = right.get(key);
    return a === undefined || b === undefined || !isSame(a, b);
  });
}
