import { z } from 'zod';
import { ChannelCode, Instant, LocationCode } from './identifiers.js';

const names = z.array(z.string().min(1).max(100)).min(1).max(500);

/** With an agent, about the orders that his stock may serve. Part of a version of the sourcing rules. */
export const AgentAgreement = z.strictObject({
  id: z.string().min(1).max(100).describe('Its number, by which people know it'),
  location: LocationCode.describe('Where the agent’s stock stands'),
  channels: z.array(ChannelCode).min(1).max(100).optional().describe('Only orders of these channels; all unless told'),
  brands: names.optional().describe('Only articles of these brands; all unless told'),
  regions: names.optional().describe('Only orders that go to these regions; all unless told'),
  validFrom: Instant.optional().describe('From then on …'),
  validUntil: Instant.nullish().describe('… until just before; without end unless told'),
  priority: z.int().min(0).max(1000).default(0).describe('0 = as the house’s own places; the higher, the later'),
  commissionPercent: z.number().min(0).max(100).default(0).describe('Of the goods’ value, what the agent keeps'),
});
export type AgentAgreement = z.infer<typeof AgentAgreement>;
