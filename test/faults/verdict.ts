import type { MadeDelta } from './made-deltas.ts';
import { type Figures, recount } from './recount.ts';

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
  /** In the ledger, yet never on `inventory.movements`. */
  readonly unannounced: readonly string[];
}

export function judge({ acknowledged, movements, announced, levels, lastRecords }: Remains): Verdict {
  const ids = [...acknowledged.keys()];
  return {
    lost: ids.filter((id) => !movements.has(id)),
    doubled: [...movements].filter(([, count]) => count > 1).map(([id]) => id),
    wrongLevels: differing(recount(acknowledged.values()), levels, hasSameFigures),
    staleRecords: staleKeys(levels, lastRecords),
    unannounced: ids.filter((id) => movements.has(id) && !announced.has(id)),
  };
}

export const isFaultless = (verdict: Verdict): boolean => Object.values(verdict).every((found) => found.length === 0);

export const staleKeys = (
  levels: ReadonlyMap<string, VersionedFigures>,
  lastRecords: ReadonlyMap<string, VersionedFigures>,
): string[] => differing(levels, lastRecords, (a, b) => a.version === b.version && hasSameFigures(a, b));

const hasSameFigures = (a: Figures, b: Figures): boolean =>
  a.onHand === b.onHand &&
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
