import { type OrderContext, type OrderDraft, type Refusal } from '../decision.js';
import type { Task } from '../order.js';
import { taskIdOf } from '../task-id.js';
import { handoverOf, isLocked, MOST_WRONG_CODES } from './handover-state.js';
import type { StoreTerms } from './store-terms.js';

/** The text of the customer's QR code: it names its task, so that another parcel's is told from a wrong one. */
export const qrText = (taskId: string, code: string): string => `shelfline:${taskId}:${code}`;

export function openHandover(draft: OrderDraft, number: number, { atMs, store }: OrderContext): void {
  const { pickupRemindAfterMs, pickupKeepMs } = store;
  draft.add({
    type: 'handover_opened',
    number,
    remindAtMs: atMs + pickupRemindAfterMs,
    collectByMs: atMs + pickupKeepMs,
  });
}

/** Undefined = it is the customer's. A wrong one is counted; none at all is not a try. */
export function refuseCode(
  draft: OrderDraft,
  task: Task,
  { code, by }: { readonly code?: string | undefined; readonly by?: string | undefined },
  terms: StoreTerms,
): Refusal | undefined {
  if (isLocked(task)) return LOCKED;
  if (code === undefined)
    return {
      code: 'code_missing',
      field: 'code',
      detail: 'the customer shows a code when he collects; ask for it and send it along',
    };
  const taskId = taskIdOf(draft.order.orderId, task.number);
  const { round, wrongCodes } = handoverOf(task);
  const right = terms.handoverCode(taskId, round);
  const shown = code.trim();
  if (shown === right || shown === qrText(taskId, right)) return undefined;
  const triesLeft = MOST_WRONG_CODES - wrongCodes - 1;
  draft.add({ type: 'handover_refused', number: task.number, triesLeft, ...(by ? { by } : {}) });
  return {
    code: 'wrong_code',
    field: 'code',
    detail: `it is not the code of ${taskId}, so it stays here; ${triesLeft > 0 ? `${triesLeft} tries are left: compare the order's number and ask again` : LOCKED.detail}`,
  };
}

const LOCKED: Refusal = {
  code: 'handover_locked',
  field: 'code',
  detail:
    'too many wrong codes were shown, so no code opens it any more; let the customer ask for a new code, or a manager decide',
};
