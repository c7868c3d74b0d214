import { ChannelCode, Instant } from '@shelfline/contracts/identifiers';
import { OrderId } from '@shelfline/contracts/order';
import { RuleDraft } from '@shelfline/contracts/sourcing-rule';
import { z } from 'zod';

const spoken = z.enum(['en', 'zh']);
const language = spoken.default('en');
/** As every other address takes it. */
export const LanguageQuery = z.strictObject({ language: spoken.optional().describe('Instead of that of the body') });

export const MOST_SIMULATED = 50;
export const SimulateBody = z
  .strictObject({
    rule: RuleDraft.describe('The rule on trial; it need not be saved'),
    orders: z
      .array(z.looseObject({}))
      .min(1)
      .max(MOST_SIMULATED)
      .optional()
      .describe('As POST /api/orders takes them; none is placed'),
    orderIds: z.array(OrderId).min(1).max(MOST_SIMULATED).optional().describe('Orders there are, as they were placed'),
    language,
  })
  .refine(({ orders, orderIds }) => (orders === undefined) !== (orderIds === undefined), {
    path: ['orders'],
    error: 'must be given, or orderIds in its place, and not both',
  });

const LONGEST_REPLAY_MS = 31 * 24 * 60 * 60 * 1000;
export const ReplayBody = z
  .strictObject({
    rules: z.array(RuleDraft).min(1).max(5).describe('Rules on trial, each compared with the one in force'),
    from: Instant.describe('Orders placed from then on …'),
    to: Instant.describe('… until just before; at most 31 days later'),
    channel: ChannelCode.optional().describe('Only its orders'),
    mostOrders: z.int().min(1).max(100_000).default(20_000).describe('The newest so many'),
    language,
  })
  .refine(({ from, to }) => Date.parse(to) > Date.parse(from), { path: ['to'], error: 'must be after from' })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= LONGEST_REPLAY_MS, {
    path: ['to'],
    error: 'must be at most 31 days after from',
  });

const Figures = z.object({
  orders: z.int(),
  askedUnits: z.int(),
  unplacedUnits: z.int(),
  unplaceableOrders: z.int(),
  splitOrders: z.int(),
  parcels: z.int(),
  sameCityParcels: z.int(),
  distanceM: z.int(),
  costMinor: z.int(),
  costedParcels: z.int(),
});
const Routed = z.object({
  ruleVersion: z.int().describe('-1 = the rule on trial'),
  locations: z.array(z.string()),
  words: z.array(z.string()),
  figures: z.looseObject({}),
});
export const SimulateAnswer = z.object({
  words: z.array(z.string()),
  inForce: Figures,
  tried: Figures,
  differing: z.int().describe('Orders that would go elsewhere'),
  orders: z.array(z.object({ orderId: OrderId, isDifferent: z.boolean(), inForce: Routed, tried: Routed })),
});
