import type { OrderMessage } from '@shelfline/contracts/order-message';
import { answerHold } from './answer-hold.js';
import { noteAppointment } from './appointments/note-appointment.js';
import { cancelOrder } from './cancel-order.js';
import { changeOrder } from './changes/change-order.js';
import { answerCredit } from './credit/answer-credit.js';
import type { Decided, OrderContext } from './decision.js';
import { endangerHold } from './endanger-hold.js';
import { extendHold, holdOrder, releaseHold } from './hold-order.js';
import type { Order } from './order.js';
import { changeParcel } from './parcels/change-parcel.js';
import { hearArrival, hearTransfer } from './pickup-transfer/hear-transfer.js';
import { placeOrder } from './place-order.js';
import { meetBackorder } from './presale/meet-backorder.js';
import { moveDelivery } from './presale/move-delivery.js';
import { eraseCustomer } from './privacy/erase-customer.js';
import { decideReturn } from './returns/decide-return.js';
import { changeHandover } from './store/change-handover.js';
import { planVisit } from './visits/plan-visit.js';
import { workTask } from './work-task.js';

export function decideMessage(message: OrderMessage, order: Order | undefined, context: OrderContext): Decided {
  switch (message.type) {
    case 'hold':
      return holdOrder(message, order, context);
    case 'hold_extend':
      return extendHold(message, order, context);
    case 'hold_release':
      return releaseHold(message, order, context);
    case 'place':
      return placeOrder(message, order, context);
    case 'cancel':
      return cancelOrder(message, order, context);
    case 'change':
      return changeOrder(message, order, context);
    case 'task':
      return workTask(message, order, context);
    case 'reservation_answered':
      return answerHold(message, order, context);
    case 'reservation_endangered':
      return endangerHold(message, order, context);
    case 'credit_answered':
      return answerCredit(message, order, context);
    case 'goods_arrived':
    case 'delivery_fell_short':
      return meetBackorder(message, order, context);
    case 'delivery_moved':
      return moveDelivery(message, order, context);
    case 'return_requested':
    case 'return_received':
    case 'return_inspected':
    case 'return_disposed':
    case 'return_approved':
    case 'return_cancelled':
      return decideReturn(message, order, context);
    case 'parcel':
      return changeParcel(message, order, context);
    case 'appointment':
      return noteAppointment(message, order, context);
    case 'visit':
      return planVisit(message, order, context);
    case 'handover':
      return changeHandover(message, order, context);
    case 'transfer_arrived':
      return hearArrival(message, order, context);
    case 'transfer_told':
      return hearTransfer(message, order, context);
    case 'erase_customer':
      return eraseCustomer(message, order, context);
  }
}
