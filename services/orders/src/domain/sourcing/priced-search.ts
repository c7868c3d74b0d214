import { compareCharges } from './charge-places.js';
import { type CoverPrices, highestWithin, isAbove, isReached, type Rest } from './cover-prices.js';
import { type Cover, type CoverProblem, coverOf } from './cover-problem.js';

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
  private readonly mayGiveUp: boolean;
  private readonly remaining: Int32Array;
  private readonly cost: Float64Array;
  private readonly used: number[] = [];
  /** By whose prices the places were compared last. */
  private lastLevel = 0;

  /** `known`: a plan to beat; one that places everything, unless units may be left. `except` is not looked for. */
  constructor(
    private readonly problem: CoverProblem,
    private readonly places: readonly number[],
    private readonly prices: CoverPrices,
    known: Cover,
    private workLeft: number,
    private readonly except?: Cover,
  ) {
    this.best = known;
    this.mayGiveUp = prices.mayGiveUp;
    this.remaining = Int32Array.from(problem.needs);
    this.cost = new Float64Array(problem.charges[0]!.length);
  }

  /** Looks for prices first, and for plans as they suggest; without it those of a search before are good enough. */
  findPrices(): void {
    const alive = Int32Array.from(this.places);
    const rest = this.restOf(this.problem.maxPlaces, alive, alive.length);
    let plans = 0;
    for (const level of this.prices.levels)
      this.prices.ascend(
        level,
        rest,
        () => this.best.cost,
        () => this.gatherAt(level, rest, WEIGHTS[plans++ % WEIGHTS.length]!),
      );
  }

  run(): Cover {
    const alive = Int32Array.from(this.places);
    this.visit(this.problem.maxPlaces, alive, alive.length);
    return this.best;
  }

  private gatherAt(level: CoverPrices['levels'][number], rest: Rest, weight: number): void {
    const mean = Math.max(1, this.best.cost[level.column]!) / this.problem.maxPlaces;
    this.offer(coverOf(this.problem, this.prices.gather(level, rest, weight * mean)));
  }

  private restOf(placesLeft: number, alive: Int32Array, count: number): Rest {
    return { remaining: this.remaining, cost: this.cost, placesLeft, alive, count };
  }

  private offer(cover: Cover): void {
    if (cover.places.length === 0 || cover.places.length > this.problem.maxPlaces) return;
    if (this.except && compareCharges(cover.cost, this.except.cost) === 0) return;
    if (compareCharges(cover.cost, this.best.cost) < 0) this.best = cover;
  }

  private visit(placesLeft: number, alive: Int32Array, count: number): void {
    if (!this.remaining.some((units) => units > 0)) {
      this.offer(coverOf(this.problem, this.used));
      return;
    }
    if (placesLeft === 0) {
      if (this.mayGiveUp) this.offer(coverOf(this.problem, this.used));
      return;
    }
    if (this.workLeft <= 0) {
      this.isExhausted = true;
      return;
    }
    let kept = this.sift(placesLeft, alive, count);
    if (kept === undefined) return;
    if (kept.length > REFINED_FROM) {
      const level = this.prices.levels[this.lastLevel]!;
      const before = this.prices.refine(
        level,
        this.restOf(placesLeft, kept, kept.length),
        this.best.cost,
        REFINING_STEPS,
      );
      this.workLeft -= kept.length * REFINING_STEPS;
      kept = this.sift(placesLeft, kept, kept.length);
      if (kept !== undefined) this.branch(kept, placesLeft);
      this.prices.restore(level, before);
      return;
    }
    this.branch(kept, placesLeft);
  }

  private branch(kept: Int32Array, placesLeft: number): void {
    const article = this.scarcest(kept);
    if (article === -1) return;
    const options = this.optionsOf(article, kept);
    this.serve(article, options, kept, placesLeft);
  }

  /** Places with which something better may be found; undefined: nothing better is to be found here. */
  private sift(placesLeft: number, alive: Int32Array, count: number): Int32Array | undefined {
    const { prices, best } = this;
    let kept = alive.subarray(0, count);
    for (const [l, level] of prices.levels.entries()) {
      this.lastLevel = l;
      this.workLeft -= kept.length;
      const bound = prices.floor(level, this.restOf(placesLeft, kept, kept.length), best.cost);
      const most = best.cost[level.column]!;
      if (isAbove(bound, most)) return undefined;
      const { reduced } = level;
      const { threshold } = prices;
      // As it is read against `most`, whose slack is the same for all.
      const room = highestWithin(most) - bound + threshold;
      let left = 0;
      const mayServe = new Int32Array(kept.length);
      for (const p of kept) if (reduced[p]! <= room || reduced[p]! <= threshold) mayServe[left++] = p;
      kept = mayServe.subarray(0, left);
      if (!isReached(bound, most, level.step)) return kept;
    }
    return kept;
  }

  /** The lacking article that fewest places have; -1: one cannot be served any more. */
  private scarcest(kept: Int32Array): number {
    const { remaining, problem } = this;
    const places = new Int32Array(remaining.length);
    const units = new Int32Array(remaining.length);
    for (const p of kept) {
      const row = problem.units[p]!;
      for (let a = 0; a < row.length; a++) {
        if (row[a] === 0) continue;
        places[a]!++;
        units[a]! += row[a]!;
      }
    }
    let found = -1;
    for (let a = 0; a < remaining.length; a++) {
      if (remaining[a] === 0) continue;
      if (!this.mayGiveUp && units[a]! < remaining[a]!) return -1;
      if (found === -1 || places[a]! < places[found]!) found = a;
    }
    return found;
  }

  private optionsOf(article: number, kept: Int32Array): Int32Array {
    const { reduced } = this.prices.levels[this.lastLevel]!;
    return kept.filter((p) => this.problem.units[p]![article]! > 0).sort((a, b) => reduced[a]! - reduced[b]! || a - b);
  }

  private serve(article: number, options: Int32Array, kept: Int32Array, placesLeft: number): void {
    const { remaining, cost, used, problem } = this;
    const before = remaining.slice();
    const costBefore = cost.slice();
    let alive = kept;
    for (const place of options) {
      const row = problem.units[place]!;
      const charges = problem.charges[place]!;
      for (let a = 0; a < row.length; a++) remaining[a] = Math.max(0, before[a]! - row[a]!);
      for (let i = 0; i < cost.length; i++) cost[i] = costBefore[i]! + charges[i]!;
      alive = alive.filter((p) => p !== place);
      used.push(place);
      this.visit(placesLeft - 1, alive, alive.length);
      used.pop();
      remaining.set(before);
      cost.set(costBefore);
      if (this.isExhausted) return;
    }
    if (!this.mayGiveUp) return;
    cost[0]! += remaining[article]!;
    remaining[article] = 0;
    this.visit(placesLeft, alive, alive.length);
    remaining.set(before);
    cost.set(costBefore);
  }
}
