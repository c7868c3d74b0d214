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

export interface Undominated {
  /** Those that may be of the best plan or of the second best. */
  readonly places: readonly number[];
  /** Those that may be of the best, as indexes into `places`. */
  readonly alone: readonly number[];
}

/**
 * Leaves out each place that an earlier, that is cheaper, one replaces in any plan, and for the second best only what two
 * replace. One that has as much of everything replaces it where the plan does without that one; of so many that have as
 * much, together with which it would add nothing, or that are more than a plan may use, one is always free. One that has
 * all that is needed of whatever it has is always free.
 */
export function withoutDominated({ needs, units, maxPlaces }: CoverProblem): Undominated {
  if (needs.length > MAX_MASKED) return { places: [...units.keys()], alone: [...units.keys()] };
  const touched = new Int32Array(units.length);
  const filled = new Int32Array(units.length);
  /** What replaces a place has the scarcest of its articles, the first. */
  const having: number[][] = needs.map(() => []);
  const places: number[] = [];
  const alone: number[] = [];
  for (let p = 0; p < units.length; p++) {
    const row = units[p]!;
    const { touches, fills, together } = masksOf(row, needs);
    if (touches === 0) continue;
    touched[p] = touches;
    filled[p] = fills;
    const enough = Math.min(maxPlaces, together);
    let filling = 0;
    let alike = 0;
    const others = having[lowestOf(touches)]!;
    for (let k = 0; k < others.length && filling <= 1 && alike <= enough; k++) {
      const q = others[k]!;
      if ((touches & ~touched[q]!) !== 0) continue;
      // One that fills all it touches has as much of it.
      if ((touches & ~filled[q]!) === 0) {
        filling++;
        alike++;
      } else if (hasAsMuch(units[q]!, row)) alike++;
    }
    if (filling > 1 || alike > enough) continue;
    for (let rest = touches; rest !== 0; rest &= rest - 1) having[lowestOf(rest)]!.push(p);
    if (filling === 0 && alike < enough) alone.push(places.length);
    places.push(p);
  }
  return { places, alone };
}

const lowestOf = (mask: number): number => 31 - Math.clz32(mask & -mask);

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
  for (const p of chosen) for (let a = 0; a < has.length; a++) has[a]! += units[p]![a]!;
  const places: number[] = [];
  for (const p of [...chosen].sort((x, y) => y - x)) {
    const row = units[p]!;
    let isNeeded = false;
    for (let a = 0; a < row.length && !isNeeded; a++) isNeeded = row[a]! > 0 && has[a]! - row[a]! < needs[a]!;
    if (isNeeded) places.unshift(p);
    else for (let a = 0; a < row.length; a++) has[a]! -= row[a]!;
  }
  const cost = (charges[0] ?? [0]).map(() => 0);
  for (const p of places) for (let i = 0; i < cost.length; i++) cost[i]! += charges[p]![i]!;
  cost[0] = 0;
  for (let a = 0; a < needs.length; a++) cost[0] += Math.max(0, needs[a]! - has[a]!);
  return { places, cost };
}

/** Two quick plans to beat: place by place in the order of charges, and always the place that adds most. */
export function quickCovers(problem: CoverProblem): Cover[] {
  if (problem.units.length === 0) return [];
  return [coverOf(problem, gatherInOrder(problem)), coverOf(problem, gatherByGain(problem))];
}

const gainOf = (row: readonly number[], remaining: readonly number[]): number => {
  let gain = 0;
  for (let a = 0; a < row.length; a++) if (row[a] !== 0) gain += Math.min(row[a]!, remaining[a]!);
  return gain;
};

function take(row: readonly number[], remaining: number[]): void {
  for (let a = 0; a < remaining.length; a++) remaining[a] = Math.max(0, remaining[a]! - row[a]!);
}

function gatherInOrder({ needs, units, maxPlaces }: CoverProblem): number[] {
  const remaining = [...needs];
  const chosen: number[] = [];
  for (let p = 0; p < units.length && chosen.length < maxPlaces; p++) {
    if (gainOf(units[p]!, remaining) === 0) continue;
    chosen.push(p);
    take(units[p]!, remaining);
  }
  return chosen;
}

function gatherByGain({ needs, units, maxPlaces }: CoverProblem): number[] {
  const remaining = [...needs];
  const chosen: number[] = [];
  /** A place never adds more than it did before; one that was chosen adds nothing. */
  const mostOf = new Float64Array(units.length).fill(Number.POSITIVE_INFINITY);
  while (chosen.length < maxPlaces) {
    let most = 0;
    let next = -1;
    for (let p = 0; p < units.length; p++) {
      if (mostOf[p]! <= most) continue;
      const gain = gainOf(units[p]!, remaining);
      mostOf[p] = gain;
      if (gain > most) [most, next] = [gain, p];
    }
    if (next === -1) break;
    chosen.push(next);
    mostOf[next] = 0;
    take(units[next]!, remaining);
  }
  return chosen;
}

/** What comes of a plan where another place stands in for one of it: the cheapest that does, or the one that adds most. */
export function neighboursOf(problem: CoverProblem, { places, cost }: Cover): Cover[] {
  const { needs, units } = problem;
  return places.flatMap((left) => {
    const rest = places.filter((p) => p !== left);
    const lacks = needs.map((need, a) => Math.max(0, need - rest.reduce((sum, p) => sum + units[p]![a]!, 0)));
    const enough = lacks.reduce((sum, lack) => sum + lack, 0) - cost[0]!;
    let most = 0;
    let best = -1;
    for (let p = 0; p < units.length && most < enough; p++) {
      const adds = gainOf(units[p]!, lacks);
      if (adds > most && !places.includes(p)) [most, best] = [adds, p];
    }
    const cover = coverOf(problem, best === -1 ? rest : [...rest, best]);
    return cover.places.length > 0 && (cost[0]! > 0 || cover.cost[0] === 0) ? [cover] : [];
  });
}
