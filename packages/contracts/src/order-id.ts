import { z } from 'zod';

/** Identifiers of orders hold no `/`: it joins an order to its lines and tasks. */
export const OrderId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._:-]*$/u, {
    error: 'may hold letters, digits and . _ : - only, starting with a letter or digit',
  })
  .describe('Identifier of an order, chosen by whoever places it; unique in the brand');
export const LineId = OrderId.max(32).describe('Identifier of a line within its order');
export const TaskId = z.string().min(3).max(80).describe('Order and running number of a store’s task: order/1');
