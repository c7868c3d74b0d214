import type { ReturnMessage } from '@shelfline/contracts/return';
import type { Decided, OrderContext } from '../decision.js';
import type { Order } from '../order.js';
import { inspectReturn } from './inspect-return.js';
import { requestReturn } from './request-return.js';
import { approveReturn, cancelReturn, disposeReturn, receiveReturn } from './work-return.js';

export function decideReturn(message: ReturnMessage, order: Order | undefined, context: OrderContext): Decided {
  switch (message.type) {
    case 'return_requested':
      return requestReturn(message, order, context);
    case 'return_received':
      return receiveReturn(message, order, context);
    case 'return_inspected':
      return inspectReturn(message, order, context);
    case 'return_disposed':
      return disposeReturn(message, order, context);
    case 'return_approved':
      return approveReturn(message, order, context);
    case 'return_cancelled':
      return cancelReturn(message, order, context);
  }
}
