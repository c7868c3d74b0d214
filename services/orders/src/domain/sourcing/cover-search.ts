import { compareCharges } from './charge-places.js';
import type { CoverBounds } from './cover-bounds.js';
import { type Cover, type CoverProblem, coverOf } from './cover-problem.js';

/** The most that any so many places add together, of the first articles, by number of places. */
function reachOf({ units, maxPlaces }: CoverProblem, articles: number): Float64Array {
  const most = new Float64Array(units.length);
  units.forEach((row, p) => {
    for (let a = 0; a < articles; a++) most[p]! += row[a]!;
  });
  most.sort();
  const reach = new Float64Array(maxPlaces + 1);
  for (let i = 1; i <= maxPlaces; i++) reach[i] = reach[i - 1]! + (most[most.length - i] ?? 0);
  return reach;
}

interface Branch {
  /** A place, or -1: the article is given up. */
  readonly place: number;
  readonly bound: readonly number[];
}

/**
 * Depth first: the scarcest article that still lacks units is served by each place that has it, likeliest first; what
 * was tried is out of the rest of the branch, so no set of places is tried twice.
 */
export class CoverSearch {
  isExhausted = false;
  private best: Cover | undefined;
  private readonly options: number[][];
  private readonly remaining: number[];
  private readonly isOut: Uint8Array;
  private readonly used: number[] = [];
  private readonly width: number;
  private readonly bound: number[];
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
    this.remaining = [...problem.needs];
    this.isOut = new Uint8Array(problem.units.length);
    this.width = problem.charges[0]!.length;
    this.bound = problem.charges[0]!.map(() => 0);
    this.options = Array.from(problem.needs, (_, a) => places.filter((p) => problem.units[p]![a]! > 0));
    this.workLeft = budget;
    this.branchWork = 1 + Math.floor(problem.needs.length / 16);
    this.reach = reachOf(problem, bounds.bounded);
  }

  /** The best plan, these included. */
  run(known: readonly Cover[]): Cover | undefined {
    for (const cover of known) this.offer(cover);
    this.visit(
      this.bound.map(() => 0),
      this.problem.maxPlaces,
    );
    return this.best;
  }

  private offer(cover: Cover): void {
    if (cover.places.length === 0) return;
    if (this.except && compareCharges(cover.cost, this.except.cost) === 0) return;
    if (!this.best || compareCharges(cover.cost, this.best.cost) < 0) this.best = cover;
  }

  private visit(cost: readonly number[], placesLeft: number): void {
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
    const branches = this.branchesOf(article, cost, placesLeft);
    for (const { place, bound } of branches) {
      if (this.best && compareCharges(bound, this.best.cost) >= 0) break;
      this.descend(article, place, cost, placesLeft);
      if (this.isExhausted) break;
    }
    for (const { place } of branches) if (place >= 0) this.isOut[place] = 0;
  }

  private descend(article: number, place: number, cost: readonly number[], placesLeft: number): void {
    const { remaining, problem } = this;
    const before = remaining.slice();
    const next = cost.slice();
    if (place < 0) {
      next[0]! += remaining[article]!;
      remaining[article] = 0;
      this.visit(next, placesLeft);
    } else {
      const row = problem.units[place]!;
      for (let a = 0; a < row.length; a++) remaining[a] = Math.max(0, remaining[a]! - row[a]!);
      for (let i = 0; i < this.width; i++) next[i]! += problem.charges[place]![i]!;
      this.isOut[place] = 1;
      this.used.push(place);
      this.visit(next, placesLeft - 1);
      this.used.pop();
    }
    for (let a = 0; a < before.length; a++) remaining[a] = before[a]!;
  }

  /** Cheapest bound first; those that cannot beat the best plan are left out. */
  private branchesOf(article: number, cost: readonly number[], placesLeft: number): Branch[] {
    const branches: Branch[] = [];
    const offer = (place: number): void => {
      if (this.bound[0] === Number.POSITIVE_INFINITY) return;
      if (!this.best || compareCharges(this.bound, this.best.cost) < 0)
        branches.push({ place, bound: this.bound.slice() });
    };
    const options = placesLeft > 0 ? this.options[article]! : [];
    for (const place of options) {
      if (this.isOut[place] === 1) continue;
      this.boundWith(place, cost, placesLeft - 1);
      offer(place);
    }
    if (this.mayGiveUp) {
      this.boundWithout(article, cost, placesLeft);
      offer(-1);
    }
    return branches.sort((a, b) => compareCharges(a.bound, b.bound) || a.place - b.place);
  }

  private boundWith(place: number, cost: readonly number[], placesLeft: number): void {
    const { remaining, problem, bounds, bound } = this;
    const row = problem.units[place]!;
    const charges = problem.charges[place]!;
    this.state = 0;
    this.partUnits = 0;
    this.lackUnits = 0;
    for (let a = 0; a < bounds.bounded; a++) this.addLacking(a, remaining[a]! - row[a]!);
    for (let i = 0; i < this.width; i++) bound[i] = cost[i]! + charges[i]!;
    this.addRest(placesLeft);
  }

  private boundWithout(article: number, cost: readonly number[], placesLeft: number): void {
    const { remaining, bounds, bound } = this;
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
