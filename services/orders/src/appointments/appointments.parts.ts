import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { OrdersConfig } from '../config.js';
import { type IntakeServers, openIntakeStore, startAnswers } from '../intake.parts.js';
import type { PromisableStock } from '../promisable-stock.js';
import { AppointmentDesk, decodeAppointmentAnswer } from './appointment-desk.js';
import { AppointmentErasure } from './appointment-erasure.js';
import { AppointmentsController } from './appointments.controller.js';
import { AppointmentsRepository } from './appointments.repository.js';
import { AppointmentKeeping, AppointmentPlaces, AppointmentsIntakeHandler } from './appointments-intake.handler.js';
import { APPOINTMENTS_DUE, appointmentsStream } from './appointments-intake.stream.js';

export const APPOINTMENT_TOPICS = [TOPICS.appointmentIntake, TOPICS.appointmentOutcomes];

const DAY_MS = 24 * 60 * 60 * 1000;

/** The stream of appointments beside that of orders, and its side of REST. */
export async function buildAppointments(
  kit: Kit<OrdersConfig>,
  servers: IntakeServers,
  stock: Pick<PromisableStock, 'findPlace'>,
) {
  const { config } = kit;
  const { kafka, connection, publisher } = servers;
  const repository = new AppointmentsRepository(connection);
  const store = await openIntakeStore(servers, TOPICS.appointmentIntake, 'appointment_entries', repository);
  const answers = await startAnswers(kit, kafka, TOPICS.appointmentOutcomes, decodeAppointmentAnswer);
  const due = new EarliestDue();
  const desk = new AppointmentDesk(publisher, answers, store, config.ORDER_ANSWER_TIMEOUT_MS);
  return {
    stream: appointmentsStream(store, `${config.TOPIC_PREFIX}appointments`, due),
    controllers: [AppointmentsIntakeHandler, AppointmentsController],
    providers: [
      { provide: AppointmentsRepository, useValue: repository },
      { provide: APPOINTMENTS_DUE, useValue: due },
      { provide: AppointmentPlaces, useValue: new AppointmentPlaces((code) => stock.findPlace(code)?.location) },
      { provide: AppointmentKeeping, useValue: new AppointmentKeeping(config.ORDER_KEEP_CUSTOMER_DAYS * DAY_MS) },
      { provide: AppointmentDesk, useValue: desk },
      { provide: AppointmentErasure, useValue: new AppointmentErasure(repository, desk, Date.now) },
    ],
  };
}
