import { sayIssues } from '@shelfline/contracts/issue-words';
import { ReturnRules } from '@shelfline/contracts/return';
import { ApprovalRule } from '@shelfline/contracts/transfer';
import { commonConfig, secret } from '@shelfline/service-kit/config';
import { trackingKeys } from '@shelfline/service-kit/tracking-tokens';
import { z } from 'zod';
import { EscalationRule } from './handover/escalation-schema.js';
import { WaitRules } from './wait-rule-schema.js';

const duration = (min: number, max: number, standard: number) =>
  z.coerce.number().int().min(min).max(max).default(standard);

const COURIER_SECRETS = /^[a-z][a-z0-9-]{0,39}:[\w+/=-]{20,200}(?:,[a-z][a-z0-9-]{0,39}:[\w+/=-]{20,200})*$/;
const DEFAULT_ESCALATION =
  '{"store":{"accept":[{"afterMinutes":5,"level":"remind"},{"afterMinutes":10,"level":"manager"}],' +
  '"pick":[{"afterMinutes":30,"level":"remind"},{"afterMinutes":60,"level":"manager"},{"afterMinutes":120,"level":"reroute"}]}}';
/** Nobody waits at a counter; whoever collects wants his money back after a week, as he has a week to collect. */
const DEFAULT_WAIT = '[{"methods":["carry_out"],"days":1},{"methods":["pickup"],"days":7}]';
const jsonOf = <T>(schema: z.ZodType<T>, standard: string) =>
  z
    .string()
    .default(standard)
    .transform((text, context): T => {
      const read = schema.safeParse(parsed(text));
      if (read.success) return read.data;
      context.addIssue({ code: 'custom', message: z.prettifyError(read.error) });
      return z.NEVER;
    });
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

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
  TRACKING_KEYS: trackingKeys,
  TRACKING_LINK_DAYS: duration(1, 3650, 180).describe('A tracking link is good for so many days'),
  TRACKING_LINK_BASE: z
    .url()
    .optional()
    .describe('Address of the page that shows an order; its link ends in #track=TOKEN. None is made unless set'),
  PICKUP_REMIND_AFTER_MS: duration(1000, 2_592_000_000, 172_800_000).describe(
    'What waits to be collected: its customer is reminded after this (event `pickup_reminded`)',
  ),
  PICKUP_KEEP_MS: duration(1000, 7_776_000_000, 604_800_000).describe(
    'What was not collected after this goes back to stock',
  ),
  TASK_ESCALATION: jsonOf(EscalationRule, DEFAULT_ESCALATION).describe(
    'By type of place: opening minutes from assigned (`accept`) or accepted (`pick`) to `remind`, `manager` and `reroute`, as JSON',
  ),
  COURIER: z
    .enum(['simulator'])
    .optional()
    .describe('Who takes parcels: its label is asked for once one is packed. Nobody is asked unless set'),
  COURIER_TIMEOUT_MS: duration(100, 60_000, 10_000).describe('How long a courier may take to answer'),
  COURIER_WEBHOOK_SECRETS: secret(
    z.string().regex(COURIER_SECRETS, { error: 'is not a list of courier:secret, the secrets of 20 letters or more' }),
  )
    .optional()
    .describe('With which couriers sign what they tell, courier:secret, comma between'),
  COURIER_SIMULATOR_STEP_MS: duration(100, 86_400_000, 60_000).describe(
    'From one step of a simulated parcel to the next',
  ),
  ORDER_RETRY_MS: duration(1000, 86_400_000, 30_000).describe(
    'An order that could be placed nowhere is tried again after this',
  ),
  ORDER_WAIT_RULES: jsonOf(WaitRules, DEFAULT_WAIT).describe(
    'What nobody has is cancelled after so many `days` of waiting, as JSON list of {methods, channels, days}; the first that names the order counts, without one it waits for ever',
  ),
  ORDER_KEEP_CUSTOMER_DAYS: duration(1, 3650, 180).describe(
    'Address, name and phone are taken out of an order so many days after its customer can follow it no more, which is a week after it is over',
  ),
  CART_KEEP_MS: duration(60_000, 31_536_000_000, 7_776_000_000).describe(
    'A member’s cart that nobody touches is emptied after this',
  ),
  ORDER_QUOTE_KEYS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('Public keys (JWKS, Ed25519) of whoever signs quotes; without it a trusted channel states its prices'),
  RETURN_RULES: z
    .string()
    .transform((text, context) => {
      const read = ReturnRules.safeParse(parsed(text));
      if (read.success) return read.data;
      context.addIssue({
        code: 'custom',
        message: `must be rules of returns as JSON; ${sayIssues(read.error.issues, parsed(text), 'it')}`,
      });
      return z.NEVER;
    })
    .optional()
    .describe('Rules of returns as JSON (schema ReturnRules of packages/contracts); 14 days and no fee unless told'),
  CREDIT_URL: z
    .url()
    .optional()
    .describe(
      'Who gives business buyers credit (HTTP, README "Business buyers"); nothing is sold on account unless set',
    ),
  CREDIT_TOKEN: z.string().min(1).optional().describe('Bearer token that CREDIT_URL is asked with'),
  CREDIT_TIMEOUT_MS: duration(50, 60_000, 2000).describe('CREDIT_URL is given so long for one answer'),
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
