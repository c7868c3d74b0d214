import { z } from 'zod';
import { AgentAgreement } from './agent-agreement.js';
import { LocationType } from './catalog.js';
import { FieldNote } from './catalog-outcome.js';
import { ChannelCode, EventId, Instant, SourceName } from './identifiers.js';
import { FulfilmentMethod } from './order.js';

const scope = {
  methods: z.array(FulfilmentMethod).max(10).optional().describe('Only orders of these methods; all unless told'),
  types: z.array(LocationType).max(10).optional().describe('Only places of these types; all unless told'),
};

// Strict: a bound written under a wrong name would otherwise be taken for none.
export const SourcingFilter = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('serves_channel'), ...scope }),
  z.strictObject({ by: z.literal('not_yet_refused'), ...scope }),
  z.strictObject({ by: z.literal('same_city'), ...scope }),
  z.strictObject({ by: z.literal('same_region'), ...scope }),
  z.strictObject({ by: z.literal('max_distance_km'), km: z.number(), ...scope }),
  z.strictObject({ by: z.literal('capacity_left'), atLeast: z.number(), ...scope }),
  z.strictObject({ by: z.literal('open_hours'), opensWithinMinutes: z.number(), ...scope }),
  z.strictObject({ by: z.literal('min_confidence'), atLeast: z.number(), ...scope }),
  z.strictObject({ by: z.literal('agreement'), ...scope }),
]);
export const SourcingSorter = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('nearest'), stepKm: z.number() }),
  z.strictObject({
    by: z.enum([
      'same_city',
      'same_region',
      'fewest_splits',
      'guaranteed_warehouse',
      'pickup_store',
      'load',
      'ageing_stock',
      'cost',
      'confidence',
      'agent_priority',
      'commission',
    ]),
  }),
]);
export const SourcingLimits = z.strictObject({
  maxSplits: z.number().describe('Parcels beyond the first: 0 = everything from one place'),
  splitAboveMinor: z.number().default(0).describe('An order worth less is not split; minor units'),
  collectAfterTransferFrom: z
    .array(LocationType)
    .max(10)
    .optional()
    .describe('What a customer collects may be brought to his store from places of these types; from none unless told'),
});

const ruleFields = {
  channel: ChannelCode.optional().describe('Only orders of this channel, before any rule for all; all unless told'),
  note: z.string().min(1).max(500).optional().describe('Why it was changed, for those who read it later'),
  filters: z.array(SourcingFilter).max(100).describe('Which places may serve an order'),
  sorters: z.array(SourcingSorter).max(20).describe('What makes one plan better than another, the first that differs'),
  limits: SourcingLimits,
  agreements: z
    .array(AgentAgreement)
    .max(2000)
    .optional()
    .describe('What agents may serve, for the filter `agreement` and the sorters `agent_priority` and `commission`'),
};

/** A rule as people write it. */
export const RuleDraft = z.strictObject({
  ...ruleFields,
  validFrom: Instant.optional().describe('In force from then on; at once unless told'),
  validUntil: Instant.nullish().describe('… until just before; until a later rule unless told'),
});
export type RuleDraft = z.infer<typeof RuleDraft>;

const RuleVersion = z.int().min(1).max(1_000_000);

/** Asks for a version of the rules; it is never changed afterwards. Topic `orders.rule-changes`, key: `rules`. */
export const PutRule = z.looseObject({
  id: EventId,
  source: SourceName,
  version: RuleVersion.describe('One more than the newest there is'),
  rule: RuleDraft,
  by: z.string().min(1).max(200).describe('Who asks for it'),
});
export type PutRule = z.infer<typeof PutRule>;

/** A version of the rules as it was taken. Compacted topic `orders.rules`, key: its number. */
export const StoredRule = z.looseObject({
  version: RuleVersion,
  ...ruleFields,
  validFrom: z.iso.datetime(),
  validUntil: z.iso.datetime().nullable(),
  changedBy: z.string(),
  changedAt: z.iso.datetime(),
});
export type StoredRule = z.infer<typeof StoredRule>;

/** Answer to a `PutRule`. Topic `orders.rule-outcomes`, key: `rules`. */
export const RuleOutcome = z.looseObject({
  id: z.string(),
  source: z.string(),
  result: z.enum(['applied', 'unchanged', 'refused']),
  version: z.int().min(0).describe('The newest version there is after it'),
  errors: z.array(FieldNote).optional(),
});
export type RuleOutcome = z.infer<typeof RuleOutcome>;

/** All versions are in one partition: their numbers are given out by one owner. */
export const RULES_KEY = 'rules';
