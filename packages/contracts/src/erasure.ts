import { z } from 'zod';
import { EventId, SourceName } from './identifiers.js';
import { OrderId } from './order-id.js';

/** Takes the customer out of an order that is over. Topic `orders.intake`, key: orderId. What was sold, and where, stays. */
export const EraseCustomer = z.looseObject({
  type: z.literal('erase_customer'),
  id: EventId,
  source: SourceName,
  orderId: OrderId,
  by: z.string().min(1).max(100).describe('Who decided it'),
  reason: z.string().min(1).max(200).describe('Why, e.g. the number of the customer’s request'),
});
export type EraseCustomer = z.infer<typeof EraseCustomer>;
