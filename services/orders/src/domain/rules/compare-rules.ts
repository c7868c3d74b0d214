import type { RoutingExplanation } from '../sourcing/explain-routing.js';
import type { SourcingPlan } from '../sourcing/plan-sourcing.js';
import type { Language } from '../sourcing/sourcing-terms.js';

/** What becomes of orders under a rule. Sums; of parcels whose distance or cost nobody knows nothing is added. */
export interface RuleFigures {
  readonly orders: number;
  readonly askedUnits: number;
  readonly unplacedUnits: number;
  /** Orders of which nothing could be placed. */
  readonly unplaceableOrders: number;
  readonly splitOrders: number;
  readonly parcels: number;
  readonly sameCityParcels: number;
  readonly distanceM: number;
  readonly costMinor: number;
  /** Parcels whose place the catalog gives a cost. */
  readonly costedParcels: number;
}

export const NO_FIGURES: RuleFigures = {
  orders: 0,
  askedUnits: 0,
  unplacedUnits: 0,
  unplaceableOrders: 0,
  splitOrders: 0,
  parcels: 0,
  sameCityParcels: 0,
  distanceM: 0,
  costMinor: 0,
  costedParcels: 0,
};

export function figuresOf({ explanation }: SourcingPlan): RuleFigures {
  const parcels = chosenIn(explanation);
  const { askedUnits, placedUnits } = explanation;
  return {
    orders: 1,
    askedUnits,
    unplacedUnits: askedUnits - placedUnits,
    unplaceableOrders: placedUnits === 0 ? 1 : 0,
    splitOrders: parcels.length > 1 ? 1 : 0,
    parcels: parcels.length,
    sameCityParcels: parcels.filter(({ isSameCity }) => isSameCity === true).length,
    distanceM: parcels.reduce((sum, { distanceM = 0 }) => sum + distanceM, 0),
    costMinor: parcels.reduce((sum, { costMinor = 0 }) => sum + costMinor, 0),
    costedParcels: parcels.filter(({ costMinor }) => costMinor !== undefined).length,
  };
}

const chosenIn = ({ places }: RoutingExplanation) => places.filter(({ outcome }) => outcome === 'chosen');

export const addFigures = (a: RuleFigures, b: RuleFigures): RuleFigures => ({
  orders: a.orders + b.orders,
  askedUnits: a.askedUnits + b.askedUnits,
  unplacedUnits: a.unplacedUnits + b.unplacedUnits,
  unplaceableOrders: a.unplaceableOrders + b.unplaceableOrders,
  splitOrders: a.splitOrders + b.splitOrders,
  parcels: a.parcels + b.parcels,
  sameCityParcels: a.sameCityParcels + b.sameCityParcels,
  distanceM: a.distanceM + b.distanceM,
  costMinor: a.costMinor + b.costMinor,
  costedParcels: a.costedParcels + b.costedParcels,
});

/** The same places give the same: whatever the rules think of those that were passed over. */
export function areAlike(a: SourcingPlan, b: SourcingPlan): boolean {
  const given = ({ explanation }: SourcingPlan) =>
    chosenIn(explanation)
      .map(({ location, givenUnits }) => `${location} ${givenUnits}`)
      .toSorted()
      .join('\n');
  return given(a) === given(b);
}

const km = (metres: number): number => Math.round(metres / 1000);
const share = (part: number, whole: number): string => (whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`);

/** What a change of rules would have done, for whoever decides about it. */
export function sayComparison(
  inForce: RuleFigures,
  tried: RuleFigures,
  differing: number,
  language: Language,
): string[] {
  const from = rowOf(inForce);
  const to = rowOf(tried);
  const isCosted = inForce.costedParcels + tried.costedParcels > 0;
  if (language === 'en')
    return [
      `${differing} of ${tried.orders} orders would go elsewhere or in other parcels.`,
      `Orders in more than one parcel: ${from.split} now, ${to.split} with the rule on trial; parcels: ${from.parcels}, then ${to.parcels}.`,
      `Way of all parcels together: ${from.km} km, then ${to.km} km.`,
      isCosted
        ? `Cost of all parcels with a known cost: ${from.cost}, then ${to.cost} (minor units).`
        : 'Cost is not compared: the catalog gives no place a parcelCostMinor.',
      `Parcels from the customer’s city: ${from.city}, then ${to.city}.`,
      `Pieces for which no place was found: ${from.unplaced}, then ${to.unplaced}; orders without any place: ${from.none}, then ${to.none}.`,
    ];
  return [
    `${tried.orders} 个订单中有 ${differing} 个会改由其他地点供应或改变包裹。`,
    `拆单订单：现行规则 ${from.split} 个，试用规则 ${to.split} 个；包裹数：${from.parcels} → ${to.parcels}。`,
    `各包裹总路程：${from.km} 公里 → ${to.km} 公里。`,
    isCosted
      ? `已知成本的包裹总成本（最小货币单位）：${from.cost} → ${to.cost}。`
      : '未比较成本：目录中没有地点填写 parcelCostMinor。',
    `同城包裹占比：${from.city} → ${to.city}。`,
    `无处可供的件数：${from.unplaced} → ${to.unplaced}；完全无法安排的订单：${from.none} → ${to.none}。`,
  ];
}

const rowOf = (figures: RuleFigures) => ({
  split: figures.splitOrders,
  parcels: figures.parcels,
  km: km(figures.distanceM),
  cost: figures.costMinor,
  city: share(figures.sameCityParcels, figures.parcels),
  unplaced: figures.unplacedUnits,
  none: figures.unplaceableOrders,
});
