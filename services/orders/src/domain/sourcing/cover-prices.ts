import type { CoverProblem } from './cover-problem.js';

/** Columns of charges that are bounded: the unplaced units, the leading one and the one that tells most plans apart. */
const MAX_LEVELS = 3;
const ASCENTS = 60;
/** Where a step helps no more so often in a row, the next ones are half as long. */
const PATIENCE = 4;
/** A plan is made of the prices every so many steps. */
const PLAN_EVERY = 5;
const SHORTEST_STEP = 0.02;

/** Sums of products of doubles are off by some 1e-13 of themselves: a bound has to be above by more than this. */
const slackOf = (figure: number): number => 1e-6 + 1e-9 * Math.abs(figure);
/** No plan whose figure is at least `bound` is as good as `best` in it. Figures are whole numbers. */
export const isAbove = (bound: number, best: number): boolean => bound > highestWithin(best);
export const highestWithin = (best: number): number => best + slackOf(best);
/** None is better in it, since figures differ by `step` at least. */
export const isReached = (bound: number, best: number, step: number): boolean => bound > best - step + slackOf(best);

/** The prices of one column of charges. */
interface Level {
  readonly column: number;
  /** By which two plans differ in the column at least. */
  readonly step: number;
  /** Of a unit of each article. */
  readonly articles: Float64Array;
  /** Of one more in each column before it, in which a plan may not exceed the best one. */
  readonly limits: Float64Array;
  /** Per place its charge and what it uses up of the columns before. */
  readonly base: Float64Array;
  /** Per place what it is charged beyond what its units are worth; of those last looked at. */
  readonly reduced: Float64Array;
}

/** What is left of an order in the midst of a search. */
export interface Rest {
  readonly remaining: Int32Array;
  readonly cost: Float64Array;
  readonly placesLeft: number;
  readonly alive: Int32Array;
  readonly count: number;
}

/**
 * Lower bounds by Lagrange's relaxation: articles have prices, and a place is worth taking alone where its units' worth
 * is above its charge. The prices are those, about, under which the cheapest choice costs most, found by subgradients;
 * any prices give a valid bound, good ones one near to the best plan that may use parts of places. Plans compare column
 * by column, so each column has its own prices, given that those before are as in the best plan known: a bound on the
 * way of all parcels counts where no plan has fewer parcels from outside the city.
 */
export class CoverPrices {
  readonly levels: readonly Level[];
  /** What the worst of the places that a bound takes is charged, or 0 where it could take more; of the last `floor`. */
  threshold = 0;
  private readonly starts: Int32Array;
  private readonly articleAt: Int32Array;
  private readonly unitsAt: Int32Array;
  private readonly isTaken: Uint8Array;
  private readonly lowest: Float64Array;
  private readonly lowestPlaces: Int32Array;
  private taken = 0;

  constructor(
    private readonly problem: CoverProblem,
    readonly mayGiveUp: boolean,
  ) {
    const { needs, units, charges, maxPlaces } = problem;
    this.starts = new Int32Array(units.length + 1);
    const cells: number[] = [];
    units.forEach((row, p) => {
      row.forEach((has, a) => {
        if (has > 0) cells.push(a, has);
      });
      this.starts[p + 1] = cells.length / 2;
    });
    this.articleAt = Int32Array.from({ length: cells.length / 2 }, (_, i) => cells[2 * i]!);
    this.unitsAt = Int32Array.from({ length: cells.length / 2 }, (_, i) => cells[2 * i + 1]!);
    this.isTaken = new Uint8Array(units.length);
    this.lowest = new Float64Array(maxPlaces + 1);
    this.lowestPlaces = new Int32Array(maxPlaces + 1);
    const first = mayGiveUp ? 0 : 1;
    this.levels = Array.from({ length: Math.min(MAX_LEVELS, charges[0]!.length) - first }, (_, i) => ({
      column: first + i,
      step: first + i === 0 ? 1 : commonDivisor(charges.map((row) => row[first + i]!)),
      articles: new Float64Array(needs.length),
      limits: new Float64Array(first + i),
      base: new Float64Array(units.length),
      reduced: new Float64Array(units.length),
    }));
  }

  /** What every way to go on costs at least in the level's column, if it keeps to `best` in those before. */
  floor(level: Level, { remaining, cost, placesLeft, alive, count }: Rest, best: readonly number[]): number {
    const { articles, limits, base, reduced } = level;
    const { starts, articleAt, unitsAt } = this;
    let bound = cost[level.column]!;
    for (let j = 0; j < limits.length; j++) bound += limits[j]! * (cost[j]! - best[j]!);
    for (let a = 0; a < remaining.length; a++) bound += articles[a]! * remaining[a]!;
    this.taken = 0;
    for (let k = 0; k < count; k++) {
      const p = alive[k]!;
      let charge = base[p]!;
      for (let i = starts[p]!; i < starts[p + 1]!; i++) {
        const left = remaining[articleAt[i]!]!;
        const has = unitsAt[i]!;
        charge -= articles[articleAt[i]!]! * (has < left ? has : left);
      }
      reduced[p] = charge;
      if (charge < 0) this.take(p, charge, placesLeft);
    }
    for (let t = 0; t < this.taken; t++) bound += this.lowest[t]!;
    this.threshold = this.taken < placesLeft || placesLeft === 0 ? 0 : this.lowest[this.taken - 1]!;
    return bound;
  }

  /** Keeps the lowest so many, ascending. */
  private take(p: number, charge: number, most: number): void {
    const { lowest, lowestPlaces } = this;
    if (this.taken === most && (most === 0 || charge >= lowest[most - 1]!)) return;
    let t = this.taken < most ? this.taken++ : most - 1;
    for (; t > 0 && lowest[t - 1]! > charge; t--) {
      lowest[t] = lowest[t - 1]!;
      lowestPlaces[t] = lowestPlaces[t - 1]!;
    }
    lowest[t] = charge;
    lowestPlaces[t] = p;
  }

  /** Looks for the level's prices; `onPrices` is called now and then, to make a plan of them. */
  ascend(level: Level, rest: Rest, best: () => readonly number[], onPrices: () => void): void {
    const { needs } = this.problem;
    const { column, articles, limits } = level;
    const total = needs.reduce((sum, need) => sum + need, 0);
    articles.fill(Math.max(1, best()[column]!) / total);
    if (column === 0) articles.fill(1);
    limits.fill(Math.max(1, best()[column]!) / Math.max(1, rest.placesLeft));
    this.cap(level);
    let [highest, step, idle] = [Number.NEGATIVE_INFINITY, 1, 0];
    let kept = { articles: articles.slice(), limits: limits.slice() };
    for (let i = 0; i < ASCENTS && step > SHORTEST_STEP; i++) {
      const target = best();
      const bound = this.floor(level, rest, target);
      if (bound > highest) {
        highest = bound;
        idle = 0;
        kept = { articles: articles.slice(), limits: limits.slice() };
        const isEnough =
          level === this.levels.at(-1)
            ? isAbove(bound, target[column]!)
            : isReached(bound, target[column]!, level.step);
        if (isEnough) break;
      } else if (++idle >= PATIENCE) {
        step /= 2;
        idle = 0;
      }
      if (i % PLAN_EVERY === PLAN_EVERY - 1) onPrices();
      this.move(level, rest, step * Math.max(target[column]! - bound, slackOf(target[column]!)), target);
    }
    articles.set(kept.articles);
    limits.set(kept.limits);
    this.cap(level);
  }

  /** Better prices for what is left in the midst of a search; answers those there were. */
  refine(level: Level, rest: Rest, best: readonly number[], steps: number): Pick<Level, 'articles' | 'limits'> {
    const { column, articles, limits } = level;
    const before = { articles: articles.slice(), limits: limits.slice() };
    let kept = before;
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i <= steps; i++) {
      const bound = this.floor(level, rest, best);
      if (bound > highest) {
        highest = bound;
        kept = { articles: articles.slice(), limits: limits.slice() };
        if (isAbove(bound, best[column]!)) break;
      }
      if (i < steps) this.move(level, rest, 0.7 * Math.max(best[column]! - bound, slackOf(best[column]!)), best);
    }
    this.restore(level, kept);
    return before;
  }

  restore(level: Level, { articles, limits }: Pick<Level, 'articles' | 'limits'>): void {
    level.articles.set(articles);
    level.limits.set(limits);
    this.cap(level);
  }

  private move(
    { column, articles, limits, base }: Level,
    { remaining, cost }: Rest,
    length: number,
    best: readonly number[],
  ): void {
    const { charges } = this.problem;
    const { starts, articleAt, unitsAt } = this;
    const lacks = Float64Array.from(remaining);
    const over = Float64Array.from(limits, (_, j) => cost[j]! - best[j]!);
    for (let t = 0; t < this.taken; t++) {
      const p = this.lowestPlaces[t]!;
      for (let i = starts[p]!; i < starts[p + 1]!; i++)
        lacks[articleAt[i]!]! -= Math.min(unitsAt[i]!, remaining[articleAt[i]!]!);
      for (let j = 0; j < over.length; j++) over[j]! += charges[p]![j]!;
    }
    if (this.mayGiveUp) {
      const price = column === 0 ? 1 : limits[0]!;
      for (let a = 0; a < lacks.length; a++) {
        if (lacks[a]! <= 0 || articles[a]! < price) continue;
        // As dear as leaving it: what is lacking is left.
        if (over.length > 0) over[0]! += lacks[a]!;
        if (over.length === 0) lacks[a] = 0;
      }
    }
    let norm = 0;
    for (const lack of lacks) norm += lack * lack;
    for (const beyond of over) norm += beyond * beyond;
    if (norm === 0) return;
    for (let a = 0; a < lacks.length; a++) articles[a] = Math.max(0, articles[a]! + (length * lacks[a]!) / norm);
    for (let j = 0; j < over.length; j++) limits[j] = Math.max(0, limits[j]! + (length * over[j]!) / norm);
    this.cap({ column, articles, limits, base });
  }

  /** A unit may be left unplaced at its price: none is worth more. */
  private cap({ column, articles, limits, base }: Pick<Level, 'column' | 'articles' | 'limits' | 'base'>): void {
    const { charges } = this.problem;
    if (this.mayGiveUp) {
      const price = column === 0 ? 1 : limits[0]!;
      for (let a = 0; a < articles.length; a++) articles[a] = Math.min(price, articles[a]!);
    }
    for (let p = 0; p < base.length; p++) {
      let charge = charges[p]![column]!;
      for (let j = 1; j < limits.length; j++) charge += limits[j]! * charges[p]![j]!;
      base[p] = charge;
    }
  }

  /** A plan that takes, time after time, what costs least for the worth of what it adds. */
  gather(level: Level, { alive, count, placesLeft }: Rest, fixed: number): number[] {
    const { articles, base } = level;
    const { starts, articleAt, unitsAt } = this;
    const remaining = Int32Array.from(this.problem.needs);
    const chosen: number[] = [];
    while (chosen.length < placesLeft) {
      let next = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let k = 0; k < count; k++) {
        const p = alive[k]!;
        let worth = 0;
        for (let i = starts[p]!; i < starts[p + 1]!; i++) {
          const left = remaining[articleAt[i]!]!;
          const has = unitsAt[i]!;
          // Articles without a price are wanted all the same, after the others.
          worth += (articles[articleAt[i]!]! + 1e-9) * (has < left ? has : left);
        }
        if (worth <= 0 || chosen.includes(p)) continue;
        const ratio = (base[p]! + fixed) / worth;
        if (ratio < least) {
          least = ratio;
          next = p;
        }
      }
      if (next === -1) break;
      chosen.push(next);
      for (let i = starts[next]!; i < starts[next + 1]!; i++) {
        const a = articleAt[i]!;
        remaining[a] = Math.max(0, remaining[a]! - unitsAt[i]!);
      }
    }
    return chosen;
  }
}

function commonDivisor(figures: readonly number[]): number {
  let divisor = 0;
  for (const figure of figures) for (let rest = figure; rest !== 0; ) [divisor, rest] = [rest, divisor % rest];
  return Math.max(1, divisor);
}
