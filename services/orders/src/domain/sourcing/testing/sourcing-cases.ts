import type { Candidate } from '../candidate.js';
import type { SourcingRequest } from '../filter-places.js';
import type { SourcingRule } from '../sourcing-rule.js';

/** Noon of a Monday in Shanghai. */
export const NOON_MS = Date.UTC(2026, 5, 1, 4);

/** One degree of latitude is 111.2 km: `northKm` moves a place that far from the customer. */
const DEGREE_KM = 111.195;

export interface CaseFields extends Partial<Omit<Candidate, 'units' | 'ageDays'>> {
  readonly northKm?: number;
  readonly units?: Readonly<Record<string, number>>;
  readonly ageDays?: Readonly<Record<string, number>>;
}

/** A store of the customer's city that has nothing to hide and one kilometre to go. */
export function place(
  location: string,
  { northKm = 1, units = { A: 1 }, ageDays, ...fields }: CaseFields = {},
): Candidate {
  return {
    location,
    type: 'store',
    city: 'Shanghai',
    region: 'east',
    latitude: 31 + northKm / DEGREE_KM,
    longitude: 121,
    timeZone: 'Asia/Shanghai',
    servesChannel: true,
    openTasks: 0,
    confidence: 1,
    ...fields,
    units: new Map(Object.entries(units)),
    ...(ageDays ? { ageDays: new Map(Object.entries(ageDays)) } : {}),
  };
}

/** What a customer in Shanghai orders: `{ A: 2 }` is a line of two pieces of A. */
export function order(
  quantities: Readonly<Record<string, number>> = { A: 1 },
  fields: Partial<SourcingRequest> = {},
): SourcingRequest {
  return {
    lines: Object.entries(quantities).map(([sku, quantity]) => ({ lineId: `line-${sku}`, sku, quantity })),
    method: 'courier',
    destination: { city: 'Shanghai', region: 'east', latitude: 31, longitude: 121 },
    valueMinor: 10_000,
    nowMs: NOON_MS,
    refusedBy: new Set(),
    ...fields,
  };
}

/** Lets everything pass and prefers nothing, unless told. */
export const rule = (fields: Partial<SourcingRule> = {}): SourcingRule => ({
  version: 1,
  validFromMs: 0,
  validUntilMs: null,
  filters: [],
  sorters: [],
  limits: { maxSplits: 9, splitAboveMinor: 0 },
  ...fields,
});
