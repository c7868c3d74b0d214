import type { FulfilmentMethod } from '@shelfline/contracts/order';
import type { PlanVisit } from '@shelfline/contracts/visit';
import { type Decided, type OrderContext, OrderDraft, refused } from '../decision.js';
import { isClosed, type Order } from '../order.js';
import { taskIdOf } from '../task-id.js';

/** Brought by the store's own people. */
export const VISITED: ReadonlySet<FulfilmentMethod> = new Set<FulfilmentMethod>(['guide_visit', 'same_city']);

/** Also while it is on its way: another may take it over. */
export function planVisit(message: PlanVisit, order: Order | undefined, context: OrderContext): Decided {
  const { taskId, store, guide, from, until } = message;
  const task = order?.tasks.find(({ number }) => taskIdOf(order.orderId, number) === taskId);
  if (!order || !task || task.location !== store)
    return refused({
      code: 'unknown_task',
      field: 'taskId',
      detail: `${store} has no task ${taskId}; look at its open tasks`,
    });
  if (isClosed(task))
    return refused({
      code: 'out_of_state',
      field: 'taskId',
      detail: `a task that is ${task.state} is brought by nobody any more`,
      allowed: [],
    });
  if (!VISITED.has(order.placed.method))
    return refused({
      code: 'not_visited',
      field: 'taskId',
      detail: `an order by ${order.placed.method} is not brought by a guide; only guide_visit and same_city are`,
    });
  const draft = new OrderDraft(order, context);
  const visit = { guide, ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
  draft.add({ type: 'visit_planned', number: task.number, visit });
  return draft.decided();
}
