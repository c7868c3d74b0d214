import type { TaskStep } from '@shelfline/contracts/order';
import { type Decided, type OrderContext, OrderDraft, type Refusal, refused } from './decision.js';
import type { Order, Task } from './order.js';
import { settle } from './settle-order.js';
import { openHandover, refuseCode } from './store/handover.js';
import { refusePlace } from './store/refuse-place.js';
import { rejectLines } from './store/reject-lines.js';
import { watch } from './store/watch-task.js';
import { taskIdOf } from './task-id.js';
import { allowedActions, stateAfter } from './task-steps.js';

export { taskIdOf };

/** Empty where it is no task's. */
export const orderOfTask = (taskId: string): string => taskId.slice(0, Math.max(0, taskId.lastIndexOf('/')));

/** What a store did, or cannot do. A rejection sends what the task held to another place. */
export function workTask(step: TaskStep, order: Order | undefined, context: OrderContext): Decided {
  const task = order?.tasks.find(({ number }) => taskIdOf(order.orderId, number) === step.taskId);
  // One answer for what is not there and for what is another store's.
  if (!order || !task || task.location !== step.store)
    return refused({
      code: 'unknown_task',
      field: 'taskId',
      detail: `${step.store} has no task ${step.taskId}; look at its open tasks again`,
    });
  const { method } = order.placed;
  const state = stateAfter(method, task.state, step.action);
  if (state === undefined) return notNow(step, task, allowedActions(method, task.state));
  const draft = new OrderDraft(order, context);
  const { reason, tracking, by, lines, proof } = step;
  if (lines && state !== 'REJECTED') return refused(ONLY_REJECTED);
  if (proof && state !== 'DELIVERED') return refused(ONLY_DELIVERED);
  if (method === 'pickup' && state === 'HANDED_OVER') {
    const refusal = refuseCode(draft, task, step, context.store);
    if (refusal) return draft.refused(refusal);
  }
  const said = { ...(reason ? { reason } : {}), ...(tracking ? { tracking } : {}), ...(by ? { by } : {}) };
  const why = { ...(reason ? { reason } : {}), ...(by ? { by } : {}) };
  const isPart = lines && rejectLines(draft, task, lines, why, context);
  if (typeof isPart === 'object') return refused(isPart);
  if (lines && isPart === undefined) {
    if (task.isParcelWanted) return refused(LABELLED_WHOLE);
    settle(draft, context);
    return draft.decided();
  }
  if (state === 'REJECTED') moveOn(draft, task, { state, ...said }, context);
  else draft.add({ type: 'task_changed', number: task.number, state, ...said, ...(proof ? { proof } : {}) });
  if (state === 'READY_FOR_PICKUP') openHandover(draft, task.number, context);
  if (state === 'PACKED' && method === 'courier' && context.store.asksCourier)
    draft.add({ type: 'parcel_wanted', number: task.number });
  if (state === 'ACCEPTED') watch(draft, task.number, 'pick', context);
  settle(draft, context);
  return draft.decided();
}

const ONLY_DELIVERED: Refusal = {
  code: 'proof_not_taken',
  field: 'proof',
  detail: 'only what is delivered can be proved to be; leave `proof` out until then',
};
/** Its courier knows, and its label says, what is in it. */
const LABELLED_WHOLE: Refusal = {
  code: 'label_asked',
  field: 'lines',
  detail:
    'it is packed, and its courier was asked for a label of all of it; reject the whole task, or send it as it is',
};
const ONLY_REJECTED: Refusal = {
  code: 'lines_not_taken',
  field: 'lines',
  detail: 'single lines can only be rejected; leave `lines` out and do the rest with the whole task',
};

/** The place is left out from now on, and what it held is free to be asked for elsewhere. */
export function moveOn(
  draft: OrderDraft,
  { number, location }: Task,
  how: { readonly state: 'REJECTED' | 'TIMED_OUT'; readonly reason?: string; readonly by?: string },
  context: OrderContext,
): void {
  draft.add({ type: 'task_changed', number, ...how });
  for (const { reservationId, task, state } of draft.order.holds)
    if (task === number && state === 'held') draft.add({ type: 'hold_released', reservationId });
  refusePlace(draft, location, context, how.state === 'TIMED_OUT' ? { isSilent: true } : {});
}

function notNow({ action }: TaskStep, { state }: Task, allowed: readonly string[]): Decided {
  const instead = allowed.length > 0 ? `it can: ${allowed.join(', ')}` : 'nothing more is done with it';
  return refused({
    code: 'out_of_state',
    field: 'action',
    detail: `a task that is ${state} cannot ${action}; ${instead}`,
    allowed,
  });
}
