import { OrderId, TaskId } from '@shelfline/contracts/order-id';
import { z } from 'zod';

const MAX_PAGE_ENTRIES = 500;

export const TimelineQuery = z.strictObject({
  language: z.enum(['en', 'zh']).default('en'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PAGE_ENTRIES)
    .default(200)
    .describe('Most messages; each may have several steps'),
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, { error: 'must be `next` of the page before, as it is' })
    .optional()
    .describe('`next` of the page before'),
});

export const TimelineStep = z.object({
  at: z.iso.datetime().describe('When it was decided'),
  sourceAt: z.iso.datetime({ offset: true }).optional().describe('When it happened, as its source says'),
  type: z.string().describe('As on `orders.events`; `return_…` as on `orders.returns`; `routing`, `refused`'),
  words: z.string().describe('For whoever answers the customer'),
  details: z.array(z.string()).optional().describe('Of a routing or a refusal: why'),
  by: z.string().optional().describe('Who did it, as his store or system knows him'),
  source: z.string().describe('Whose message it was; `ledger` = the answer of the stock ledger, `time` = a time-out'),
  location: z.string().optional(),
  taskId: TaskId.optional(),
  lineId: z.string().optional(),
  returnId: z.string().optional(),
  units: z.int().min(0).optional(),
  reason: z.string().optional(),
  expectedAt: z.iso.datetime({ offset: true }).optional().describe('Of a backorder: when it is expected to leave'),
  formerlyExpectedAt: z.iso.datetime({ offset: true }).optional().describe('… and when it was before'),
  state: z.string().optional().describe('Of the order after it'),
  version: z.int(),
});
export type TimelineStep = z.infer<typeof TimelineStep>;
export const TimelinePage = z.object({
  orderId: OrderId,
  steps: z.array(TimelineStep).describe('The oldest first'),
  next: z.string().nullable(),
});
