import { z } from 'zod';
import { EventId, SourceName } from './identifiers.js';
import { OrderId } from './order-id.js';

/** Beyond it the sum of an order cannot be counted in minor units without loss. */
const MAX_SUM_MINOR = 10 ** 14;
export const CreditAccount = z
  .string()
  .min(1)
  .max(100)
  .describe('Of a business buyer, as whoever gives him credit knows it');
const sum = z.int().min(0).max(MAX_SUM_MINOR);

/**
 * What an order asks of whoever gives its buyer credit. Topic `orders.credit-requests`, key: orderId. `holdMinor` is the
 * whole sum that is to be held for the order from now on, 0 = nothing any more; of two the higher revision counts.
 */
export const CreditRequest = z.looseObject({
  id: EventId,
  source: SourceName,
  orderId: OrderId,
  account: CreditAccount,
  currency: z.string().regex(/^[A-Z]{3}$/),
  holdMinor: sum,
  revision: z.int().min(1),
});
export type CreditRequest = z.infer<typeof CreditRequest>;

/** `unavailable`: nobody answered in time, so nobody knows; it is asked again. */
export const CreditResult = z.enum(['held', 'refused', 'unavailable']);
export type CreditResult = z.infer<typeof CreditResult>;

/** What became of it, brought to the order. Topic `orders.intake`, key: orderId. */
export const CreditAnswered = z.looseObject({
  type: z.literal('credit_answered'),
  id: EventId,
  source: SourceName,
  orderId: OrderId,
  revision: z.int().min(1),
  result: CreditResult,
  reason: z.string().max(200).optional(),
});
export type CreditAnswered = z.infer<typeof CreditAnswered>;
