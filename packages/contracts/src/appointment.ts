import { z } from 'zod';
import { FieldNote } from './catalog-outcome.js';
import { ChannelCode, EventId, Instant, LocationCode, SourceName } from './identifiers.js';
import { OrderId } from './order-id.js';
import { Version } from './stock-level.js';

export const AppointmentId = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._:-]{0,63}$/u, {
  error: 'must be letters, digits and . _ : - only, at most 64',
});
const fields = { id: EventId, source: SourceName, appointmentId: AppointmentId, store: LocationCode };

export const AppointmentPurpose = z.enum(['visit', 'pickup']);

/** The slot that begins at `start`, which is one of the place's slots. */
export const BookAppointment = z.looseObject({
  type: z.literal('book'),
  ...fields,
  start: Instant,
  purpose: AppointmentPurpose,
  orderId: OrderId.optional().describe('What is collected, or talked about'),
  channel: ChannelCode.optional().describe('Whose system booked it, or sold the order: that is shown it too'),
  memberId: z.string().min(1).max(64).optional(),
  name: z.string().min(1).max(100).optional().describe('As the customer is asked for'),
  note: z.string().min(1).max(300).optional(),
});
export type BookAppointment = z.infer<typeof BookAppointment>;
export const MoveAppointment = z.looseObject({ type: z.literal('move'), ...fields, start: Instant });
export type MoveAppointment = z.infer<typeof MoveAppointment>;
export const CancelAppointment = z.looseObject({ type: z.literal('cancel'), ...fields });
export type CancelAppointment = z.infer<typeof CancelAppointment>;
/** Who comes is taken out of it, once he has been there or does not come: the customer asked for it. */
export const EraseAppointment = z.looseObject({ type: z.literal('erase'), ...fields });
export type EraseAppointment = z.infer<typeof EraseAppointment>;

/** What is asked of a place's appointments. Topic `appointments.intake`, key: store, so that a slot has one owner. */
export const AppointmentMessage = z.discriminatedUnion('type', [
  BookAppointment,
  MoveAppointment,
  CancelAppointment,
  EraseAppointment,
]);
export type AppointmentMessage = z.infer<typeof AppointmentMessage>;

/** Answer to it. Topic `appointments.outcomes`, key: store. */
export const AppointmentOutcome = z.looseObject({
  id: z.string(),
  source: z.string(),
  appointmentId: AppointmentId,
  store: LocationCode,
  result: z.enum(['applied', 'unchanged', 'refused']),
  errors: z.array(FieldNote).optional(),
  version: Version,
});
export type AppointmentOutcome = z.infer<typeof AppointmentOutcome>;

/** As an order shows it to its store and its customer. */
export const OrderAppointment = z.looseObject({
  appointmentId: AppointmentId,
  store: LocationCode,
  purpose: AppointmentPurpose,
  start: z.iso.datetime(),
  end: z.iso.datetime(),
});
export type OrderAppointment = z.infer<typeof OrderAppointment>;

/** What became of the appointment for an order. Topic `orders.intake`, key: orderId; sent by the appointments' stream. */
export const AppointmentNoted = z.looseObject({
  type: z.literal('appointment'),
  id: EventId,
  source: SourceName,
  orderId: OrderId,
  appointmentId: AppointmentId,
  appointment: OrderAppointment.optional().describe('Absent once it is cancelled'),
});
export type AppointmentNoted = z.infer<typeof AppointmentNoted>;
