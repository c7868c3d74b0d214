import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Candidate } from './candidate.js';
import { MAX_DROPS } from './explain-routing.js';
import { planSourcing } from './plan-sourcing.js';
import { order, place, rule } from './testing/sourcing-cases.js';

const MAX_NAMED = 12;
const candidates = fc
  .array(
    fc.record({
      northKm: fc.integer({ min: 0, max: 6 }),
      confidence: fc.constantFrom(0.4, 1),
      units: fc.record({ A: fc.integer({ min: 0, max: 3 }), B: fc.integer({ min: 0, max: 3 }) }),
      isSomewhere: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((drawn) =>
    drawn.map(({ isSomewhere, ...fields }, i): Candidate => {
      const { latitude, longitude, ...one } = place(`p${String(i).padStart(2, '0')}`, fields);
      return isSomewhere ? { ...one, latitude: latitude!, longitude: longitude! } : one;
    }),
  );
const strict = rule({
  filters: [{ by: 'min_confidence', atLeast: 0.5 }],
  sorters: [{ by: 'nearest', stepKm: 1 }],
});

describe('an explanation, of however many places', () => {
  it('names the nearest that were passed over though they have stock, those of an unknown distance last', () => {
    fc.assert(
      fc.property(candidates, (from) => {
        const { places } = planSourcing(order({ A: 4, B: 4 }), from, strict).explanation;
        const passedOver = from.filter(
          ({ confidence, units }) => confidence < 0.5 && [...units.values()].some((has) => has > 0),
        );
        // They all lie straight north of the customer.
        const latitudeOf = ({ latitude }: Candidate) => latitude ?? 90;
        const nearest = passedOver.toSorted((a, b) => latitudeOf(a) - latitudeOf(b));
        const drops = places.filter(({ outcome }) => outcome === 'dropped').map(({ location }) => location);
        expect(drops).toEqual(nearest.slice(0, MAX_DROPS).map(({ location }) => location));
      }),
      { seed: 20260613, numRuns: 500 },
    );
  });

  it('names the chosen, the runner-up’s and the best of the others, each with its rank', () => {
    fc.assert(
      fc.property(candidates, (from) => {
        const plan = planSourcing(order({ A: 4, B: 4 }), from, strict);
        if (plan.kind !== 'planned') return;
        const { places, runnerUp } = plan.explanation;
        const chosen = plan.ranked.filter((one) => plan.shares.some(({ location }) => location === one));
        const rest = plan.ranked.filter((one) => !chosen.includes(one));
        const next = rest.filter((one) => runnerUp?.locations.includes(one));
        const others = rest.filter((one) => !next.includes(one));
        const beside = [...next, ...others].slice(0, Math.max(next.length, MAX_NAMED - chosen.length));
        const notes = places.filter(({ outcome }) => outcome !== 'dropped');
        expect(notes.map(({ location }) => location)).toEqual([...chosen, ...beside]);
        expect(notes.map(({ rank }) => plan.ranked[rank! - 1])).toEqual([...chosen, ...beside]);
      }),
      { seed: 20260614, numRuns: 500 },
    );
  });
});
