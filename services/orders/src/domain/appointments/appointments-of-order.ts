import type { AppointmentNoted, OrderAppointment } from '@shelfline/contracts/appointment';

interface Awaiting {
  readonly appointment?: OrderAppointment;
  readonly otherAppointments?: readonly OrderAppointment[];
}
/** A system that books the same order again and again must not make it too large to be written. */
export const MOST_APPOINTMENTS = 10;

/** The one that is shown first. */
export const appointmentsOf = ({ appointment, otherAppointments = [] }: Awaiting): readonly OrderAppointment[] =>
  appointment ? [appointment, ...otherAppointments] : [];

/** What was told of last is shown; once it is cancelled, what was told of before it. */
export function appointmentsAfter(
  order: Awaiting,
  { appointmentId, appointment }: Pick<AppointmentNoted, 'appointmentId' | 'appointment'>,
): readonly OrderAppointment[] {
  const others = appointmentsOf(order).filter((one) => one.appointmentId !== appointmentId);
  return appointment ? [appointment, ...others].slice(0, MOST_APPOINTMENTS) : others;
}
