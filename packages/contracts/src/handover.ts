import { z } from 'zod';
import { EventId, SourceName } from './identifiers.js';
import { OrderId, TaskId } from './order-id.js';

/**
 * What a manager or the owning channel decides about the handover of what a customer collects. Topic `orders.intake`, key:
 * orderId. The code itself is on no topic.
 */
export const HandoverChange = z.looseObject({
  type: z.literal('handover'),
  id: EventId,
  source: SourceName,
  orderId: OrderId,
  taskId: TaskId,
  change: z
    .enum(['new_code', 'without_code'])
    .describe(
      'new_code = the old one ends and wrong tries are forgotten; without_code = it was handed over all the same',
    ),
  by: z.string().min(1).max(100).describe('Who decided it'),
  reason: z.string().min(1).max(200).describe('Why, e.g. which paper the customer showed'),
});
export type HandoverChange = z.infer<typeof HandoverChange>;
