import type { AgentAgreement } from '@shelfline/contracts/agent-agreement';
import type { LocationType } from '@shelfline/contracts/catalog';
import type { FulfilmentMethod } from '@shelfline/contracts/order';

/** Whom a filter looks at; everybody, of every order, unless told. */
export interface FilterScope {
  readonly methods?: readonly FulfilmentMethod[];
  readonly types?: readonly LocationType[];
}

/** A filter keeps what is known to meet it: a place whose distance nobody knows is not within 50 km. */
export type SourcingFilter = FilterScope &
  (
    | { readonly by: 'serves_channel' }
    | { readonly by: 'not_yet_refused' }
    | { readonly by: 'same_city' }
    | { readonly by: 'same_region' }
    | { readonly by: 'max_distance_km'; readonly km: number }
    | { readonly by: 'capacity_left'; readonly atLeast: number }
    | { readonly by: 'open_hours'; readonly opensWithinMinutes: number }
    | { readonly by: 'min_confidence'; readonly atLeast: number }
    | { readonly by: 'agreement' }
  );
export type FilterName = SourcingFilter['by'];

/**
 * What makes one plan better than another. Each sorter charges every place that a plan uses, in whole numbers, and a
 * plan's figure is the sum over its places: a second parcel is paid for under every sorter, not only under
 * `fewest_splits`. Plans compare by the sorters in their order, the first that differs decides. So the best plan is well
 * defined whatever the order:
 *
 * | sorter | a place is charged |
 * |---|---|
 * | same_city, same_region | 1 if it is elsewhere (or nobody knows) |
 * | nearest | its distance in steps begun; what is about as near ties, so that later sorters have a say |
 * | fewest_splits | 1 |
 * | guaranteed_warehouse | 1 if it is not an e-commerce warehouse |
 * | pickup_store | 1 if it is not the order's store |
 * | load | its open tasks |
 * | ageing_stock | days its stock of the order is younger than the oldest anywhere, mean over the articles it has |
 * | cost | what shipping from it costs, in minor units |
 * | confidence | hundredths its figures fall short of certainty |
 * | agent_priority | the priority of the agent's agreement, 0 if it is no agent's |
 * | commission | what the agent keeps of the value of what he could give, in minor units |
 *
 * Before all sorters comes how many pieces are placed; after them the number of places, then the codes.
 */
export type SourcingSorter =
  | { readonly by: 'nearest'; readonly stepKm: number }
  | {
      readonly by:
        | 'same_city'
        | 'same_region'
        | 'fewest_splits'
        | 'guaranteed_warehouse'
        | 'pickup_store'
        | 'load'
        | 'ageing_stock'
        | 'cost'
        | 'confidence'
        | 'agent_priority'
        | 'commission';
    };
export type SorterName = SourcingSorter['by'];

export interface SourcingLimits {
  /** Parcels beyond the first: 0 = everything from one place. */
  readonly maxSplits: number;
  /** An order worth less than this is not split at all; minor units. */
  readonly splitAboveMinor: number;
  /** Types of places from which something may be brought to the store where it is collected; absent: none. */
  readonly collectAfterTransferFrom?: readonly LocationType[] | undefined;
}

export interface SourcingRule {
  readonly version: number;
  /** Whose orders it decides; absent: of every channel that has none of its own then. */
  readonly channel?: string;
  /** In force from … */
  readonly validFromMs: number;
  /** … and until just before; null = until another takes over. */
  readonly validUntilMs: number | null;
  readonly filters: readonly SourcingFilter[];
  readonly sorters: readonly SourcingSorter[];
  readonly limits: SourcingLimits;
  /** Absent: none, and agents serve whatever channels' pools let them, unless a filter asks for an agreement. */
  readonly agreements?: readonly AgentAgreement[];
}

/** Of a rule that nobody has saved yet, and that is tried out. */
export const TRIED_VERSION = -1;

const DELIVERED = ['courier', 'same_city', 'guide_visit'] as const;

/** As shipped. What is carried out is in the customer's hands: neither trust nor capacity has a say in it. */
export const DEFAULT_RULE: SourcingRule = {
  version: 0,
  validFromMs: 0,
  validUntilMs: null,
  filters: [
    { by: 'serves_channel' },
    { by: 'not_yet_refused' },
    { by: 'same_city', methods: ['same_city', 'guide_visit'] },
    { by: 'capacity_left', atLeast: 1, methods: [...DELIVERED, 'pickup'] },
    // A store that is closed overnight has the order on its screen when it opens; one closed tomorrow too is passed over.
    { by: 'open_hours', opensWithinMinutes: 12 * 60, methods: DELIVERED, types: ['store', 'agent'] },
    { by: 'min_confidence', atLeast: 0.5, methods: [...DELIVERED, 'pickup'], types: ['store'] },
  ],
  sorters: [
    { by: 'same_city' },
    { by: 'nearest', stepKm: 1 },
    { by: 'fewest_splits' },
    { by: 'guaranteed_warehouse' },
    { by: 'load' },
    { by: 'ageing_stock' },
    { by: 'cost' },
  ],
  limits: {
    maxSplits: 3,
    splitAboveMinor: 0,
    collectAfterTransferFrom: ['ecommerce_dc', 'regional_dc', 'store'],
  },
};

/**
 * The rule of a moment: the channel's own before one for all; of those in force then, the one that came into force last;
 * of several, the highest version.
 */
export function findRuleInForce(
  rules: Iterable<SourcingRule>,
  nowMs: number,
  channel?: string,
): SourcingRule | undefined {
  let found: SourcingRule | undefined;
  for (const rule of rules) {
    if (rule.validFromMs > nowMs || (rule.validUntilMs !== null && nowMs >= rule.validUntilMs)) continue;
    if (rule.channel !== undefined && rule.channel !== channel) continue;
    if (!found || goesBefore(rule, found)) found = rule;
  }
  return found;
}

function goesBefore(rule: SourcingRule, other: SourcingRule): boolean {
  if ((rule.channel === undefined) !== (other.channel === undefined)) return rule.channel !== undefined;
  if (rule.validFromMs !== other.validFromMs) return rule.validFromMs > other.validFromMs;
  return rule.version > other.version;
}
