import { describe, expect, it } from '@jest/globals';
import { planSourcing } from '../sourcing/plan-sourcing.js';
import type { SourcingSorter } from '../sourcing/sourcing-rule.js';
import { order, place, rule } from '../sourcing/testing/sourcing-cases.js';
import { addFigures, areAlike, figuresOf, sayComparison } from './compare-rules.js';

const PLACES = [
  place('near', { northKm: 2, units: { A: 1 }, costMinor: 900 }),
  place('near-too', { northKm: 3, units: { B: 1 } }),
  place('far', { northKm: 100, units: { A: 1, B: 1 }, city: 'Hangzhou', costMinor: 400 }),
];
const planBy = (sorter: SourcingSorter) =>
  planSourcing(order({ A: 1, B: 1, C: 1 }), PLACES, rule({ sorters: [sorter] }));
const byWay = planBy({ by: 'nearest', stepKm: 1 });
const bySplits = planBy({ by: 'fewest_splits' });

describe('what rules make of orders', () => {
  it('is counted in parcels, ways, costs, the customer’s city and what stays unplaced', () => {
    expect(figuresOf(byWay)).toEqual({
      orders: 1,
      askedUnits: 3,
      unplacedUnits: 1,
      unplaceableOrders: 0,
      splitOrders: 1,
      parcels: 2,
      sameCityParcels: 2,
      distanceM: 5000,
      costMinor: 900,
      costedParcels: 1,
    });
    expect(figuresOf(bySplits)).toMatchObject({ splitOrders: 0, parcels: 1, sameCityParcels: 0, costMinor: 400 });
  });
  it('differs where other places give', () => {
    expect(areAlike(byWay, bySplits)).toBe(false);
    expect(areAlike(byWay, planBy({ by: 'nearest', stepKm: 2 }))).toBe(true);
  });
  it('is told in words', () => {
    const twice = addFigures(figuresOf(byWay), figuresOf(byWay));
    const words = sayComparison(twice, addFigures(figuresOf(bySplits), figuresOf(byWay)), 1, 'en');
    expect(words).toEqual([
      '1 of 2 orders would go elsewhere or in other parcels.',
      'Orders in more than one parcel: 2 now, 1 with the rule on trial; parcels: 4, then 3.',
      'Way of all parcels together: 10 km, then 105 km.',
      'Cost of all parcels with a known cost: 1800, then 1300 (minor units).',
      'Parcels from the customer’s city: 100 %, then 67 %.',
      'Pieces for which no place was found: 2, then 2; orders without any place: 0, then 0.',
    ]);
    expect(sayComparison(twice, twice, 0, 'zh')[1]).toBe('拆单订单：现行规则 2 个，试用规则 2 个；包裹数：4 → 4。');
  });
});
