import type { CollectionWay, DeliveryTerms } from '@shelfline/contracts/delivery-terms';
import type { FulfilmentMethod } from '@shelfline/contracts/order';

export interface TermsAsked {
  readonly method: FulfilmentMethod;
  readonly collection?: CollectionWay;
  readonly currency: string;
}

/** Of those in force then, the ones that came into force last; of several, the one stated last. */
export function findTerms(
  terms: readonly DeliveryTerms[],
  { method, collection = 'counter', currency }: TermsAsked,
  nowMs: number,
): DeliveryTerms | undefined {
  let found: DeliveryTerms | undefined;
  for (const one of terms) {
    const isAsked = one.method === method && one.currency === currency;
    if (!isAsked || (method === 'pickup' && (one.collection ?? 'counter') !== collection)) continue;
    if (startOf(one) > nowMs || (one.validUntil !== undefined && Date.parse(one.validUntil) <= nowMs)) continue;
    if (!found || startOf(one) >= startOf(found)) found = one;
  }
  return found;
}

const startOf = ({ validFrom }: DeliveryTerms): number =>
  validFrom === undefined ? Number.NEGATIVE_INFINITY : Date.parse(validFrom);

const METRES_PER_KM = 1000;
/** Nobody knows the way: it counts as across a large city, so that what is promised can be kept. */
const UNKNOWN_WAY_M = 30_000;
export const wayM = (distanceM: number | undefined): number => distanceM ?? UNKNOWN_WAY_M;

/** Whole minor units; `distancesM` has one entry a parcel. */
export function feeMinor(
  terms: DeliveryTerms,
  goodsMinor: number,
  distancesM: readonly (number | undefined)[],
): number {
  if (terms.freeFromMinor !== undefined && goodsMinor >= terms.freeFromMinor) return 0;
  const longestM = Math.max(0, ...distancesM.map(wayM));
  const further = Math.max(0, distancesM.length - 1);
  const byDistance = terms.perKmMinor === 0 ? 0 : Math.ceil(longestM / METRES_PER_KM) * terms.perKmMinor;
  return terms.feeMinor + further * terms.nextParcelMinor + byDistance;
}
