import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Candidate } from './candidate.js';
import type { SourcingLine } from './filter-places.js';
import { planSourcing, type SourcingPlan } from './plan-sourcing.js';
import { DEFAULT_RULE, type SourcingRule } from './sourcing-rule.js';
import { order, place } from './testing/sourcing-cases.js';

const skus = ['A', 'B', 'C', 'D'];
const units = fc.dictionary(fc.constantFrom(...skus), fc.integer({ min: 0, max: 4 }), { maxKeys: 4 });
const candidates = fc
  .array(
    fc.record({
      units,
      northKm: fc.integer({ min: 0, max: 5 }),
      city: fc.constantFrom('Shanghai', 'Suzhou'),
      openTasks: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 8 },
  )
  .map((drawn) => drawn.map((fields, i) => place(`p${i}`, fields)));
/** The same article may stand in several lines. */
const lines = fc
  .array(fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 5 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((drawn) => drawn.map((line, i): SourcingLine => ({ lineId: `l${i}`, ...line })));
const rules = fc
  .integer({ min: 0, max: 3 })
  .map((maxSplits): SourcingRule => ({ ...DEFAULT_RULE, limits: { maxSplits, splitAboveMinor: 0 } }));

const sharesOf = (plan: SourcingPlan) => (plan.kind === 'planned' ? plan.shares : []);
function placedUnits(plan: SourcingPlan): Map<string, number> {
  const placed = new Map<string, number>();
  for (const { lines: given } of sharesOf(plan))
    for (const { lineId, quantity } of given) placed.set(lineId, (placed.get(lineId) ?? 0) + quantity);
  return placed;
}

/** What is wrong with the plan of a basket; nothing, if all is well. */
function faultsOf(
  asked: readonly SourcingLine[],
  from: readonly Candidate[],
  rule: SourcingRule,
  budget?: number,
): string[] {
  const plan = planSourcing({ ...order(), lines: asked }, from, rule, budget);
  const shares = sharesOf(plan);
  const placed = placedUnits(plan);
  const unplaced = new Map(plan.unplaced.map(({ lineId, quantity }) => [lineId, quantity]));
  const faults = asked
    .filter(({ lineId, quantity }) => (placed.get(lineId) ?? 0) + (unplaced.get(lineId) ?? 0) !== quantity)
    .map(({ lineId }) => `${lineId} is not accounted for`);
  for (const { location, lines: given } of shares) {
    if (given.length === 0) faults.push(`${location} gives nothing`);
    const stock = new Map(from.find((candidate) => candidate.location === location)!.units);
    for (const { sku, quantity } of given) stock.set(sku, (stock.get(sku) ?? 0) - quantity);
    if (Math.min(...stock.values()) < 0) faults.push(`${location} gives more than it has`);
  }
  if (shares.length > rule.limits.maxSplits + 1) faults.push(`${shares.length} places are more than the rule allows`);
  const { chosen, placedUnits: told } = plan.explanation;
  if (told !== [...placed.values()].reduce((sum, units) => sum + units, 0)) faults.push('explained with other units');
  if ((chosen?.locations ?? []).join() !== shares.map(({ location }) => location).join())
    faults.push('explained with other places');
  return faults;
}

describe('a plan, whatever the basket and the stock', () => {
  it('accounts for every piece once, gives no more than a place has, and keeps within its limits', () => {
    fc.assert(
      fc.property(lines, candidates, rules, (asked, from, rule) => {
        expect(faultsOf(asked, from, rule)).toEqual([]);
      }),
      { seed: 20260604, numRuns: 1500 },
    );
  });
  it('also where its search is cut short', () => {
    fc.assert(
      fc.property(lines, candidates, rules, (asked, from, rule) => {
        expect(faultsOf(asked, from, rule, 0)).toEqual([]);
      }),
      { seed: 20260605, numRuns: 500 },
    );
  });
  it('is the same for the same candidates in another order', () => {
    fc.assert(
      fc.property(lines, candidates, rules, (asked, from, rule) => {
        const request = { ...order(), lines: asked };
        expect(planSourcing(request, from.toReversed(), rule)).toEqual(planSourcing(request, from, rule));
      }),
      { seed: 20260606, numRuns: 500 },
    );
  });
});

describe('the places of a plan, as the rule prefers them', () => {
  it('are for a single piece those it would choose one after another, each time without those before', () => {
    const stocked = candidates.map((from) => from.map((one) => ({ ...one, units: new Map([['A', 1]]) })));
    fc.assert(
      fc.property(stocked, (from) => {
        const plan = planSourcing(order(), from, DEFAULT_RULE);
        const chosen: string[] = [];
        for (let rest = from; ; ) {
          const [share] = sharesOf(planSourcing(order(), rest, DEFAULT_RULE));
          if (!share) break;
          chosen.push(share.location);
          rest = rest.filter(({ location }) => location !== share.location);
        }
        expect(plan.kind === 'planned' ? plan.ranked : []).toEqual(chosen);
      }),
      { seed: 20260607, numRuns: 300 },
    );
  });
});

describe('a basket of fifty lines over four hundred places', () => {
  const many = Array.from({ length: 50 }, (_, i) => `K${i}`);
  const asked = order(Object.fromEntries(many.map((sku) => [sku, 3])));
  const placesThatHave = (has: (p: number, i: number) => boolean): Candidate[] =>
    Array.from({ length: 400 }, (_, p) =>
      place(`p${p}`, {
        units: Object.fromEntries(many.flatMap((sku, i) => (has(p, i) ? [[sku, 1 + ((p + i) % 3)]] : []))),
      }),
    );
  /** As good as drawn by lot: remainders of ever larger squares. */
  const scattered = (p: number, i: number) => ((p * 50 + i) ** 2 % 10_007) % 11 < 3;

  it('has a plan within its limits though not every one can be compared, and says so', () => {
    const plan = planSourcing(asked, placesThatHave(scattered), DEFAULT_RULE);
    expect(plan.explanation.isOptimal).toBe(false);
    expect(sharesOf(plan)).toHaveLength(4);
    expect(plan.explanation.places.length).toBeLessThanOrEqual(22);
  });
  it('is decided exactly where what a place has follows a pattern', () => {
    const plan = planSourcing(
      asked,
      placesThatHave((p, i) => (p * 7 + i * 13) % 11 < 3),
      DEFAULT_RULE,
    );
    expect(plan.explanation.isOptimal).toBe(true);
    expect(sharesOf(plan)).toHaveLength(4);
  });
});
