import type { LocationType } from '@shelfline/contracts/catalog';
import type { Destination, FulfilmentMethod } from '@shelfline/contracts/order';
import { type Candidate, cityKey, distancesFrom } from './candidate.js';
import { findMinutesUntilOpen } from './opening-hours.js';
import { remembered } from './remembered.js';
import type { FilterName, SourcingFilter } from './sourcing-rule.js';

export interface SourcingLine {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
}

export interface SourcingRequest {
  readonly lines: readonly SourcingLine[];
  readonly method: FulfilmentMethod;
  readonly destination?: Pick<Destination, 'city' | 'region' | 'latitude' | 'longitude'>;
  /** Where it is collected or carried out; of a sale in a shop, the shop. */
  readonly store?: string;
  /** Who sells it; of a trial of nobody's orders absent. */
  readonly channel?: string;
  /** Of each article, where the catalog names one. */
  readonly brands?: ReadonlyMap<string, string | null>;
  readonly valueMinor: number;
  /** Units of the whole order, of which `lines` may be what is left; absent = they are the whole. */
  readonly orderUnits?: number;
  readonly nowMs: number;
  readonly refusedBy: ReadonlySet<string>;
  /** Of what is collected: from places of these types it may be brought to the store. */
  readonly broughtFrom?: readonly LocationType[];
}

/** The articles of an order, each once, with the units asked of it. */
export interface Wanted {
  readonly skus: readonly string[];
  readonly quantities: readonly number[];
}

/** A candidate with what the order makes of it; undefined: nobody knows. */
export interface Place {
  readonly candidate: Candidate;
  /** Units of each wanted article, no more than are wanted. */
  readonly units: readonly number[];
  readonly distanceM: number | undefined;
  readonly isSameCity: boolean | undefined;
  readonly isSameRegion: boolean | undefined;
}

/** Not of the rule: a place without stock, and one that is not where the customer stands. */
export type DropReason = FilterName | 'no_stock' | 'other_store';

/** Why a place is out of it, with the figure it has and the one it would need; undefined figure: nobody knows it. */
export interface Drop {
  readonly reason: DropReason;
  readonly figure?: number;
  readonly limit?: number;
}

/** Makes places of candidates; what depends on the order alone is computed once for all of them. */
export function placesFor({ destination }: SourcingRequest, { skus, quantities }: Wanted): (one: Candidate) => Place {
  const { city, region } = destination ?? {};
  const ownCity = city === undefined ? undefined : cityKey(city);
  const distanceTo = distancesFrom(destination);
  return (candidate) => ({
    candidate,
    units: skus.map((sku, a) => Math.min(quantities[a]!, Math.max(0, candidate.units.get(sku) ?? 0))),
    distanceM: distanceTo(candidate),
    isSameCity: city === undefined ? undefined : city === candidate.city || ownCity === cityKey(candidate.city),
    isSameRegion: region === undefined ? undefined : region === candidate.region,
  });
}

type Judge = (place: Place) => Drop | undefined;

/** The first reason for which a place cannot serve the order; undefined: it can. */
export function dropsFor(request: SourcingRequest, filters: readonly SourcingFilter[]): Judge {
  const asked = filters.filter(({ methods }) => !methods || methods.includes(request.method));
  const judgesOf = remembered((type): readonly Judge[] =>
    asked.filter(({ types }) => !types || types.some((one) => one === type)).map((filter) => judgeOf(filter, request)),
  );
  return (place) => {
    if (!mayHandOver(request, place.candidate)) return { reason: 'other_store' };
    // An agent without an agreement has the goods, and may not give them.
    if (place.candidate.isAgreed === false) return { reason: 'agreement' };
    if (!hasAny(place.units)) return { reason: 'no_stock' };
    for (const judge of judgesOf(place.candidate.type)) {
      const drop = judge(place);
      if (drop) return drop;
    }
    return undefined;
  };
}

function hasAny(units: readonly number[]): boolean {
  for (let a = 0; a < units.length; a++) if (units[a]! > 0) return true;
  return false;
}

/** What the customer collects or carries out must stand in his store, unless it is brought there. */
function mayHandOver(request: SourcingRequest, { location, type }: Candidate): boolean {
  const only = onlyPlaceFor(request);
  if (only === undefined || location === only) return true;
  return request.method === 'pickup' && request.broughtFrom?.includes(type) === true;
}

/** The code of the one place that may serve such an order, of no place where none is named; undefined: any may. */
export const onlyPlaceFor = ({ method, store = '' }: Pick<SourcingRequest, 'method' | 'store'>): string | undefined =>
  method === 'pickup' || method === 'carry_out' ? store : undefined;

function judgeOf(filter: SourcingFilter, { refusedBy, nowMs }: SourcingRequest): Judge {
  const reason = filter.by;
  const unless = (isMet: (candidate: Candidate, place: Place) => boolean): Judge => {
    const drop: Drop = { reason };
    return (place) => (isMet(place.candidate, place) ? undefined : drop);
  };
  switch (filter.by) {
    case 'serves_channel':
      return unless(({ servesChannel }) => servesChannel);
    case 'not_yet_refused':
      return unless(({ location }) => !refusedBy.has(location));
    case 'same_city':
      return unless((_, { isSameCity }) => isSameCity === true);
    case 'same_region':
      return unless((_, { isSameRegion }) => isSameRegion === true);
    case 'max_distance_km': {
      const limit = filter.km * 1000;
      return ({ distanceM }) =>
        distanceM === undefined
          ? { reason, limit }
          : distanceM <= limit
            ? undefined
            : { reason, figure: distanceM, limit };
    }
    case 'capacity_left': {
      const limit = filter.atLeast;
      return ({ candidate: { capacityLeft } }) =>
        capacityLeft === undefined || capacityLeft >= limit ? undefined : { reason, figure: capacityLeft, limit };
    }
    case 'open_hours': {
      const limit = filter.opensWithinMinutes;
      return ({ candidate: { openingHours, timeZone } }) =>
        findMinutesUntilOpen(openingHours, timeZone, nowMs, limit) === undefined ? { reason, limit } : undefined;
    }
    case 'agreement':
      return unless(({ isAgreed }) => isAgreed !== false);
    case 'min_confidence': {
      const limit = filter.atLeast;
      return ({ candidate: { confidence } }) =>
        confidence >= limit ? undefined : { reason, figure: confidence, limit };
    }
    default:
      return filter satisfies never;
  }
}

export function wantedOf(lines: readonly SourcingLine[]): Wanted {
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return { skus: [...units.keys()], quantities: [...units.values()] };
}
