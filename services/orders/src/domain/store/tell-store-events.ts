import type { OrderEvent as ToldEvent } from '@shelfline/contracts/order-view';
import type { Order } from '../order.js';
import { taskIdOf } from '../task-id.js';
import type { StoreEvent } from './store-events.js';

type Step = Omit<ToldEvent, 'orderId' | 'at' | 'version' | 'state'> & Pick<ToldEvent, 'type'>;

type ToldStoreEvent = Exclude<StoreEvent, { type: 'watch_started' | 'task_times_moved' }>;

/** As others hear of it: when, who, and at which store. No code is among it. */
export function storeStep({ orderId, tasks }: Order, { type, number, ...said }: ToldStoreEvent): Step {
  const task = tasks.find((one) => one.number === number);
  const { by, reason, triesLeft, level } = said as Partial<Record<'by' | 'reason' | 'level', string>> & {
    triesLeft?: number;
  };
  return {
    type,
    taskId: taskIdOf(orderId, number),
    ...(task ? { location: task.location, taskState: task.state } : {}),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
    ...(level === undefined ? {} : { level }),
    ...(triesLeft === undefined ? {} : { triesLeft }),
  };
}
