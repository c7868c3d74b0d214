import { randomUUID } from 'node:crypto';
import { type AppointmentMessage, AppointmentOutcome, type BookAppointment } from '@shelfline/contracts/appointment';
import { TOPICS } from '@shelfline/contracts/topics';
import { type ProblemError, problem } from '@shelfline/service-kit/problem';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { PartitionStore } from '@shelfline/streaming/stream';
import { answersTo } from '../answers-to.js';
import { type RefusalStatuses, refusedBecause } from '../order-problems.js';
import { contentHashOf } from '../read-message.js';
import { TopicDesk } from '../topic-desk.js';
import type { AppointmentWrites } from './appointments.repository.js';

/** Of whom the answers are read here. */
export const APPOINTMENT_DESK = 'appointments-api';

export const decodeAppointmentAnswer = answersTo(APPOINTMENT_DESK, AppointmentOutcome);

export type Booking = Omit<BookAppointment, 'type' | 'id' | 'source'> &
  Pick<BookAppointment, 'appointmentId' | 'store'>;

/** Asks for an appointment. */
export class AppointmentDesk {
  private readonly desk: TopicDesk<AppointmentMessage, AppointmentOutcome>;

  constructor(
    publisher: Pick<Publisher, 'publish'>,
    answers: Pick<OutcomeTail<AppointmentOutcome>, 'expect'>,
    store: Pick<PartitionStore<AppointmentWrites>, 'findEntries'>,
    answerWithinMs: number,
  ) {
    this.desk = new TopicDesk({
      publisher,
      answers,
      store,
      answerWithinMs,
      topic: TOPICS.appointmentIntake,
      keyOf: ({ store }) => store,
      shownAt: ({ store }) => `the appointments of ${store}`,
    });
  }

  /**
   * An appointment is known by its own id. A refusal took nothing, so the id may be tried with another slot, and the same
   * slot once more: it may be free meanwhile.
   */
  async book(booking: Booking): Promise<AppointmentOutcome> {
    const named = (key: string): BookAppointment =>
      ({
        ...booking,
        type: 'book',
        id: `book/${booking.appointmentId}/${key}`,
        source: APPOINTMENT_DESK,
      }) as BookAppointment;
    const first = named(contentHashOf(booking));
    const before = await this.desk.findAnswer(first);
    return this.ask(before?.result === 'refused' ? named(randomUUID()) : first);
  }

  /** Throws in words what was refused. */
  async ask(message: AppointmentMessage): Promise<AppointmentOutcome> {
    const outcome = await this.desk.ask(message);
    if (outcome.result === 'refused') throw refusedBecause(outcome, STATUS, 'That slot cannot be had');
    return outcome;
  }
}

const STATUS: RefusalStatuses = {
  unknown_appointment: [404, 'There is no such appointment'],
  appointment_exists: [409, 'There is such an appointment already'],
  slot_full: [409, 'The slot is taken'],
  out_of_state: [409, 'That cannot be done now'],
};

export const unknownAppointment = (id: string): ProblemError =>
  problem(
    404,
    'unknown-appointment',
    'There is no such appointment',
    `No appointment ${id} concerns you. Look for it in the store's list, /api/orders/appointments.`,
  );
