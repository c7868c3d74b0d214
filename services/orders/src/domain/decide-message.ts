import type { OrderMessage } from '@shelfline/contracts/order';
import { answerHold } from './answer-hold.js';
import { cancelOrder } from './cancel-order.js';
import type { Decided, OrderContext } from './decision.js';
import { endangerHold } from './endanger-hold.js';
import type { Order } from './order.js';
import { placeOrder } from './place-order.js';
import { changeHandover } from './store/change-handover.js';
import { workTask } from './work-task.js';

export function decideMessage(message: OrderMessage, order: Order | undefined, context: OrderContext): Decided {
  switch (message.type) {
    case 'place':
      return placeOrder(message, order, context);
    case 'cancel':
      return cancelOrder(message, order, context);
    case 'task':
      return workTask(message, order, context);
    case 'reservation_answered':
      return answerHold(message, order, context);
    case 'reservation_endangered':
      return endangerHold(message, order, context);
    case 'handover':
      return changeHandover(message, order, context);
  }
}
