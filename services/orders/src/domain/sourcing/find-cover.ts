import { compareCharges } from './charge-places.js';
import { CoverBounds } from './cover-bounds.js';
import { CoverPrices } from './cover-prices.js';
import { among, type Cover, type CoverProblem, neighboursOf, quickCovers, withoutDominated } from './cover-problem.js';
import { CoverSearch } from './cover-search.js';
import { PricedSearch } from './priced-search.js';

/** Places looked at in the search by prices before it contents itself with the best plan so far; some milliseconds. */
export const SEARCH_BUDGET = 600_000;
/** Branches looked at in the search by sets before prices take over; a tenth of a millisecond or two. */
const BY_SETS_BUDGET = 1_500;
/** The runner-up only explains; where there is hardly another plan, the search for one would take longest. */
const RUNNER_UP_BRANCHES = 3_000;
const RUNNER_UP_PLACES = 15_000;

export interface FoundCovers {
  /** Undefined: no place has anything. */
  readonly best?: Cover;
  /** The best one found beside it; it does without at least one of its places. */
  readonly runnerUp?: Cover;
  /** False: the budget ran out, a better plan than `best` may exist. */
  readonly isOptimal: boolean;
}

/**
 * The cheapest cover, by branch and bound. First among plans that place everything; where the number of places forbids
 * that, among all, by how little they leave. The runner-up is sought among the same. Most orders are decided by bounds of
 * sets of articles, which are exact where places have all of an article or none; what is undecided by then, by prices.
 */
export function findCovers(
  problem: CoverProblem,
  budget = SEARCH_BUDGET,
  bySets = Math.min(budget, BY_SETS_BUDGET),
): FoundCovers {
  const { places, alone } = withoutDominated(problem);
  const { best, runnerUp, isOptimal } = findAmong(among(problem, places), alone, budget, bySets);
  const named = (cover: Cover): Cover => ({ ...cover, places: cover.places.map((p) => places[p]!) });
  return { ...(best ? { best: named(best) } : {}), ...(runnerUp ? { runnerUp: named(runnerUp) } : {}), isOptimal };
}

function findAmong(problem: CoverProblem, alone: readonly number[], budget: number, bySets: number): FoundCovers {
  const quick = quickCovers(problem);
  if (quick.length === 0) return { isOptimal: true };
  const known = [...quick];
  if (mayCover(problem)) {
    const found = searchBySets(
      problem,
      alone,
      false,
      quick.filter(({ cost }) => cost[0] === 0),
      bySets,
    );
    if (found.isOptimal && found.best) return found;
    if (found.best) known.push(found.best);
    if (!found.isOptimal) return findByPrices(problem, alone, known, budget);
  }
  const found = searchBySets(problem, alone, true, quick, bySets);
  if (found.isOptimal) return found;
  return findByPrices(problem, alone, [...known, found.best!], budget);
}

function searchBySets(
  problem: CoverProblem,
  alone: readonly number[],
  mayGiveUp: boolean,
  quick: readonly Cover[],
  budget: number,
): FoundCovers {
  const bounds = new CoverBounds(problem, mayGiveUp);
  const search = new CoverSearch(problem, bounds, alone, budget);
  const best = search.run(quick);
  const isOptimal = !search.isExhausted;
  if (!best) return { isOptimal };
  return { best, ...(isOptimal ? runnerUpTo(best, problem, bounds, quick) : {}), isOptimal };
}

function findByPrices(
  problem: CoverProblem,
  alone: readonly number[],
  known: readonly Cover[],
  budget: number,
): FoundCovers {
  const quickest = cheapest(known);
  const prices = new CoverPrices(problem, quickest.cost[0]! > 0);
  const search = new PricedSearch(problem, alone, prices, quickest, budget);
  const best = search.findBest();
  const isOptimal = !search.isExhausted;
  const met = search.beside ? [...known, search.beside] : known;
  const others = [...met, ...neighboursOf(problem, best)].filter(
    ({ places, cost }) =>
      places.length > 0 && compareCharges(cost, best.cost) !== 0 && (best.cost[0]! > 0 || cost[0] === 0),
  );
  if (others.length === 0) return { best, isOptimal };
  const everybody = problem.units.map((_, p) => p);
  const runnerUp = new PricedSearch(
    problem,
    everybody,
    prices,
    cheapest(others),
    RUNNER_UP_PLACES,
    best,
  ).findNextBest();
  return { best, runnerUp, isOptimal };
}

const cheapest = (covers: readonly Cover[]): Cover =>
  covers.reduce((a, b) => (compareCharges(b.cost, a.cost) < 0 ? b : a));

/** Here what one place dominates plays too: often it is what comes next. */
function runnerUpTo(
  best: Cover,
  problem: CoverProblem,
  bounds: CoverBounds,
  quick: readonly Cover[],
): { runnerUp?: Cover } {
  const everybody = problem.units.map((_, p) => p);
  const search = new CoverSearch(problem, bounds, everybody, RUNNER_UP_BRANCHES, best);
  const runnerUp = search.run(bounds.mayGiveUp ? quick : quick.filter(({ cost }) => cost[0] === 0));
  return runnerUp ? { runnerUp } : {};
}

/** Quick and necessary: of each article, the places that have most of it have enough. */
function mayCover({ needs, units, maxPlaces }: CoverProblem): boolean {
  /** Ascending. */
  const most = new Float64Array(maxPlaces);
  return needs.every((need, a) => {
    most.fill(0);
    let has = 0;
    for (let p = 0; p < units.length && has < need; p++) {
      const own = units[p]![a]!;
      if (own <= most[0]!) continue;
      has += own - most[0]!;
      let i = 1;
      for (; i < maxPlaces && most[i]! < own; i++) most[i - 1] = most[i]!;
      most[i - 1] = own;
    }
    return has >= need;
  });
}
