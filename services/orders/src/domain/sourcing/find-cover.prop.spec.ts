import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareCharges } from './charge-places.js';
import { type Cover, type CoverProblem, coverOf } from './cover-problem.js';
import { findCovers } from './find-cover.js';

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

/** As planSourcing hands it over: places that have something, needs that can be met, sorted by charges. */
function problemOf(drawn: {
  needs: number[];
  rows: { units: number[]; charges: number[] }[];
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
