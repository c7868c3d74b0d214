import type { LocationType } from '@shelfline/contracts/catalog';
import type { Destination, FulfilmentMethod } from '@shelfline/contracts/order';
import { type Candidate, cityKey, findDistanceM } from './candidate.js';
import { findMinutesUntilOpen } from './opening-hours.js';
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

export function placeOf(candidate: Candidate, { destination }: SourcingRequest, wanted: Wanted): Place {
  const city = destination?.city;
  const region = destination?.region;
  return {
    candidate,
    units: unitsOf(candidate, wanted),
    distanceM: findDistanceM(destination, candidate),
    isSameCity: city === undefined ? undefined : city === candidate.city || cityKey(city) === cityKey(candidate.city),
    isSameRegion: region === undefined ? undefined : region === candidate.region,
  };
}

const unitsOf = ({ units }: Candidate, { skus, quantities }: Wanted): number[] =>
  skus.map((sku, a) => Math.min(quantities[a]!, Math.max(0, units.get(sku) ?? 0)));

/** The first reason for which the place cannot serve the order; undefined: it can. */
export function findDrop(place: Place, request: SourcingRequest, filters: readonly SourcingFilter[]): Drop | undefined {
  if (!mayHandOver(request, place.candidate)) return { reason: 'other_store' };
  // An agent without an agreement has the goods, and may not give them.
  if (place.candidate.isAgreed === false) return { reason: 'agreement' };
  if (!place.units.some((units) => units > 0)) return { reason: 'no_stock' };
  for (const filter of filters) {
    if (filter.methods && !filter.methods.includes(request.method)) continue;
    if (filter.types && !filter.types.includes(place.candidate.type)) continue;
    const drop = judge(filter, place, request);
    if (drop) return drop;
  }
  return undefined;
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

function judge(filter: SourcingFilter, place: Place, request: SourcingRequest): Drop | undefined {
  const { candidate, distanceM } = place;
  const unless = (isMet: boolean, figure?: number, limit?: number): Drop | undefined =>
    isMet
      ? undefined
      : { reason: filter.by, ...(figure === undefined ? {} : { figure }), ...(limit === undefined ? {} : { limit }) };
  switch (filter.by) {
    case 'serves_channel':
      return unless(candidate.servesChannel);
    case 'not_yet_refused':
      return unless(!request.refusedBy.has(candidate.location));
    case 'same_city':
      return unless(place.isSameCity === true);
    case 'same_region':
      return unless(place.isSameRegion === true);
    case 'max_distance_km':
      return unless(distanceM !== undefined && distanceM <= filter.km * 1000, distanceM, filter.km * 1000);
    case 'capacity_left': {
      const { capacityLeft } = candidate;
      return unless(capacityLeft === undefined || capacityLeft >= filter.atLeast, capacityLeft, filter.atLeast);
    }
    case 'open_hours': {
      const { openingHours, timeZone } = candidate;
      const minutes = findMinutesUntilOpen(openingHours, timeZone, request.nowMs, filter.opensWithinMinutes);
      return unless(minutes !== undefined, undefined, filter.opensWithinMinutes);
    }
    case 'agreement':
      return unless(candidate.isAgreed !== false);
    case 'min_confidence':
      return unless(candidate.confidence >= filter.atLeast, candidate.confidence, filter.atLeast);
    default:
      return filter satisfies never;
  }
}

export function wantedOf(lines: readonly SourcingLine[]): Wanted {
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return { skus: [...units.keys()], quantities: [...units.values()] };
}
