import { ChannelCode, Instant } from '@shelfline/contracts/identifiers';
import { RuleDraft, StoredRule } from '@shelfline/contracts/sourcing-rule';
import { z } from 'zod';

export const RulesQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.coerce.number().int().min(1).optional().describe('`next` of the page before'),
});
export const RulesPage = z.object({ items: z.array(StoredRule), next: z.string().nullable() });

export const InForceQuery = z.strictObject({
  channel: ChannelCode.optional().describe('Whose orders'),
  at: Instant.optional().describe('Now unless told'),
});
export const RuleInForce = z.looseObject({
  version: z.int().min(0).describe('0 = the one the software comes with, since nobody has written any'),
  channel: ChannelCode.optional(),
  validFrom: z.iso.datetime(),
  validUntil: z.iso.datetime().nullable(),
  filters: z.array(z.looseObject({ by: z.string() })),
  sorters: z.array(z.looseObject({ by: z.string() })),
  limits: z.looseObject({
    maxSplits: z.int(),
    splitAboveMinor: z.int(),
    collectAfterTransferFrom: z.array(z.string()).readonly().optional(),
  }),
});
export const RuleTaken = z.object({ result: z.enum(['applied', 'unchanged']), rule: StoredRule });

const { $schema: _, ...DRAFT } = z.toJSONSchema(RuleDraft, { io: 'input', unrepresentable: 'any' });
export const RULE_SCHEMA = DRAFT as object;
