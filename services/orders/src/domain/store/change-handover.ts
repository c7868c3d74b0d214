import type { HandoverChange } from '@shelfline/contracts/handover';
import { type Decided, type OrderContext, OrderDraft, refused } from '../decision.js';
import type { Order } from '../order.js';
import { settle } from '../settle-order.js';
import { taskIdOf } from '../task-id.js';
import { allowedActions } from '../task-steps.js';

/** A manager or the owning channel helps a customer who has no code, or the wrong one. Who and why is told with it. */
export function changeHandover(message: HandoverChange, order: Order | undefined, context: OrderContext): Decided {
  const { taskId, change, by, reason } = message;
  const task = order?.tasks.find(({ number }) => taskIdOf(order.orderId, number) === taskId);
  if (!order || !task)
    return refused({
      code: 'unknown_task',
      field: 'taskId',
      detail: `there is no task ${taskId}; look at the order again`,
    });
  if (task.state !== 'READY_FOR_PICKUP')
    return refused({
      code: 'out_of_state',
      field: 'taskId',
      detail: `a task that is ${task.state} does not wait to be collected`,
      allowed: allowedActions(order.placed.method, task.state),
    });
  const draft = new OrderDraft(order, context);
  const { number } = task;
  if (change === 'new_code') draft.add({ type: 'handover_code_renewed', number, by, reason });
  else {
    draft.add({ type: 'handover_without_code', number, by, reason });
    draft.add({ type: 'task_changed', number, state: 'HANDED_OVER', by });
  }
  settle(draft, context);
  return draft.decided();
}
