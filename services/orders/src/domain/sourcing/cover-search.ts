import { compareCharges } from './charge-places.js';
import type { CoverBounds } from './cover-bounds.js';
import { type Cover, type CoverProblem, coverOf } from './cover-problem.js';

/** The most that any so many places add together, of the first articles, by number of places. */
function reachOf({ units, maxPlaces }: CoverProblem, articles: number): Float64Array {
  /** What single places add, the most first. */
  const most = new Float64Array(maxPlaces);
  for (const row of units) {
    let adds = 0;
    for (let a = 0; a < articles; a++) adds += row[a]!;
    if (maxPlaces === 0 || adds <= most[maxPlaces - 1]!) continue;
    let i = maxPlaces - 1;
    for (; i > 0 && most[i - 1]! < adds; i--) most[i] = most[i - 1]!;
    most[i] = adds;
  }
  const reach = new Float64Array(maxPlaces + 1);
  for (let i = 1; i <= maxPlaces; i++) reach[i] = reach[i - 1]! + most[i - 1]!;
  return reach;
}

/** Of each article the places that have it, in their order. */
function optionsOf({ needs, units }: CoverProblem, places: readonly number[]): number[][] {
  const options: number[][] = needs.map(() => []);
  for (const p of places) {
    const row = units[p]!;
    for (let a = 0; a < row.length; a++) if (row[a]! > 0) options[a]!.push(p);
  }
  return options;
}

/** An article is given up, rather than served by a place. */
const GIVEN_UP = -1;
const DONE = -2;

/** The branches of one depth, and what was left and what it cost before them; made once for all that come there. */
interface Frame {
  /** Places, or `GIVEN_UP`. */
  readonly branches: Int32Array;
  /** Branch by branch, a column for each charge. */
  readonly bounds: Float64Array;
  count: number;
  readonly remainingBefore: Int32Array;
  readonly costBefore: Float64Array;
}

/**
 * Depth first: the scarcest article that still lacks units is served by each place that has it, likeliest first; what
 * was tried is out of the rest of the branch, so no set of places is tried twice.
 */
export class CoverSearch {
  isExhausted = false;
  private best: Cover | undefined;
  private readonly options: number[][];
  private readonly remaining: Int32Array;
  private readonly cost: Float64Array;
  private readonly isOut: Uint8Array;
  private readonly used: number[] = [];
  private readonly frames: Frame[] = [];
  private readonly width: number;
  private readonly bound: Float64Array;
  private readonly mayGiveUp: boolean;
  private workLeft: number;
  /** A branch of fifty articles takes as long as four of ten. */
  private readonly branchWork: number;
  /** Units that so many places add at most. */
  private readonly reach: Float64Array;
  private state = 0;
  private partUnits = 0;
  private lackUnits = 0;

  /** `except`: a plan that is not looked for. */
  constructor(
    private readonly problem: CoverProblem,
    private readonly bounds: CoverBounds,
    places: readonly number[],
    budget: number,
    private readonly except?: Cover,
  ) {
    this.mayGiveUp = bounds.mayGiveUp;
    this.remaining = Int32Array.from(problem.needs);
    this.isOut = new Uint8Array(problem.units.length);
    this.width = problem.charges[0]!.length;
    this.bound = new Float64Array(this.width);
    this.cost = new Float64Array(this.width);
    this.options = optionsOf(problem, places);
    this.workLeft = budget;
    this.branchWork = 1 + Math.floor(problem.needs.length / 16);
    this.reach = reachOf(problem, bounds.bounded);
  }

  /** The best plan, these included. */
  run(known: readonly Cover[]): Cover | undefined {
    for (const cover of known) this.offer(cover);
    this.visit(0, this.problem.maxPlaces);
    return this.best;
  }

  private offer(cover: Cover): void {
    if (cover.places.length === 0) return;
    if (this.except && compareCharges(cover.cost, this.except.cost) === 0) return;
    if (!this.best || compareCharges(cover.cost, this.best.cost) < 0) this.best = cover;
  }

  private frameAt(depth: number): Frame {
    const known = this.frames[depth];
    if (known) return known;
    const { options, width, remaining } = this;
    const most = 1 + options.reduce((longest, { length }) => Math.max(longest, length), 0);
    const frame = {
      branches: new Int32Array(most),
      bounds: new Float64Array(most * width),
      count: 0,
      remainingBefore: new Int32Array(remaining.length),
      costBefore: new Float64Array(width),
    };
    this.frames[depth] = frame;
    return frame;
  }

  private visit(depth: number, placesLeft: number): void {
    if (this.workLeft <= 0) {
      this.isExhausted = true;
      return;
    }
    const article = this.remaining.findIndex((units) => units > 0);
    if (article === -1) {
      // Given-up articles may have come along with a place taken for another: the plan is priced anew.
      this.offer(coverOf(this.problem, this.used));
      return;
    }
    const frame = this.frameAt(depth);
    frame.remainingBefore.set(this.remaining);
    frame.costBefore.set(this.cost);
    this.layBranches(frame, article, placesLeft);
    const tried: number[] = [];
    for (let next = this.lowest(frame); next !== -1; next = this.lowest(frame)) {
      const place = frame.branches[next]!;
      frame.branches[next] = DONE;
      if (place !== GIVEN_UP) tried.push(place);
      this.descend(depth, article, place, placesLeft);
      this.remaining.set(frame.remainingBefore);
      this.cost.set(frame.costBefore);
      if (this.isExhausted) break;
    }
    for (const place of tried) this.isOut[place] = 0;
  }

  private descend(depth: number, article: number, place: number, placesLeft: number): void {
    const { remaining, problem, cost } = this;
    if (place === GIVEN_UP) {
      cost[0]! += remaining[article]!;
      remaining[article] = 0;
      this.visit(depth + 1, placesLeft);
      return;
    }
    const row = problem.units[place]!;
    const charges = problem.charges[place]!;
    for (let a = 0; a < row.length; a++) remaining[a] = Math.max(0, remaining[a]! - row[a]!);
    for (let i = 0; i < this.width; i++) cost[i]! += charges[i]!;
    this.isOut[place] = 1;
    this.used.push(place);
    this.visit(depth + 1, placesLeft - 1);
    this.used.pop();
  }

  /** Those that cannot beat the best plan are left out. */
  private layBranches(frame: Frame, article: number, placesLeft: number): void {
    frame.count = 0;
    if (placesLeft > 0)
      for (const place of this.options[article]!) {
        if (this.isOut[place] === 1) continue;
        this.boundWith(place, placesLeft - 1);
        this.lay(frame, place);
      }
    if (!this.mayGiveUp) return;
    this.boundWithout(article, placesLeft);
    this.lay(frame, GIVEN_UP);
  }

  private lay(frame: Frame, branch: number): void {
    const { bound, best } = this;
    if (bound[0] === Number.POSITIVE_INFINITY || (best && compareCharges(bound, best.cost) >= 0)) return;
    frame.branches[frame.count] = branch;
    frame.bounds.set(bound, frame.count * this.width);
    frame.count++;
  }

  /** The branch with the lowest bound, of several the first place; -1: none can beat the best plan any more. */
  private lowest({ branches, bounds, count }: Frame): number {
    const { width, best } = this;
    let found = -1;
    for (let b = 0; b < count; b++) {
      if (branches[b] === DONE) continue;
      if (found === -1) {
        found = b;
        continue;
      }
      let i = 0;
      while (i < width && bounds[b * width + i] === bounds[found * width + i]) i++;
      const isLower = i < width ? bounds[b * width + i]! < bounds[found * width + i]! : branches[b]! < branches[found]!;
      if (isLower) found = b;
    }
    if (found === -1 || !best) return found;
    for (let i = 0; i < width; i++) {
      const difference = bounds[found * width + i]! - best.cost[i]!;
      if (difference !== 0) return difference < 0 ? found : -1;
    }
    return -1;
  }

  private boundWith(place: number, placesLeft: number): void {
    const { remaining, problem, bounds, bound, cost } = this;
    const row = problem.units[place]!;
    const charges = problem.charges[place]!;
    this.state = 0;
    this.partUnits = 0;
    this.lackUnits = 0;
    for (let a = 0; a < bounds.bounded; a++) this.addLacking(a, remaining[a]! - row[a]!);
    for (let i = 0; i < this.width; i++) bound[i] = cost[i]! + charges[i]!;
    this.addRest(placesLeft);
  }

  private boundWithout(article: number, placesLeft: number): void {
    const { remaining, bounds, bound, cost } = this;
    this.state = 0;
    this.partUnits = 0;
    this.lackUnits = 0;
    for (let a = 0; a < bounds.bounded; a++) if (a !== article) this.addLacking(a, remaining[a]!);
    for (let i = 0; i < this.width; i++) bound[i] = cost[i]!;
    bound[0]! += remaining[article]!;
    this.addRest(placesLeft);
  }

  private addLacking(article: number, left: number): void {
    if (left <= 0) return;
    const { lacks, untouched } = this.bounds;
    const given = this.problem.needs[article]! - left;
    this.state |= lacks[article]!;
    this.lackUnits += left;
    if (given === 0) this.state |= untouched[article]!;
    else if (untouched[article] === 0) this.partUnits += given;
  }

  /**
   * The bounds give up an article with a single bit whole; where it was served in part there is less to give up, at
   * most by `partUnits`. Where that says less than the units out of reach do, or nothing, nothing is known of the other
   * columns.
   */
  private addRest(placesLeft: number): void {
    const { bounds, bound } = this;
    const workBefore = bounds.work;
    const offset = bounds.at(this.state, placesLeft);
    // The runner-up's bounds are mostly known from the search before, and those that are not pay for themselves.
    this.workLeft -= this.branchWork + (this.except ? 0 : bounds.work - workBefore);
    const unplaced = bounds.costs[offset]! - (this.mayGiveUp ? this.partUnits : 0);
    const outOfReach = this.lackUnits - this.reach[placesLeft]!;
    if (outOfReach > 0 && !this.mayGiveUp) bound[0] = Number.POSITIVE_INFINITY;
    else if (outOfReach > Math.max(0, unplaced)) bound[0]! += outOfReach;
    if (unplaced < Math.max(0, outOfReach)) return;
    bound[0]! += unplaced;
    for (let i = 1; i < this.width; i++) bound[i]! += bounds.costs[offset + i]!;
  }
}
