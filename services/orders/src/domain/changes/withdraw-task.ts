import type { OrderDraft } from '../decision.js';
import type { Task } from '../order.js';

/** The place has nothing to do for it any more. What is held there is without a task, until it is given back or assigned. */
export const withdraw = (draft: OrderDraft, { number }: Pick<Task, 'number'>): void =>
  draft.add({ type: 'task_withdrawn', number, reason: 'order_changed' });
