import type { AppointmentNoted } from '@shelfline/contracts/appointment';
import { type Decided, type OrderContext, OrderDraft, refused } from '../decision.js';
import type { Order } from '../order.js';

/** The slot is the store's affair: the order only shows it to its store and its customer. */
export function noteAppointment(
  { appointmentId, appointment, orderId }: AppointmentNoted,
  order: Order | undefined,
  context: OrderContext,
): Decided {
  if (!order) return refused({ code: 'unknown_order', field: 'orderId', detail: `there is no order ${orderId}` });
  // One that was cancelled must not take away another that was booked meanwhile.
  if (!appointment && order.appointment?.appointmentId !== appointmentId) return { kind: 'unchanged' };
  const draft = new OrderDraft(order, context);
  draft.add({ type: 'appointment_noted', ...(appointment ? { appointment } : {}) });
  return draft.decided();
}
