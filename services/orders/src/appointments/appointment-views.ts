import { AppointmentId, AppointmentPurpose, BookAppointment } from '@shelfline/contracts/appointment';
import { Instant, LocationCode } from '@shelfline/contracts/identifiers';
import { z } from 'zod';
import type { Appointment } from '../domain/appointments/decide-appointment.js';
import { NO_SLOTS } from '../domain/appointments/slots.js';

const { start, orderId, channel, memberId, name, note } = BookAppointment.shape;
const requestId = z.string().min(1).max(60).optional().describe('Of this request: the same again is answered again');

export const BookBody = z.strictObject({
  appointmentId: AppointmentId,
  store: LocationCode,
  start,
  purpose: AppointmentPurpose,
  orderId,
  memberId,
  name,
  note,
});
export const MoveBody = z.strictObject({ start, id: requestId });
export const CancelAppointmentBody = z.strictObject({ id: requestId });

const span = { from: Instant.describe('Beginning then or later'), until: Instant.describe('… and before then') };
export const SlotsQuery = z.strictObject({ store: LocationCode, ...span });
export const SlotsView = z.object({
  store: LocationCode,
  slots: z.array(z.object({ start: z.iso.datetime(), end: z.iso.datetime(), free: z.int().min(0) })),
  none: z.enum(NO_SLOTS).optional().describe('Why it has none on any day; absent where it has some'),
});
export const AppointmentsQuery = z.strictObject({ store: LocationCode.optional(), ...span });

export const AppointmentView = z.object({
  appointmentId: AppointmentId,
  store: LocationCode,
  state: z.enum(['BOOKED', 'CANCELLED']),
  purpose: AppointmentPurpose,
  start: z.iso.datetime(),
  end: z.iso.datetime(),
  orderId,
  channel,
  memberId,
  name,
  note,
});
export type AppointmentView = z.infer<typeof AppointmentView>;
export const AppointmentsView = z.object({
  items: z.array(AppointmentView),
  more: z.boolean().describe('There may be more than these thousand: ask for a shorter span'),
});

export const appointmentView = ({
  startMs,
  endMs,
  changedAtMs: _,
  version: __,
  ...appointment
}: Appointment): AppointmentView => ({
  ...appointment,
  start: new Date(startMs).toISOString(),
  end: new Date(endMs).toISOString(),
});
