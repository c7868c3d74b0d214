import type { AppointmentNoted, AppointmentOutcome, OrderAppointment } from '@shelfline/contracts/appointment';
import { TOPICS } from '@shelfline/contracts/topics';
import type { LedgerEntry, OutputRecord } from '@shelfline/streaming/stream';
import type { Appointment } from '../domain/appointments/decide-appointment.js';

/** What came of one message: deduplication, answer and outbox in one. */
export interface AppointmentEntry extends LedgerEntry {
  readonly answer: AppointmentOutcome;
  /** To the order that it is for. */
  readonly noted?: AppointmentNoted;
}

export const appointmentOutputs = ({ answer, noted }: AppointmentEntry): OutputRecord[] => [
  answerOutput(answer),
  ...(noted
    ? [
        {
          topic: TOPICS.orderIntake,
          key: noted.orderId,
          partition: { by: noted.orderId },
          type: 'shelfline.order.appointment',
          value: noted,
        },
      ]
    : []),
];
export const answerOutput = (answer: AppointmentOutcome): OutputRecord => ({
  topic: TOPICS.appointmentOutcomes,
  key: answer.store,
  partition: 'same',
  type: 'shelfline.appointment.outcome',
  value: answer,
});

export function notedOf({ orderId, state, version, ...appointment }: Appointment): AppointmentNoted | undefined {
  if (orderId === undefined) return undefined;
  const { appointmentId } = appointment;
  const base = { type: 'appointment' as const, id: `${appointmentId}/${version}`, source: 'appointments' };
  const shown = state === 'BOOKED' ? { appointment: orderAppointment(appointment) } : {};
  return { ...base, orderId, appointmentId, ...shown };
}

const orderAppointment = ({
  appointmentId,
  store,
  purpose,
  startMs,
  endMs,
}: Pick<Appointment, 'appointmentId' | 'store' | 'purpose' | 'startMs' | 'endMs'>): OrderAppointment => ({
  appointmentId,
  store,
  purpose,
  start: new Date(startMs).toISOString(),
  end: new Date(endMs).toISOString(),
});
