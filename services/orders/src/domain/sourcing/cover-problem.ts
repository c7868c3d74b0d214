/**
 * Choose places so that together they have what is needed, at the least charge. Integers throughout: `charges` compare
 * and add exactly, column by column; column 0 is the units left unplaced, which no place is charged.
 */
export interface CoverProblem {
  /** Units needed of each article, more than 0. */
  readonly needs: Int32Array;
  /** Per place and article what it has, no more than is needed; places in ascending order of their charges. */
  readonly units: readonly Int32Array[];
  readonly charges: readonly Float64Array[];
  /** How many places a plan may use. */
  readonly maxPlaces: number;
}

/** Articles beyond it take no part in masks: a mask is a 32-bit integer. */
const MAX_MASKED = 30;

/** One bit an article: where the place has any, and where it has all that is needed. */
export function masksOf({ needs, units }: CoverProblem): { touches: Int32Array; fills: Int32Array } {
  const touches = new Int32Array(units.length);
  const fills = new Int32Array(units.length);
  units.forEach((row, p) => {
    for (let a = 0; a < needs.length && a < MAX_MASKED; a++) {
      if (row[a]! > 0) touches[p]! |= 1 << a;
      if (row[a]! >= needs[a]!) fills[p]! |= 1 << a;
    }
  });
  return { touches, fills };
}

/**
 * Leaves out each place that an earlier, that is cheaper, one replaces in any plan: the other has all that is needed of
 * whatever this one has any of. (Having as much as this one is not enough: a plan may need both.)
 */
export function withoutDominated(problem: CoverProblem): number[] {
  const all = problem.units.map((_, p) => p);
  if (problem.needs.length > MAX_MASKED) return all;
  const { touches, fills } = masksOf(problem);
  const kept: number[] = [];
  for (const p of all) {
    const touch = touches[p]!;
    if (!kept.some((q) => (touch & ~fills[q]!) === 0)) kept.push(p);
  }
  return kept;
}

export interface Cover {
  /** Indexes of the places used, ascending. */
  readonly places: readonly number[];
  readonly cost: Float64Array;
}

/** What the places cost, after those that add nothing are left out, the dearest first. */
export function coverOf({ needs, units, charges }: CoverProblem, chosen: readonly number[]): Cover {
  const has = new Float64Array(needs.length);
  for (const p of chosen) units[p]!.forEach((row, a) => (has[a]! += row));
  const places: number[] = [];
  for (const p of chosen.toSorted((x, y) => y - x)) {
    const row = units[p]!;
    const isNeeded = row.some((own, a) => own > 0 && has[a]! - own < needs[a]!);
    if (isNeeded) places.unshift(p);
    else row.forEach((own, a) => (has[a]! -= own));
  }
  const cost = new Float64Array(charges[0]?.length ?? 1);
  for (const p of places) charges[p]!.forEach((charge, i) => (cost[i]! += charge));
  cost[0] = needs.reduce((unplaced, need, a) => unplaced + Math.max(0, need - has[a]!), 0);
  return { places, cost };
}

/** Two quick plans to beat: place by place in the order of charges, and always the place that adds most. */
export function quickCovers(problem: CoverProblem): Cover[] {
  if (problem.units.length === 0) return [];
  const inOrder = gather(problem, (gains) => gains.findIndex((gain) => gain > 0));
  const byGain = gather(problem, (gains) => gains.indexOf(gains.reduce((a, b) => Math.max(a, b), 0)));
  return [coverOf(problem, inOrder), coverOf(problem, byGain)];
}

function gather({ needs, units, maxPlaces }: CoverProblem, pick: (gains: readonly number[]) => number): number[] {
  const remaining = Int32Array.from(needs);
  const chosen: number[] = [];
  while (chosen.length < maxPlaces) {
    const gains = units.map((row) => {
      let gain = 0;
      for (let a = 0; a < row.length; a++) if (row[a] !== 0) gain += Math.min(row[a]!, remaining[a]!);
      return gain;
    });
    for (const p of chosen) gains[p] = 0;
    const p = pick(gains);
    if (p < 0 || gains[p] === 0) break;
    chosen.push(p);
    for (let a = 0; a < remaining.length; a++) remaining[a] = Math.max(0, remaining[a]! - units[p]![a]!);
  }
  return chosen;
}
