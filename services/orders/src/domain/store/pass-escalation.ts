import type { OrderContext, OrderDraft } from '../decision.js';
import type { Task } from '../order.js';
import { moveOn } from '../work-task.js';

/** Each level that has come is told, in its order; the last may be to ask another place. */
export function passEscalation(draft: OrderDraft, { number, state, levels = [] }: Task, context: OrderContext): void {
  if (state !== 'ASSIGNED' && state !== 'ACCEPTED' && state !== 'PICKING') return;
  for (const { level, atMs: dueMs } of levels) {
    const task = draft.order.tasks.find((one) => one.number === number)!;
    if (dueMs > context.atMs || task.state !== state) return;
    if (level === 'reroute') moveOn(draft, task, { state: 'TIMED_OUT', reason: 'not_picked_in_time' }, context);
    else draft.add({ type: 'task_escalated', number, level, dueMs });
  }
}
