import { type CoverCells, cellsOf } from './cover-cells.js';
import { commonDivisor, isAbove, meanOf, slackOf } from './cover-figures.js';
import type { CoverProblem } from './cover-problem.js';

/**
 * Columns of charges that are bounded: the unplaced units, the leading one and the one that tells most plans apart. So
 * of those that places are charged in, one at most comes before another.
 */
const MAX_LEVELS = 3;
const ASCENTS = 40;
/** Where a step helps no more so often in a row, the next ones are half as long. */
const PATIENCE = 3;
/** A plan is made of the prices every so many steps. */
const PLAN_EVERY = 10;
const SHORTEST_STEP = 0.02;

/** The prices of one column of charges. */
export interface Level {
  readonly column: number;
  /** By which two plans differ in the column at least. */
  readonly step: number;
  /** That a place is charged in it. */
  readonly lowest: number;
  /**
   * Of a unit of each article; after those, of one place's mean charge more in each column before this one, in which a
   * plan may not exceed the best one.
   */
  readonly prices: Float64Array;
  /** Per place what it is charged beyond what its units are worth; of those last looked at. */
  readonly reduced: Float64Array;
}

/** What is left of an order in the midst of a search. */
export interface Rest {
  readonly remaining: Int32Array;
  readonly cost: Float64Array;
  readonly placesLeft: number;
  /** The first `count` of them. */
  readonly alive: Int32Array;
  count: number;
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
  readonly cells: CoverCells;
  /** What the worst of the places that a bound takes is charged, or 0 where it could take more; of the last `floor`. */
  threshold = 0;
  private readonly articles: number;
  private readonly charges: readonly Float64Array[];
  /** Columns that come before others in parts of their mean, lest prices of units and of charges are worlds apart. */
  private readonly parts: readonly Float64Array[];
  private readonly means: readonly number[];
  private readonly isChosen: Uint8Array;
  private readonly lowest: Float64Array;
  private readonly lowestPlaces: Int32Array;
  private taken = 0;
  /** Of the last choice, per article what it lacks, and per column before what it is beyond the best plan. */
  private readonly lacks: Float64Array;
  private readonly highest: Float64Array;

  constructor(
    private readonly problem: CoverProblem,
    readonly mayGiveUp: boolean,
  ) {
    const { needs, units, charges, maxPlaces } = problem;
    this.cells = cellsOf(problem);
    this.articles = needs.length;
    this.isChosen = new Uint8Array(units.length);
    this.lowest = new Float64Array(maxPlaces + 1);
    this.lowestPlaces = new Int32Array(maxPlaces + 1);
    this.lacks = new Float64Array(needs.length + MAX_LEVELS);
    this.highest = new Float64Array(needs.length + MAX_LEVELS);
    const columns = Math.min(MAX_LEVELS, charges[0]!.length);
    this.charges = Array.from({ length: columns }, (_, column) => {
      const own = new Float64Array(units.length);
      for (let p = 0; p < own.length; p++) own[p] = charges[p]![column]!;
      return own;
    });
    this.means = this.charges.map((own) => meanOf(own) || 1);
    this.parts = this.charges.map((own, column) => own.map((charge) => charge / this.means[column]!));
    const first = mayGiveUp ? 0 : 1;
    this.levels = this.charges.slice(first).map((own, i) => ({
      column: first + i,
      step: first + i === 0 ? 1 : commonDivisor(own),
      lowest: own.reduce((lowest, charge) => Math.min(lowest, charge), Number.POSITIVE_INFINITY),
      prices: new Float64Array(needs.length + first + i),
      reduced: new Float64Array(units.length),
    }));
  }

  /** What every way to go on costs at least in the level's column, if it keeps to `best` in those before. */
  floor(level: Level, { remaining, cost, placesLeft, alive, count }: Rest, best: readonly number[]): number {
    const { column, prices, reduced } = level;
    const { articles } = this;
    const { starts, articleAt, unitsAt } = this.cells;
    const own = this.charges[column]!;
    // The column of unplaced units comes before all, and places are charged nothing in it.
    const earlier = this.parts[1]!;
    const weight = column > 1 ? prices[articles + 1]! : 0;
    let bound = cost[column]!;
    for (let j = 0; j < column; j++) bound += (prices[articles + j]! * (cost[j]! - best[j]!)) / this.means[j]!;
    for (let a = 0; a < articles; a++) bound += prices[a]! * remaining[a]!;
    this.taken = 0;
    for (let k = 0; k < count; k++) {
      const p = alive[k]!;
      let charge = own[p]! + weight * earlier[p]!;
      const end = starts[p + 1]!;
      for (let i = starts[p]!; i < end; i++) {
        const a = articleAt[i]!;
        const left = remaining[a]!;
        const has = unitsAt[i]!;
        charge -= prices[a]! * (has < left ? has : left);
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

  /** Keeps the places of which a plan may cost no more than `most`, by the last `floor`, which is `bound`. */
  drop({ reduced }: Level, rest: Rest, bound: number, most: number): void {
    const { alive, count } = rest;
    const room = Math.max(most - bound, 0) + this.threshold;
    let kept = 0;
    for (let k = 0; k < count; k++) if (reduced[alive[k]!]! <= room) alive[kept++] = alive[k]!;
    rest.count = kept;
  }

  /**
   * Looks for the level's prices, none being better in the columns before; `onPrices` is called now and then, to make a
   * plan of them. Places of no plan that costs no more than `within` are dropped on the way. Answers whether there is one.
   */
  ascend(level: Level, rest: Rest, best: () => readonly number[], within: () => number, onPrices: () => void): boolean {
    const { needs } = this.problem;
    const { column, prices } = level;
    const total = needs.reduce((sum, need) => sum + need, 0);
    prices.fill(column === 0 ? 1 : Math.max(1, best()[column]!) / total, 0, this.articles);
    prices.fill(Math.max(1, best()[column]!) / Math.max(1, rest.placesLeft), this.articles);
    this.cap(level);
    const kept = prices.slice();
    let highest = Number.NEGATIVE_INFINITY;
    let step = 1;
    let idle = 0;
    for (let i = 0; i < ASCENTS && step > SHORTEST_STEP; i++) {
      const target = best();
      const bound = this.floor(level, rest, target);
      if (bound > highest) {
        highest = bound;
        idle = 0;
        kept.set(prices);
        if (bound > within()) break;
        this.drop(level, rest, bound, within());
      } else if (++idle >= PATIENCE) {
        step /= 2;
        idle = 0;
      }
      if (i % PLAN_EVERY === PLAN_EVERY - 1) onPrices();
      this.move(level, rest, step * Math.max(target[column]! - bound, slackOf(target[column]!)), target);
    }
    prices.set(kept);
    return highest <= within();
  }

  /** Better prices for what is left in the midst of a search; the caller puts back those there were. */
  refine(level: Level, rest: Rest, best: readonly number[], steps: number): void {
    const { column, prices } = level;
    const kept = this.highest.subarray(0, prices.length);
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i <= steps; i++) {
      const bound = this.floor(level, rest, best);
      if (bound > highest) {
        highest = bound;
        kept.set(prices);
        if (isAbove(bound, best[column]!)) break;
      }
      if (i < steps) this.move(level, rest, 0.7 * Math.max(best[column]! - bound, slackOf(best[column]!)), best);
    }
    prices.set(kept);
  }

  private move(level: Level, { remaining, cost }: Rest, length: number, best: readonly number[]): void {
    const { column, prices } = level;
    const { lacks, articles } = this;
    const { starts, articleAt, unitsAt } = this.cells;
    for (let a = 0; a < articles; a++) lacks[a] = remaining[a]!;
    for (let j = 0; j < column; j++) lacks[articles + j] = (cost[j]! - best[j]!) / this.means[j]!;
    for (let t = 0; t < this.taken; t++) {
      const p = this.lowestPlaces[t]!;
      for (let i = starts[p]!; i < starts[p + 1]!; i++) {
        const a = articleAt[i]!;
        lacks[a]! -= Math.min(unitsAt[i]!, remaining[a]!);
      }
      for (let j = 1; j < column; j++) lacks[articles + j]! += this.parts[j]![p]!;
    }
    if (this.mayGiveUp) this.giveUp(level);
    let norm = 0;
    for (let i = 0; i < prices.length; i++) norm += lacks[i]! * lacks[i]!;
    if (norm === 0) return;
    for (let i = 0; i < prices.length; i++) prices[i] = Math.max(0, prices[i]! + (length * lacks[i]!) / norm);
    this.cap(level);
  }

  /** What is as dear as leaving it is left, where it lacks. */
  private giveUp({ column, prices }: Level): void {
    const { lacks, articles } = this;
    const price = column === 0 ? 1 : prices[articles]!;
    for (let a = 0; a < articles; a++) {
      if (lacks[a]! <= 0 || prices[a]! < price) continue;
      if (column > 0) lacks[articles]! += lacks[a]!;
      else lacks[a] = 0;
    }
  }

  /** A unit may be left unplaced at its price: none is worth more. */
  private cap({ column, prices }: Level): void {
    if (!this.mayGiveUp) return;
    const { articles } = this;
    const price = column === 0 ? 1 : prices[articles]!;
    for (let a = 0; a < articles; a++) prices[a] = Math.min(price, prices[a]!);
  }

  /** A plan that takes, time after time, what costs least for the worth of what it adds. */
  gather({ column, prices }: Level, { alive, count, placesLeft }: Rest, fixed: number): number[] {
    const { isChosen } = this;
    const { starts, articleAt, unitsAt } = this.cells;
    const own = this.charges[column]!;
    const earlier = this.parts[1]!;
    const weight = column > 1 ? prices[this.articles + 1]! : 0;
    const remaining = Int32Array.from(this.problem.needs);
    const chosen: number[] = [];
    while (chosen.length < placesLeft) {
      let next = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let k = 0; k < count; k++) {
        const p = alive[k]!;
        let worth = 0;
        for (let i = starts[p]!; i < starts[p + 1]!; i++) {
          const a = articleAt[i]!;
          const left = remaining[a]!;
          const has = unitsAt[i]!;
          // Articles without a price are wanted all the same, after the others.
          worth += (prices[a]! + 1e-9) * (has < left ? has : left);
        }
        if (worth <= 0 || isChosen[p] === 1) continue;
        const ratio = (own[p]! + weight * earlier[p]! + fixed) / worth;
        if (ratio < least) {
          least = ratio;
          next = p;
        }
      }
      if (next === -1) break;
      chosen.push(next);
      isChosen[next] = 1;
      for (let i = starts[next]!; i < starts[next + 1]!; i++) {
        const a = articleAt[i]!;
        remaining[a] = Math.max(0, remaining[a]! - unitsAt[i]!);
      }
    }
    for (const p of chosen) isChosen[p] = 0;
    return chosen;
  }
}
