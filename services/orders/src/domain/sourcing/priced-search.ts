import { compareCharges } from './charge-places.js';
import { highestWithin, isReached } from './cover-figures.js';
import type { CoverPrices, Level, Rest } from './cover-prices.js';
import { type Cover, type CoverProblem, coverOf } from './cover-problem.js';
import { withSwaps } from './cover-swaps.js';
import { type Frame, frameFor, keepUseful, layOptions, scarcestOf } from './priced-frame.js';

const REFINED_FROM = 12;
const REFINING_STEPS = 6;
/** The fewer places there may be, the more has to come from each: plans are made with several weights of that. */
const WEIGHTS = [0.02, 0.3, 2];

/**
 * Branch and bound by prices (see `CoverPrices`), for what the bounds by sets of articles leave undecided: several units
 * of many articles, a few of them at each place. At each step the article that fewest places have is served by each of
 * them, likeliest first; a place is left out below where every plan with it is worse than the best one known. What was
 * tried is out of the rest of the branch, so no set of places is tried twice.
 */
export class PricedSearch {
  isExhausted = false;
  private best: Cover;
  /** The best of the others that were met. */
  beside: Cover | undefined;
  private readonly mayGiveUp: boolean;
  private readonly remaining: Int32Array;
  private readonly cost: Float64Array;
  private readonly used: number[] = [];
  private readonly isTried: Uint8Array;
  /** Those that are out with one that was tried, until the branches beside it are done. */
  private readonly outdone: number[] = [];
  private readonly frames: Frame[] = [];
  /** By whose prices the places were compared last. */
  private lastLevel = 0;
  /** The level in which something better is looked for; of those before so many are as good as they can be. */
  private sought = 0;
  private settled = 0;
  private readonly places: Int32Array;
  private count: number;

  /** `known`: a plan to beat; one that places everything, unless units may be left. `except` is not looked for. */
  constructor(
    private readonly problem: CoverProblem,
    places: readonly number[],
    private readonly prices: CoverPrices,
    known: Cover,
    private workLeft: number,
    private readonly except?: Cover,
  ) {
    this.best = known;
    this.places = Int32Array.from(places);
    this.count = this.places.length;
    this.mayGiveUp = prices.mayGiveUp;
    this.remaining = Int32Array.from(problem.needs);
    this.cost = new Float64Array(problem.charges[0]!.length);
    this.isTried = new Uint8Array(problem.units.length);
  }

  /**
   * Column by column: looks for prices and for plans as they suggest, then, where that proves nothing, for every plan that
   * is better in the column. Once there is none, the plans of the next columns have to be as good in it.
   */
  findBest(): Cover {
    const { levels } = this.prices;
    for (let l = 0; l < levels.length; l++) {
      this.sought = l;
      this.settled = l;
      if (l > 0) this.dropAt(l - 1);
      this.seek(levels[l]!);
    }
    return this.best;
  }

  private restOf(alive: Int32Array): Rest {
    const { remaining, cost, count } = this;
    return { remaining, cost, placesLeft: this.affordable(this.problem.maxPlaces), alive, count };
  }

  /** For good: what is sought from now on may be as good in the level as the best plan, but no worse. */
  private dropAt(l: number): void {
    const level = this.prices.levels[l]!;
    const rest = { ...this.restOf(this.places), placesLeft: this.affordable(this.problem.maxPlaces, l) };
    this.prices.drop(level, rest, this.prices.floor(level, rest, this.best.cost), this.within(l));
    this.count = rest.count;
  }

  private seek(level: Level): void {
    if (this.workLeft <= 0) this.isExhausted = true;
    if (this.isExhausted) return;
    const rest = this.restOf(this.places.slice());
    let plans = 0;
    const isOpen = this.prices.ascend(
      level,
      rest,
      () => this.best.cost,
      () => this.within(this.sought),
      () => this.gatherAt(level, rest, WEIGHTS[plans++ % WEIGHTS.length]!),
    );
    if (isOpen) this.visit(0, rest.placesLeft, rest.alive, rest.count);
  }

  /** By the prices of a search before. */
  findNextBest(): Cover {
    const { levels } = this.prices;
    const { best, except } = this;
    this.sought = levels.length - 1;
    const differing = levels.findIndex(({ column }) => best.cost[column] !== except!.cost[column]);
    this.settled = differing === -1 ? this.sought : differing;
    this.visit(0, this.problem.maxPlaces, this.places, this.count);
    return this.best;
  }

  private gatherAt(level: Level, rest: Rest, weight: number): void {
    const mean = Math.max(1, this.best.cost[level.column]!) / this.problem.maxPlaces;
    this.offer(withSwaps(this.problem, coverOf(this.problem, this.prices.gather(level, rest, weight * mean))));
  }

  private offer(cover: Cover): void {
    if (cover.places.length === 0 || cover.places.length > this.problem.maxPlaces) return;
    if (this.except && compareCharges(cover.cost, this.except.cost) === 0) return;
    const difference = compareCharges(cover.cost, this.best.cost);
    if (difference < 0) {
      this.beside = this.best;
      this.best = cover;
    } else if (difference > 0 && (!this.beside || compareCharges(cover.cost, this.beside.cost) < 0))
      this.beside = cover;
  }

  /** What the level's figure of a plan may be, to be better, if it is as good as can be in those before. */
  private within(l: number): number {
    const { levels } = this.prices;
    const { column, step } = levels[l]!;
    // In the last one, what is as good may be better in the columns after it.
    const isStrict = l === this.sought && l < levels.length - 1;
    return highestWithin(this.best.cost[column]!) - (isStrict ? step : 0);
  }

  /** So many places more may be had at most for what may be paid in the levels up to `last`. */
  private affordable(most: number, last = Math.min(this.sought, this.settled)): number {
    let places = most;
    for (let l = 0; l <= last; l++) {
      const { column, lowest } = this.prices.levels[l]!;
      if (lowest > 0) places = Math.min(places, Math.floor((this.within(l) - this.cost[column]!) / lowest));
    }
    return Math.max(0, places);
  }

  private visit(depth: number, mostPlaces: number, from: Int32Array, count: number): void {
    if (!this.isLacking()) {
      this.offer(coverOf(this.problem, this.used));
      return;
    }
    const placesLeft = this.affordable(mostPlaces);
    if (placesLeft === 0) {
      if (this.mayGiveUp) this.offer(coverOf(this.problem, this.used));
      return;
    }
    if (this.workLeft <= 0) {
      this.isExhausted = true;
      return;
    }
    this.frames[depth] ??= frameFor(this.remaining, this.cost, this.places.length);
    const frame = this.frames[depth];
    frame.placesLeft = placesLeft;
    keepUseful(frame, this.prices.cells, this.isTried, from, count);
    if (!this.sift(frame)) return;
    if (frame.count <= REFINED_FROM) {
      this.branch(depth, frame);
      return;
    }
    const level = this.prices.levels[this.lastLevel]!;
    frame.pricesBefore.set(level.prices);
    this.prices.refine(level, frame, this.best.cost, REFINING_STEPS);
    this.workLeft -= frame.count * REFINING_STEPS;
    if (this.sift(frame)) this.branch(depth, frame);
    for (let i = 0; i < level.prices.length; i++) level.prices[i] = frame.pricesBefore[i]!;
  }

  private isLacking(): boolean {
    const { remaining } = this;
    for (let a = 0; a < remaining.length; a++) if (remaining[a]! > 0) return true;
    return false;
  }

  /** Keeps the places with which something better may be found; false: nothing better is to be found here. */
  private sift(frame: Frame): boolean {
    const { prices, best, sought } = this;
    for (let l = 0; l <= sought; l++) {
      const level = prices.levels[l]!;
      this.lastLevel = l;
      this.workLeft -= frame.count;
      const bound = prices.floor(level, frame, best.cost);
      const within = this.within(l);
      if (bound > within) return false;
      prices.drop(level, frame, bound, within);
      if (l >= this.settled && !isReached(bound, best.cost[level.column]!, level.step)) break;
    }
    return true;
  }

  private branch(depth: number, frame: Frame): void {
    const { prices, problem, mayGiveUp } = this;
    const article = scarcestOf(frame, prices.cells, mayGiveUp);
    if (article === -1) return;
    const { reduced } = prices.levels[this.lastLevel]!;
    this.serve(depth, frame, article, layOptions(frame, article, problem.units, reduced));
  }

  private serve(depth: number, frame: Frame, article: number, found: number): void {
    const { remaining, cost, used, problem, isTried } = this;
    const { starts, articleAt, unitsAt } = this.prices.cells;
    const { remainingBefore, costBefore, options, placesLeft } = frame;
    remainingBefore.set(remaining);
    costBefore.set(cost);
    const before = this.outdone.length;
    let tried = 0;
    while (tried < found && !this.isExhausted) {
      const place = options[tried++]!;
      if (isTried[place] === 1) continue;
      const charges = problem.charges[place]!;
      for (let i = starts[place]!; i < starts[place + 1]!; i++) {
        const a = articleAt[i]!;
        remaining[a] = Math.max(0, remaining[a]! - unitsAt[i]!);
      }
      for (let i = 0; i < cost.length; i++) cost[i]! += charges[i]!;
      isTried[place] = 1;
      used.push(place);
      this.visit(depth + 1, placesLeft - 1, frame.alive, frame.count);
      used.pop();
      remaining.set(remainingBefore);
      cost.set(costBefore);
      if (!this.except) this.leaveOutdoneBy(place, frame);
    }
    if (this.mayGiveUp && !this.isExhausted) {
      cost[0]! += remaining[article]!;
      remaining[article] = 0;
      this.visit(depth + 1, placesLeft, frame.alive, frame.count);
      remaining.set(remainingBefore);
      cost.set(costBefore);
    }
    for (let k = 0; k < tried; k++) isTried[options[k]!] = 0;
    while (this.outdone.length > before) isTried[this.outdone.pop()!] = 0;
  }

  /** A plan with a dearer place that adds no more to what is left than the one that was tried is never the best. */
  private leaveOutdoneBy(place: number, { alive, count }: Frame): void {
    const { remaining, isTried, outdone } = this;
    const { starts, articleAt, unitsAt } = this.prices.cells;
    const row = this.problem.units[place]!;
    for (let k = 0; k < count; k++) {
      const p = alive[k]!;
      if (p <= place || isTried[p] === 1) continue;
      let i = starts[p]!;
      for (; i < starts[p + 1]!; i++) {
        const a = articleAt[i]!;
        if (row[a]! < unitsAt[i]! && row[a]! < remaining[a]!) break;
      }
      if (i < starts[p + 1]!) continue;
      isTried[p] = 1;
      outdone.push(p);
    }
  }
}
