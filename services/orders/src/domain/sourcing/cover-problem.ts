/**
 * Choose places so that together they have what is needed, at the least charge. Integers throughout: `charges` compare
 * and add exactly, column by column; column 0 is the units left unplaced, which no place is charged.
 */
export interface CoverProblem {
  /** Units needed of each article, more than 0. */
  readonly needs: readonly number[];
  /** Per place and article what it has, no more than is needed; places in ascending order of their charges. */
  readonly units: readonly (readonly number[])[];
  readonly charges: readonly (readonly number[])[];
  /** How many places a plan may use. */
  readonly maxPlaces: number;
}

/** Articles beyond it take no part in masks: a mask is a 32-bit integer. */
const MAX_MASKED = 30;

/**
 * Leaves out each place that an earlier, that is cheaper, one replaces in any plan, and with `spare` = 1 only what two
 * replace: so the second best plan stays too. One that has as much of everything replaces it where the plan does without
 * that one; of so many that have as much, together with which it would add nothing, or that are more than a plan may
 * use, one is always free. One that has all that is needed of whatever it has is always free.
 */
export function withoutDominated(problem: CoverProblem, spare: 0 | 1): number[] {
  const { needs, units, maxPlaces } = problem;
  const all = units.map((_, p) => p);
  if (needs.length > MAX_MASKED) return all;
  const masks = units.map((row) => masksOf(row, needs));
  const touched = Int32Array.from(masks, ({ touches }) => touches);
  const filled = Int32Array.from(masks, ({ fills }) => fills);
  const kept: number[] = [];
  for (const p of all) {
    const touches = touched[p]!;
    const row = units[p]!;
    const enough = Math.min(maxPlaces, masks[p]!.together) + spare;
    let filling = 0;
    let alike = 0;
    for (let k = 0; k < kept.length && filling <= spare && alike < enough; k++) {
      const q = kept[k]!;
      if ((touches & ~touched[q]!) !== 0) continue;
      // One that fills all it touches has as much of it.
      if ((touches & ~filled[q]!) === 0) {
        filling++;
        alike++;
      } else if (hasAsMuch(units[q]!, row)) alike++;
    }
    if (filling <= spare && alike < enough) kept.push(p);
  }
  return kept;
}

interface Masks {
  /** One bit an article: where the place has any, and where it has all that is needed. */
  readonly touches: number;
  readonly fills: number;
  /** So many such places have all that is needed of whatever this one has. */
  readonly together: number;
}

function masksOf(row: readonly number[], needs: readonly number[]): Masks {
  let touches = 0;
  let fills = 0;
  let together = 1;
  for (let a = 0; a < needs.length; a++) {
    if (row[a] === 0) continue;
    touches |= 1 << a;
    if (row[a]! >= needs[a]!) fills |= 1 << a;
    else together = Math.max(together, Math.ceil(needs[a]! / row[a]!));
  }
  return { touches, fills, together };
}

function hasAsMuch(has: readonly number[], other: readonly number[]): boolean {
  for (let a = 0; a < other.length; a++) if (has[a]! < other[a]!) return false;
  return true;
}

/** The same with these places only, still in the order of their charges. */
export const among = ({ units, charges, ...rest }: CoverProblem, places: readonly number[]): CoverProblem => ({
  ...rest,
  units: places.map((p) => units[p]!),
  charges: places.map((p) => charges[p]!),
});

export interface Cover {
  /** Indexes of the places used, ascending. */
  readonly places: readonly number[];
  readonly cost: readonly number[];
}

/** What the places cost, after those that add nothing are left out, the dearest first. */
export function coverOf({ needs, units, charges }: CoverProblem, chosen: readonly number[]): Cover {
  const has = needs.map(() => 0);
  for (const p of chosen) units[p]!.forEach((row, a) => (has[a]! += row));
  const places: number[] = [];
  for (const p of chosen.toSorted((x, y) => y - x)) {
    const row = units[p]!;
    const isNeeded = row.some((own, a) => own > 0 && has[a]! - own < needs[a]!);
    if (isNeeded) places.unshift(p);
    else row.forEach((own, a) => (has[a]! -= own));
  }
  const cost = (charges[0] ?? [0]).map(() => 0);
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
  const remaining = [...needs];
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

/** What comes of a plan where another place stands in for one of it, the cheapest that has what is lacking then. */
export function neighboursOf(problem: CoverProblem, { places, cost }: Cover): Cover[] {
  const { needs, units } = problem;
  return places.flatMap((left) => {
    const rest = places.filter((p) => p !== left);
    const lacks = needs.map((need, a) => need - rest.reduce((sum, p) => sum + units[p]![a]!, 0));
    let most = 0;
    let best = -1;
    units.forEach((row, p) => {
      if (places.includes(p)) return;
      let adds = 0;
      for (let a = 0; a < row.length; a++) if (lacks[a]! > 0) adds += Math.min(row[a]!, lacks[a]!);
      if (adds > most) [most, best] = [adds, p];
    });
    const cover = coverOf(problem, best === -1 ? rest : [...rest, best]);
    return cover.places.length > 0 && (cost[0]! > 0 || cover.cost[0] === 0) ? [cover] : [];
  });
}
