import { planWithinDays } from '../capacity/plan-within-days.js';
import type { Candidate } from './candidate.js';
import type { SourcingRequest } from './filter-places.js';
import type { SourcingPlan } from './plan-sourcing.js';
import type { SourcingRule } from './sourcing-rule.js';

export interface Candidates {
  /** That may serve the order as it is: of what is collected, the store alone. */
  readonly own: readonly Candidate[];
  /** Worked out only where it is needed. */
  readonly everywhere: () => readonly Candidate[];
}

/**
 * What is collected comes from the store itself where it has all of it. Where it has not, and the rule allows it, as much
 * as possible is brought there: from as few other places as can be, near the store by the rule's own sorters. `findHome` tells
 * where the store lies; undefined = nothing may be brought to it.
 */
export function planCollection(
  request: SourcingRequest,
  { own, everywhere }: Candidates,
  rule: SourcingRule,
  findHome: () => SourcingRequest['destination'],
): SourcingPlan {
  const plan = planWithinDays(request, own, rule);
  const { collectAfterTransferFrom: broughtFrom = [] } = rule.limits;
  if (request.method !== 'pickup' || plan.unplaced.length === 0 || broughtFrom.length === 0) return plan;
  const home = findHome();
  if (!home) return plan;
  const brought = planWithinDays({ ...request, destination: home, broughtFrom }, everywhere(), {
    ...rule,
    sorters: [{ by: 'pickup_store' }, ...rule.sorters.filter(({ by }) => by !== 'pickup_store')],
  });
  if (unitsOf(brought.unplaced) >= unitsOf(plan.unplaced)) return plan;
  return { ...brought, explanation: { ...brought.explanation, broughtTo: request.store! } };
}

const unitsOf = (lines: readonly { readonly quantity: number }[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0);
