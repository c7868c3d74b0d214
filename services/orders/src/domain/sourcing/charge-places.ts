import type { Place, SourcingRequest, Wanted } from './filter-places.js';
import type { SorterName, SourcingSorter } from './sourcing-rule.js';

/** What a plan is compared by, in this order. */
export type CriterionName = 'unplaced' | SorterName | 'places' | 'code_order';

/** A place nobody knows the distance of is as far as a place can be: half the circumference of the earth. */
const FARTHEST_M = 20_015_115;

/** The sorters' columns between the two that are always there; `code_order` makes ties fall alike everywhere. */
export const criteriaOf = (sorters: readonly SourcingSorter[]): CriterionName[] => [
  'unplaced',
  ...sorters.map(({ by }) => by),
  'places',
  'code_order',
];

/** A column a criterion, a row a place: whole numbers, 0 or more. `places` are in the order of their codes. */
export function chargePlaces(
  places: readonly Place[],
  request: SourcingRequest,
  wanted: Wanted,
  sorters: readonly SourcingSorter[],
): number[][] {
  return [
    places.map(() => 0),
    ...sorters.map((sorter) => places.map(chargeOf(sorter, places, request, wanted))),
    places.map(() => 1),
    places.map((_, i) => i + 1),
  ];
}

function chargeOf(
  sorter: SourcingSorter,
  places: readonly Place[],
  request: SourcingRequest,
  wanted: Wanted,
): (place: Place, p: number) => number {
  switch (sorter.by) {
    case 'same_city':
      return ({ isSameCity }) => (isSameCity ? 0 : 1);
    case 'same_region':
      return ({ isSameRegion }) => (isSameRegion ? 0 : 1);
    case 'nearest':
      return nearness(request, sorter.stepKm);
    case 'fewest_splits':
      return () => 1;
    case 'guaranteed_warehouse':
      return ({ candidate }) => (candidate.type === 'ecommerce_dc' ? 0 : 1);
    case 'pickup_store':
      return ({ candidate }) => (candidate.location === request.store ? 0 : 1);
    case 'load':
      return ({ candidate }) => wholeOf(candidate.openTasks);
    case 'ageing_stock':
      return youth(places, wanted);
    case 'cost':
      return cost(places);
    case 'confidence':
      return ({ candidate }) => wholeOf((1 - candidate.confidence) * 100);
    case 'agent_priority':
      return ({ candidate }) => candidate.agreement?.priority ?? 0;
    case 'commission':
      return commission(request, wanted);
    default:
      return sorter satisfies never;
  }
}

const wholeOf = (figure: number): number => Math.max(0, Math.round(figure));

/** Where the order tells no point, distance has no say: charging every place the same would count parcels instead. */
function nearness({ destination }: SourcingRequest, stepKm: number): (place: Place) => number {
  if (destination?.latitude === undefined || destination.longitude === undefined) return () => 0;
  return ({ distanceM }) => Math.ceil((distanceM ?? FARTHEST_M) / (stepKm * 1000));
}

function youth(places: readonly Place[], { skus }: Wanted): (place: Place, p: number) => number {
  const articles = skus.length;
  const oldest = new Float64Array(articles);
  const ages = new Float64Array(places.length * articles);
  places.forEach(({ units, candidate: { ageDays } }, p) => {
    if (!ageDays) return;
    for (let a = 0; a < articles; a++) {
      if (units[a] === 0) continue;
      const days = ageDays.get(skus[a]!) ?? 0;
      ages[p * articles + a] = days;
      if (days > oldest[a]!) oldest[a] = days;
    }
  });
  return ({ units }, p) => {
    let days = 0;
    let has = 0;
    for (let a = 0; a < articles; a++) {
      if (units[a] === 0) continue;
      days += oldest[a]! - ages[p * articles + a]!;
      has++;
    }
    return has === 0 ? 0 : wholeOf(days / has);
  };
}

/** On the share of the order's value that the agent could give, by pieces: a place's charge may not depend on the plan. */
function commission({ valueMinor }: SourcingRequest, { quantities }: Wanted): (place: Place) => number {
  const asked = quantities.reduce((sum, units) => sum + units, 0);
  return ({ candidate, units }) => {
    const given = units.reduce((sum, has) => sum + has, 0);
    return wholeOf((valueMinor * (given / asked) * (candidate.agreement?.commissionPercent ?? 0)) / 100);
  };
}

function cost(places: readonly Place[]): (place: Place) => number {
  let dearest = 0;
  for (const { candidate } of places) dearest = Math.max(dearest, candidate.costMinor ?? 0);
  return ({ candidate }) => wholeOf(candidate.costMinor ?? dearest);
}

/** Below 0 where `a` is the better one. */
export function compareCharges(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
