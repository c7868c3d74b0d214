import type { OrderEvent as ToldEvent } from '@shelfline/contracts/order-view';
import type { Order } from '../order.js';
import type { OrderEvent } from '../order-events.js';
import { taskIdOf } from '../task-id.js';

type Step = Omit<ToldEvent, 'orderId' | 'at' | 'version' | 'state'> & Pick<ToldEvent, 'type'>;

/** What others hear of a change; whoever took the money charges or pays back the amount. */
export function changeSteps(order: Order, event: Extract<OrderEvent, { type: 'task_withdrawn' | 'changed' }>): Step[] {
  if (event.type === 'task_withdrawn') {
    const { number, reason } = event;
    const location = order.tasks.find((task) => task.number === number)!.location;
    return [
      { type: 'task_changed', taskId: taskIdOf(order.orderId, number), taskState: 'CANCELLED', location, reason },
    ];
  }
  const { by, reason, amountMinor, totalMinor } = event;
  return [
    { type: 'changed', ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) },
    ...(amountMinor === 0
      ? []
      : [{ type: 'amount_changed' as const, amountMinor, totalMinor, currency: order.placed.currency }]),
  ];
}
