import type { Candidate } from '../sourcing/candidate.js';
import { dropsFor, placesFor, type SourcingRequest, wantedOf } from '../sourcing/filter-places.js';
import type { FilterName, SourcingRule } from '../sourcing/sourcing-rule.js';

/** What a rule says of where a place lies is as true of what comes in there; the others judge what stands there now. */
const ABOUT_WHERE: ReadonlySet<FilterName> = new Set<FilterName>(['same_city', 'same_region', 'max_distance_km']);

type Where = Pick<Candidate, 'location' | 'type' | 'city' | 'region' | 'latitude' | 'longitude' | 'timeZone'>;

/** Whether the rule lets such an order come from a place, whatever stands there now. */
export function servesAhead(
  { method, destination, store }: Pick<SourcingRequest, 'method' | 'destination' | 'store'>,
  { filters }: Pick<SourcingRule, 'filters'>,
  nowMs: number,
): (place: Where) => boolean {
  const request: SourcingRequest = {
    lines: [{ lineId: '1', sku: 'any', quantity: 1 }],
    method,
    ...(destination ? { destination } : {}),
    ...(store === undefined ? {} : { store }),
    valueMinor: 0,
    nowMs,
    refusedBy: new Set(),
  };
  const drop = dropsFor(
    request,
    filters.filter(({ by }) => ABOUT_WHERE.has(by)),
  );
  const placeOf = placesFor(request, wantedOf(request.lines));
  return (place) =>
    drop(placeOf({ ...place, servesChannel: true, openTasks: 0, confidence: 1, units: new Map([['any', 1]]) })) ===
    undefined;
}
