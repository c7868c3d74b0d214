import type { AppointmentNoted } from '@shelfline/contracts/appointment';
import { type Decided, type OrderContext, OrderDraft, refused } from '../decision.js';
import type { Order } from '../order.js';
import { appointmentsOf } from './appointments-of-order.js';

/** The slot is the store's affair: the order only shows it to its store and its customer. */
export function noteAppointment(
  { appointmentId, appointment, orderId }: AppointmentNoted,
  order: Order | undefined,
  context: OrderContext,
): Decided {
  if (!order) return refused({ code: 'unknown_order', field: 'orderId', detail: `there is no order ${orderId}` });
  const isKnown = appointmentsOf(order).some((one) => one.appointmentId === appointmentId);
  if (!appointment && !isKnown) return { kind: 'unchanged' };
  const draft = new OrderDraft(order, context);
  draft.add({ type: 'appointment_noted', appointmentId, ...(appointment ? { appointment } : {}) });
  return draft.decided();
}
