import type { AgentAgreement } from '@shelfline/contracts/agent-agreement';
import type { Candidate } from './candidate.js';
import type { SourcingRequest } from './filter-places.js';
import type { SourcingFilter, SourcingRule } from './sourcing-rule.js';

/**
 * An agent's place as his agreements let it serve the order: with the articles of the brands they cover alone, and not at
 * all where none is in force for the channel, the region and the moment. Of several the one with the lowest priority
 * figure stands, then the lowest commission, then the first by its number. Other places are as they were, and so are all
 * where the rule has no filter for it.
 */
export function underAgreement(candidate: Candidate, request: SourcingRequest, rule: SourcingRule): Candidate {
  if (candidate.type !== 'agent' || !isAsked(rule.filters, request)) return candidate;
  const inForce = agreementsOf(rule, candidate.location).filter((one) => covers(one, request));
  const units = new Map(
    [...candidate.units].filter(([sku]) => inForce.some((one) => coversBrand(one, request.brands?.get(sku)))),
  );
  const [agreement] = inForce
    .filter((one) => [...units.keys()].some((sku) => coversBrand(one, request.brands?.get(sku))))
    .sort(byPreference);
  return { ...candidate, units, ...(agreement ? { agreement } : {}), isAgreed: agreement !== undefined };
}

const isAsked = (filters: readonly SourcingFilter[], { method }: SourcingRequest): boolean =>
  filters.some(
    ({ by, methods, types }) =>
      by === 'agreement' && (!methods || methods.includes(method)) && (!types || types.includes('agent')),
  );

/** There may be thousands, and each order asks every agent. */
const byLocation = new WeakMap<readonly AgentAgreement[], Map<string, AgentAgreement[]>>();
function agreementsOf({ agreements }: SourcingRule, location: string): readonly AgentAgreement[] {
  if (!agreements) return [];
  let known = byLocation.get(agreements);
  if (!known) {
    known = new Map();
    for (const one of agreements) known.set(one.location, [...(known.get(one.location) ?? []), one]);
    byLocation.set(agreements, known);
  }
  return known.get(location) ?? [];
}

function covers(agreement: AgentAgreement, { channel, destination, nowMs }: SourcingRequest): boolean {
  const { channels, regions, validFrom, validUntil } = agreement;
  if (validFrom !== undefined && nowMs < Date.parse(validFrom)) return false;
  if (typeof validUntil === 'string' && nowMs >= Date.parse(validUntil)) return false;
  if (channels && !(channel !== undefined && channels.includes(channel))) return false;
  return !regions || (destination?.region !== undefined && regions.includes(destination.region));
}

/** An article of which nobody knows the brand is covered by what covers all brands alone. */
const coversBrand = ({ brands }: AgentAgreement, brand: string | null | undefined): boolean =>
  !brands || (brand != null && brands.includes(brand));

const byPreference = (a: AgentAgreement, b: AgentAgreement): number =>
  a.priority - b.priority || a.commissionPercent - b.commissionPercent || (a.id < b.id ? -1 : 1);
