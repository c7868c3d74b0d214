import type { CreditAnswered } from '@shelfline/contracts/credit';
import { type Decided, type OrderContext, OrderDraft } from '../decision.js';
import type { Order } from '../order.js';
import { settle } from '../settle-order.js';
import type { OrderCredit } from './credit-state.js';

/** Asked in vain it is asked again after as long as it has waited, at most twenty times the first time. */
const LONGEST_DELAY = 20;

/** Of a revision that is not asked any more it says nothing that counts. */
export function answerCredit(
  { revision, result, reason }: CreditAnswered,
  order: Order | undefined,
  context: OrderContext,
): Decided {
  const { credit } = order ?? {};
  if (!order || !credit || credit.revision !== revision || credit.state === 'held') return { kind: 'unchanged' };
  const draft = new OrderDraft(order, context);
  const due = result === 'held' ? {} : { dueAtMs: context.atMs + delayMs(credit, context) };
  draft.add({ type: 'credit_answered', revision, result, ...(reason === undefined ? {} : { reason }), ...due });
  settle(draft, context);
  return draft.decided();
}

const delayMs = ({ sinceMs }: OrderCredit, { atMs, retryAfterMs }: OrderContext): number =>
  Math.min(Math.max(retryAfterMs, atMs - sinceMs), LONGEST_DELAY * retryAfterMs);
