import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareCharges } from './charge-places.js';
import { type Cover, type CoverProblem, coverOf, quickCovers } from './cover-problem.js';
import { withSwaps } from './cover-swaps.js';
import { findCovers, SEARCH_BUDGET } from './find-cover.js';

const MAX_PLACES = 7;

/** Small charges, few units: ties, parts and shortages in plenty; also more articles than the bounds have bits for. */
const problems = fc
  .record({
    articles: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 9, max: 12 })),
    sorters: fc.integer({ min: 0, max: 3 }),
    maxPlaces: fc.integer({ min: 1, max: MAX_PLACES }),
    highestCharge: fc.constantFrom(1, 3, 50),
    needed: fc.constantFrom(1, 2, 4),
  })
  .chain(({ articles, sorters, maxPlaces, highestCharge, needed }) =>
    fc.record({
      needs: fc.array(fc.integer({ min: 1, max: needed }), { minLength: articles, maxLength: articles }),
      rows: fc.array(
        fc.record({
          units: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: needed })), {
            minLength: articles,
            maxLength: articles,
          }),
          charges: fc.array(fc.integer({ min: 0, max: highestCharge }), { minLength: sorters, maxLength: sorters }),
        }),
        { minLength: 1, maxLength: MAX_PLACES },
      ),
      maxPlaces: fc.constant(maxPlaces),
    }),
  )
  .map(problemOf)
  .filter(({ needs, units }) => needs.length > 0 && units.length > 0);

const EVERYTHING = 1e9;
/** A leading column of few figures, and one that tells most plans apart, as rules have them; or places all alike. */
const large = fc
  .record({
    maxPlaces: fc.constantFrom(3, 4, 10),
    density: fc.constantFrom(0.1, 0.3),
    most: fc.constantFrom(1, 3),
    isAlike: fc.boolean(),
  })
  .chain(({ maxPlaces, density, most, isAlike }) =>
    fc.record({
      needs: fc.array(fc.integer({ min: 1, max: isAlike ? most + 1 : most }), { minLength: 10, maxLength: 10 }),
      rows: fc.array(
        fc.record({
          units: fc.array(
            fc.integer({ min: 0, max: 99 }).map((drawn) => (drawn < density * 100 ? 1 + (drawn % most) : 0)),
            { minLength: 10, maxLength: 10 },
          ),
          charges: isAlike
            ? fc.constant([])
            : fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 3000 })),
        }),
        isAlike ? { minLength: 20, maxLength: 30 } : { minLength: 60, maxLength: 120 },
      ),
      maxPlaces: fc.constant(maxPlaces),
    }),
  )
  .map(problemOf)
  .filter(({ needs }) => needs.length > 0);

/** As planSourcing hands it over: places that have something, needs that can be met, sorted by charges. */
function problemOf(drawn: {
  needs: number[];
  rows: { units: number[]; charges: readonly number[] }[];
  maxPlaces: number;
}): CoverProblem {
  const totals = drawn.needs.map((_, a) => drawn.rows.reduce((sum, { units }) => sum + units[a]!, 0));
  const articles = totals.flatMap((total, a) => (total > 0 ? [a] : []));
  const rows = drawn.rows
    .filter(({ units }) => units.some((has) => has > 0))
    .map(({ units, charges }, i) => ({
      units: articles.map((a) => Math.min(units[a]!, drawn.needs[a]!)),
      charges: [0, ...charges, 1, i + 1],
    }))
    .sort((a, b) => compareCharges(a.charges, b.charges));
  return {
    needs: articles.map((a) => Math.min(drawn.needs[a]!, totals[a]!)),
    units: rows.map(({ units }) => units),
    charges: rows.map(({ charges }) => charges),
    maxPlaces: drawn.maxPlaces,
  };
}

/** Every set of places within the limit that holds none that adds nothing, the cheapest first. */
function everyCover(problem: CoverProblem): Cover[] {
  const covers: Cover[] = [];
  for (let set = 1; set < 1 << problem.units.length; set++) {
    const places = problem.units.flatMap((_, p) => ((set & (1 << p)) === 0 ? [] : [p]));
    if (places.length > problem.maxPlaces) continue;
    const cover = coverOf(problem, places);
    if (cover.places.length === places.length) covers.push(cover);
  }
  return covers.sort((a, b) => compareCharges(a.cost, b.cost));
}

describe('the cheapest cover', () => {
  it('is what comparing every set of places finds', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { best, isOptimal } = findCovers(problem);
        expect(isOptimal).toBe(true);
        expect([...best!.cost]).toEqual([...everyCover(problem)[0]!.cost]);
        expect(best!.places.length).toBeLessThanOrEqual(problem.maxPlaces);
        expect([...coverOf(problem, best!.places).cost]).toEqual([...best!.cost]);
      }),
      { seed: 20260601, numRuns: 3000 },
    );
  });

  it('is what comparing every set of places finds, and so is the runner-up, where prices alone decide', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { best, runnerUp, isOptimal } = findCovers(problem, SEARCH_BUDGET, 0);
        const every = everyCover(problem);
        expect(isOptimal).toBe(true);
        expect([...best!.cost]).toEqual([...every[0]!.cost]);
        expect([...coverOf(problem, best!.places).cost]).toEqual([...best!.cost]);
        expect(new Set(best!.places).size).toBe(best!.places.length);
        const others = every.filter(({ cost }) => compareCharges(cost, best!.cost) !== 0);
        const second = runnerUp ? [runnerUp.cost.join()] : [];
        expect(others.map(({ cost }) => cost.join())).toEqual(expect.arrayContaining(second));
      }),
      { seed: 20260610, numRuns: 3000 },
    );
  });

  it('is the same by sets of articles and by prices, of ten articles that many places have some of', () => {
    fc.assert(
      fc.property(large, (problem) => {
        const bySets = findCovers(problem, 0, EVERYTHING);
        const byPrices = findCovers(problem, EVERYTHING, 0);
        expect([bySets.isOptimal, byPrices.isOptimal]).toEqual([true, true]);
        expect([...byPrices.best!.cost]).toEqual([...bySets.best!.cost]);
        expect([...coverOf(problem, byPrices.best!.places).cost]).toEqual([...byPrices.best!.cost]);
      }),
      { seed: 20260611, numRuns: 400 },
    );
  });

  it('has the best of the others as its runner-up, and none that places less where it places all', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { best, runnerUp } = findCovers(problem);
        const others = everyCover(problem).filter(
          ({ cost }) => compareCharges(cost, best!.cost) !== 0 && (best!.cost[0]! > 0 || cost[0] === 0),
        );
        expect(runnerUp && [...runnerUp.cost]).toEqual(others[0] && [...others[0].cost]);
      }),
      { seed: 20260602, numRuns: 3000 },
    );
  });

  it('stops where its budget ends, says so, and still has a plan', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { best, isOptimal } = findCovers(problem, 0);
        expect(isOptimal).toBe(false);
        expect(best!.places.length).toBeGreaterThan(0);
        expect(best!.places.length).toBeLessThanOrEqual(problem.maxPlaces);
      }),
      { seed: 20260603, numRuns: 200 },
    );
  });
});

describe('a plan whose places were exchanged one by one', () => {
  it('costs no more than before, and none for a cheaper one, or for one that places more, makes it better', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        for (const quick of quickCovers(problem)) {
          const { places, cost } = withSwaps(problem, quick);
          expect(compareCharges(cost, quick.cost)).toBeLessThanOrEqual(0);
          expect(places.length).toBeLessThanOrEqual(problem.maxPlaces);
          expect([...coverOf(problem, places).cost]).toEqual([...cost]);
          for (const out of places)
            for (let p = 0; p < problem.units.length; p++) {
              if (places.includes(p)) continue;
              const other = coverOf(problem, [...places.filter((one) => one !== out), p]);
              if (p > out && other.cost[0]! >= cost[0]!) continue;
              expect(compareCharges(other.cost, cost)).toBeGreaterThanOrEqual(0);
            }
        }
      }),
      { seed: 20260612, numRuns: 1000 },
    );
  });
});
