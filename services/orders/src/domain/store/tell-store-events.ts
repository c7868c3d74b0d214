import type { OrderEvent as ToldEvent } from '@shelfline/contracts/order-view';
import type { Order } from '../order.js';
import { taskIdOf } from '../task-id.js';
import type { StoreEvent } from './store-events.js';

type Step = Omit<ToldEvent, 'orderId' | 'at' | 'version' | 'state'> & Pick<ToldEvent, 'type'>;

/** As others hear of it: when, who, and at which store. No code is among it. */
export function storeStep({ orderId, tasks }: Order, { type, number, ...said }: StoreEvent): Step {
  const task = tasks.find((one) => one.number === number);
  const { by, reason, triesLeft } = said as { by?: string; reason?: string; triesLeft?: number };
  return {
    type,
    taskId: taskIdOf(orderId, number),
    ...(task ? { location: task.location, taskState: task.state } : {}),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
    ...(triesLeft === undefined ? {} : { triesLeft }),
  };
}
