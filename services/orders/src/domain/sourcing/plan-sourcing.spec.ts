import { describe, expect, it } from '@jest/globals';
import type { Candidate } from './candidate.js';
import type { SourcingRequest } from './filter-places.js';
import { planSourcing, type SourcingPlan } from './plan-sourcing.js';
import { DEFAULT_RULE, type SourcingRule, type SourcingSorter } from './sourcing-rule.js';
import { order, place, rule } from './testing/sourcing-cases.js';

const given = (...candidates: Candidate[]) => ({
  when: (request: SourcingRequest, by: SourcingRule = rule()) => planSourcing(request, candidates, by),
});
const placesOf = (plan: SourcingPlan): string[] =>
  plan.kind === 'planned' ? plan.shares.map(({ location }) => location) : [];
const by = (...sorters: SourcingSorter[]) => rule({ sorters });

describe('each sorter decides between places that are alike otherwise', () => {
  it('same_city: before what is nearer beyond the city’s border', () => {
    const places = given(place('near', { city: 'Suzhou', northKm: 2 }), place('own', { northKm: 30 }));
    expect(placesOf(places.when(order(), by({ by: 'same_city' })))).toEqual(['own']);
  });
  it('same_city: a city is the same in capitals and with spaces around it', () => {
    const places = given(place('a', { city: 'Suzhou' }), place('b', { city: ' SHANGHAI ' }));
    expect(placesOf(places.when(order(), by({ by: 'same_city' })))).toEqual(['b']);
  });
  it('same_region', () => {
    const places = given(place('a', { region: 'north' }), place('b'));
    expect(placesOf(places.when(order(), by({ by: 'same_region' })))).toEqual(['b']);
  });
  it('nearest', () => {
    const places = given(place('a', { northKm: 12 }), place('b', { northKm: 3 }));
    expect(placesOf(places.when(order(), by({ by: 'nearest', stepKm: 1 })))).toEqual(['b']);
  });
  it('nearest: within the same step the next sorter has its say', () => {
    const places = given(place('a', { northKm: 3.2, openTasks: 9 }), place('b', { northKm: 3.9, openTasks: 1 }));
    const sorters = (stepKm: number) => by({ by: 'nearest', stepKm }, { by: 'load' });
    expect(placesOf(places.when(order(), sorters(1)))).toEqual(['b']);
    expect(placesOf(places.when(order(), sorters(0.1)))).toEqual(['a']);
  });
  it('nearest: a place nobody knows the distance of is the farthest', () => {
    const { latitude: _, ...nowhere } = place('a');
    const places = given(nowhere, place('b', { northKm: 900 }));
    expect(placesOf(places.when(order(), by({ by: 'nearest', stepKm: 1 })))).toEqual(['b']);
  });
  it('nearest: has no say where the order tells no point', () => {
    const places = given(place('a', { openTasks: 1 }), place('b', { openTasks: 0 }));
    const request = order({ A: 1 }, { destination: { city: 'Shanghai' } });
    expect(placesOf(places.when(request, by({ by: 'nearest', stepKm: 1 }, { by: 'load' })))).toEqual(['b']);
  });
  it('guaranteed_warehouse', () => {
    const places = given(place('a', { type: 'regional_dc' }), place('b', { type: 'ecommerce_dc' }));
    expect(placesOf(places.when(order(), by({ by: 'guaranteed_warehouse' })))).toEqual(['b']);
  });
  it('pickup_store: the shop that sold it serves it first', () => {
    const request = order({ A: 1 }, { store: 'b' });
    expect(placesOf(given(place('a'), place('b')).when(request, by({ by: 'pickup_store' })))).toEqual(['b']);
  });
  it('load', () => {
    const places = given(place('a', { openTasks: 7 }), place('b', { openTasks: 2 }));
    expect(placesOf(places.when(order(), by({ by: 'load' })))).toEqual(['b']);
  });
  it('ageing_stock: what has lain longest leaves first; stock of no known age is fresh', () => {
    const places = given(place('a'), place('b', { ageDays: { A: 40 } }), place('c', { ageDays: { A: 200 } }));
    expect(placesOf(places.when(order(), by({ by: 'ageing_stock' })))).toEqual(['c']);
  });
  it('cost: one that nobody knows counts as the dearest known', () => {
    const places = given(place('a'), place('b', { costMinor: 900 }), place('c', { costMinor: 800 }));
    expect(placesOf(places.when(order(), by({ by: 'cost' })))).toEqual(['c']);
  });
  it('confidence', () => {
    const places = given(place('a', { confidence: 0.6 }), place('b', { confidence: 0.9 }));
    expect(placesOf(places.when(order(), by({ by: 'confidence' })))).toEqual(['b']);
  });
});

describe('a basket of several lines', () => {
  const spread = given(
    place('near-a', { units: { A: 1 }, northKm: 1 }),
    place('near-b', { units: { B: 1 }, northKm: 2 }),
    place('both', { units: { A: 1, B: 1 }, northKm: 9 }),
  );
  const basket = order({ A: 1, B: 1 });

  it('is one parcel where fewest splits come first', () => {
    expect(placesOf(spread.when(basket, by({ by: 'fewest_splits' }, { by: 'nearest', stepKm: 1 })))).toEqual(['both']);
  });
  it('is two where the nearest come first and are nearer together', () => {
    const plan = spread.when(basket, by({ by: 'nearest', stepKm: 1 }, { by: 'fewest_splits' }));
    expect(placesOf(plan)).toEqual(['near-a', 'near-b']);
  });
  it('pays the way of every parcel: one place 9 km off is nearer than two of 5', () => {
    const places = given(
      place('near-a', { units: { A: 1 }, northKm: 4.5 }),
      place('near-b', { units: { B: 1 }, northKm: 4.5 }),
      place('both', { units: { A: 1, B: 1 }, northKm: 8.5 }),
    );
    expect(placesOf(places.when(basket, by({ by: 'nearest', stepKm: 1 })))).toEqual(['both']);
  });
  it('as shipped: what the city has is not split with another city, though that one is nearer', () => {
    const places = given(
      place('own-a', { units: { A: 1 }, northKm: 30 }),
      place('own-b', { units: { B: 1 }, northKm: 40 }),
      place('other', { units: { A: 1, B: 1 }, northKm: 5, city: 'Suzhou' }),
    );
    expect(placesOf(places.when(basket, DEFAULT_RULE))).toEqual(['own-a', 'own-b']);
  });
  it('divides a line that no place has whole, and tells what nobody has', () => {
    const plan = given(place('a', { units: { A: 2 } }), place('b', { units: { A: 1 } })).when(order({ A: 4 }));
    expect(plan).toMatchObject({
      kind: 'planned',
      shares: [
        { location: 'a', lines: [{ lineId: 'line-A', sku: 'A', quantity: 2 }] },
        { location: 'b', lines: [{ lineId: 'line-A', sku: 'A', quantity: 1 }] },
      ],
      unplaced: [{ lineId: 'line-A', sku: 'A', quantity: 1 }],
    });
  });
  it('counts two lines of one article together: four pieces are not promised from three', () => {
    const lines = [
      { lineId: '1', sku: 'A', quantity: 2 },
      { lineId: '2', sku: 'A', quantity: 2 },
    ];
    const plan = given(place('a', { units: { A: 3 } })).when({ ...order(), lines });
    expect(plan.unplaced).toEqual([{ lineId: '2', sku: 'A', quantity: 1 }]);
  });
});

describe('limits', () => {
  const places = given(
    place('one', { units: { A: 1 } }),
    place('two', { units: { B: 1, C: 1 } }),
    place('three', { units: { D: 1 } }),
  );
  const basket = (valueMinor: number) => order({ A: 1, B: 1, C: 1, D: 1 }, { valueMinor });

  it('no more parcels than the rule allows: the places that serve most', () => {
    const plan = places.when(basket(100), rule({ limits: { maxSplits: 1, splitAboveMinor: 0 } }));
    expect(placesOf(plan)).toEqual(['one', 'two']);
    expect(plan.unplaced.map(({ sku }) => sku)).toEqual(['D']);
  });
  it('an order below the value is not split, one of the value is', () => {
    const limits = { maxSplits: 9, splitAboveMinor: 5000 };
    expect(placesOf(places.when(basket(4999), rule({ limits })))).toEqual(['two']);
    expect(placesOf(places.when(basket(5000), rule({ limits })))).toHaveLength(3);
  });
});

describe('every decision', () => {
  it('ties fall to the first by its code, in whatever order candidates come', () => {
    const tied = ['c', 'a', 'b'].map((code) => place(code));
    for (const candidates of [tied, tied.toReversed()])
      expect(placesOf(planSourcing(order(), candidates, DEFAULT_RULE))).toEqual(['a']);
  });
  it('an order that nobody can serve is unplaceable, with all its lines', () => {
    const plan = given(place('a', { units: { Z: 5 } })).when(order({ A: 2 }));
    expect(plan).toMatchObject({ kind: 'unplaceable', unplaced: [{ lineId: 'line-A', sku: 'A', quantity: 2 }] });
    expect(given().when(order()).kind).toBe('unplaceable');
  });
  it('after a refusal goes to the next best', () => {
    const places = given(place('a', { northKm: 1 }), place('b', { northKm: 3 }), place('c', { northKm: 2 }));
    expect(placesOf(places.when(order({ A: 1 }, { refusedBy: new Set(['a']) }), DEFAULT_RULE))).toEqual(['c']);
  });
  it('what is collected comes from the named store only', () => {
    const places = given(place('a', { units: { A: 5 } }), place('b', { units: { A: 1 } }));
    for (const method of ['pickup', 'carry_out'] as const) {
      const plan = places.when(order({ A: 2 }, { method, store: 'b' }), DEFAULT_RULE);
      expect(placesOf(plan)).toEqual(['b']);
      expect(plan.unplaced).toEqual([{ lineId: 'line-A', sku: 'A', quantity: 1 }]);
    }
  });
});
