import { ApprovalRule } from '@shelfline/contracts/transfer';
import { commonConfig } from '@shelfline/service-kit/config';
import { z } from 'zod';

const duration = (min: number, max: number, standard: number) =>
  z.coerce.number().int().min(min).max(max).default(standard);

export const OrdersConfig = z.object({
  ...commonConfig,
  PORT: commonConfig.PORT.default(8084),
  MONGODB_DATABASE: commonConfig.MONGODB_DATABASE.default('shelfline_orders'),
  ORDER_ANSWER_TIMEOUT_MS: duration(100, 60_000, 10_000).describe(
    'How long a request waits for what becomes of an order',
  ),
  ORDER_HOLD_MS: duration(10_000, 86_400_000, 600_000).describe(
    'What an order asks of the ledger is decided within this time, or refused',
  ),
  TASK_ACCEPT_WITHIN_MS: duration(1000, 604_800_000, 900_000).describe(
    'A store that has not accepted a task by then loses it to the next place',
  ),
  ORDER_RETRY_MS: duration(1000, 86_400_000, 30_000).describe(
    'An order that could be placed nowhere is tried again after this',
  ),
  TRANSFER_APPROVAL_RULES: z
    .string()
    .default('[{"purposes":["pickup","endless_aisle","return"],"mostUnits":20}]')
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON: a list of rules' });
        return z.NEVER;
      }
    })
    .pipe(z.array(ApprovalRule).max(100))
    .describe('Transfers that need nobody’s approval: JSON list of {purposes, from, to, mostUnits}'),
  TRANSFER_APPROVE_WITHIN_MS: duration(1000, 2_592_000_000, 86_400_000).describe(
    'A transfer that nobody has decided on by then is overdue',
  ),
  TRANSFER_SHIP_WITHIN_MS: duration(1000, 2_592_000_000, 172_800_000).describe(
    'An approved transfer that has not left by then is overdue',
  ),
  TRANSFER_RECEIVE_WITHIN_MS: duration(1000, 2_592_000_000, 604_800_000).describe(
    'A transfer that has not come by then is overdue',
  ),
});
export type OrdersConfig = z.infer<typeof OrdersConfig>;
