import type { OrderContext, OrderDraft } from '../decision.js';
import { sumMinor } from './credit-state.js';

/**
 * Has as much credit held as the order costs now: asked when it is placed, lowered as units are cancelled, given back with
 * the last of them. Called after every change; each sum is asked under a revision of its own until it is answered.
 */
export function fitCredit(draft: OrderDraft, context: OrderContext): void {
  const { credit } = draft.order;
  if (!credit || credit.holdMinor === sumMinor(draft.order)) return;
  ask(draft, credit.account, credit.revision + 1, context);
}

export function openCredit(draft: OrderDraft, account: string, context: OrderContext): void {
  ask(draft, account, 1, context);
}

/** Its time has come: nobody has answered, or no was said. */
export function askCreditAgain(draft: OrderDraft, context: OrderContext): void {
  const { credit } = draft.order;
  if (credit?.dueAtMs === undefined || credit.dueAtMs > context.atMs) return;
  ask(draft, credit.account, credit.revision, context);
}

function ask(draft: OrderDraft, account: string, revision: number, context: OrderContext): void {
  const { atMs, askAgainAfterMs } = context;
  const holdMinor = sumMinor(draft.order);
  draft.add({ type: 'credit_asked', account, holdMinor, revision, dueAtMs: atMs + askAgainAfterMs });
}
