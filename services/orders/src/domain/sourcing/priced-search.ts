import { compareCharges } from './charge-places.js';
import { type CoverPrices, highestWithin, isAbove, isReached, type Level, type Rest } from './cover-prices.js';
import { type Cover, type CoverProblem, coverOf } from './cover-problem.js';

const REFINED_FROM = 12;
const REFINING_STEPS = 6;
/** The fewer places there may be, the more has to come from each: plans are made with several weights of that. */
const WEIGHTS = [0.02, 0.3, 2];

/** What is left at one depth of the search; made once and used for every branch that comes there. */
interface Frame extends Rest {
  placesLeft: number;
  count: number;
  readonly options: Int32Array;
  /** As they were before a branch: what is left of the order, what it costs, the prices of a level. */
  readonly remainingBefore: Int32Array;
  readonly costBefore: Float64Array;
  readonly pricesBefore: Float64Array;
}

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
  private readonly isTried: Uint8Array;
  private readonly frames: Frame[] = [];
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
    this.isTried = new Uint8Array(problem.units.length);
  }

  /** Looks for prices first, and for plans as they suggest; without it those of a search before are good enough. */
  findPrices(): void {
    const { problem, places, remaining, cost } = this;
    const alive = Int32Array.from(places);
    const rest = { remaining, cost, placesLeft: problem.maxPlaces, alive, count: alive.length };
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
    this.visit(0, this.problem.maxPlaces, Int32Array.from(this.places), this.places.length);
    return this.best;
  }

  private gatherAt(level: Level, rest: Rest, weight: number): void {
    const mean = Math.max(1, this.best.cost[level.column]!) / this.problem.maxPlaces;
    this.offer(coverOf(this.problem, this.prices.gather(level, rest, weight * mean)));
  }

  private offer(cover: Cover): void {
    if (cover.places.length === 0 || cover.places.length > this.problem.maxPlaces) return;
    if (this.except && compareCharges(cover.cost, this.except.cost) === 0) return;
    if (compareCharges(cover.cost, this.best.cost) < 0) this.best = cover;
  }

  private frameAt(depth: number): Frame {
    const { remaining, cost, places, problem } = this;
    this.frames[depth] ??= {
      remaining,
      cost,
      placesLeft: 0,
      alive: new Int32Array(places.length),
      count: 0,
      options: new Int32Array(places.length),
      remainingBefore: new Int32Array(remaining.length),
      costBefore: new Float64Array(cost.length),
      pricesBefore: new Float64Array(problem.needs.length + cost.length),
    };
    return this.frames[depth];
  }

  private visit(depth: number, placesLeft: number, from: Int32Array, count: number): void {
    if (!this.isLacking()) {
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
    const frame = this.frameAt(depth);
    frame.placesLeft = placesLeft;
    this.keepUseful(frame, from, count);
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

  /** Those that were not tried and have some of what is left. */
  private keepUseful(frame: Frame, from: Int32Array, count: number): void {
    const { isTried, remaining } = this;
    const { starts, articleAt } = this.prices.cells;
    const { alive } = frame;
    let kept = 0;
    for (let k = 0; k < count; k++) {
      const p = from[k]!;
      if (isTried[p] === 1) continue;
      let i = starts[p]!;
      while (i < starts[p + 1]! && remaining[articleAt[i]!] === 0) i++;
      if (i < starts[p + 1]!) alive[kept++] = p;
    }
    frame.count = kept;
  }

  /** Keeps the places with which something better may be found; false: nothing better is to be found here. */
  private sift(frame: Frame): boolean {
    const { prices, best } = this;
    const { alive } = frame;
    for (let l = 0; l < prices.levels.length; l++) {
      const level = prices.levels[l]!;
      this.lastLevel = l;
      this.workLeft -= frame.count;
      const bound = prices.floor(level, frame, best.cost);
      const most = best.cost[level.column]!;
      if (isAbove(bound, most)) return false;
      const { reduced } = level;
      // As it is read against `most`, whose slack is the same for all.
      const room = Math.max(highestWithin(most) - bound + prices.threshold, prices.threshold);
      let kept = 0;
      for (let k = 0; k < frame.count; k++) if (reduced[alive[k]!]! <= room) alive[kept++] = alive[k]!;
      frame.count = kept;
      if (!isReached(bound, most, level.step)) break;
    }
    return true;
  }

  private branch(depth: number, frame: Frame): void {
    const article = this.scarcest(frame);
    if (article === -1) return;
    this.serve(depth, frame, article, this.findOptions(frame, article));
  }

  /** The lacking article that fewest places have; -1: one cannot be served any more. */
  private scarcest({ alive, count }: Frame): number {
    const { remaining } = this;
    const { starts, articleAt, unitsAt } = this.prices.cells;
    const places = new Int32Array(remaining.length);
    const units = new Int32Array(remaining.length);
    for (let k = 0; k < count; k++) {
      const p = alive[k]!;
      for (let i = starts[p]!; i < starts[p + 1]!; i++) {
        places[articleAt[i]!]!++;
        units[articleAt[i]!]! += unitsAt[i]!;
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

  /** Likeliest first; answers how many there are. */
  private findOptions({ alive, count, options }: Frame, article: number): number {
    const { reduced } = this.prices.levels[this.lastLevel]!;
    const { units } = this.problem;
    let found = 0;
    for (let k = 0; k < count; k++) {
      const p = alive[k]!;
      if (units[p]![article] === 0) continue;
      let i = found++;
      for (; i > 0 && reduced[options[i - 1]!]! > reduced[p]!; i--) options[i] = options[i - 1]!;
      options[i] = p;
    }
    return found;
  }

  private serve(depth: number, frame: Frame, article: number, found: number): void {
    const { remaining, cost, used, problem, isTried } = this;
    const { starts, articleAt, unitsAt } = this.prices.cells;
    const { remainingBefore, costBefore, options, placesLeft } = frame;
    remainingBefore.set(remaining);
    costBefore.set(cost);
    let tried = 0;
    while (tried < found && !this.isExhausted) {
      const place = options[tried++]!;
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
    }
    if (this.mayGiveUp && !this.isExhausted) {
      cost[0]! += remaining[article]!;
      remaining[article] = 0;
      this.visit(depth + 1, placesLeft, frame.alive, frame.count);
      remaining.set(remainingBefore);
      cost.set(costBefore);
    }
    for (let k = 0; k < tried; k++) isTried[options[k]!] = 0;
  }
}
