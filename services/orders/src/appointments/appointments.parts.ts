import type { AppointmentOutcome } from '@shelfline/contracts/appointment';
import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { MongoPartitionStore } from '@shelfline/streaming/mongo-partition-store';
import { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import { topicName } from '@shelfline/streaming/topics-setup';
import type { Connection } from 'mongoose';
import type { OrdersConfig } from '../config.js';
import type { PromisableStock } from '../promisable-stock.js';
import { AppointmentDesk, decodeAppointmentAnswer } from './appointment-desk.js';
import { AppointmentErasure } from './appointment-erasure.js';
import { AppointmentsController } from './appointments.controller.js';
import { AppointmentsRepository, type AppointmentWrites } from './appointments.repository.js';
import { AppointmentKeeping, AppointmentPlaces, AppointmentsIntakeHandler } from './appointments-intake.handler.js';
import { APPOINTMENTS_DUE, appointmentsStream } from './appointments-intake.stream.js';

export const APPOINTMENT_TOPICS = [TOPICS.appointmentIntake, TOPICS.appointmentOutcomes];

const DAY_MS = 24 * 60 * 60 * 1000;

interface Parts {
  readonly kafka: KafkaPort;
  readonly connection: Connection;
  readonly partitions: ReadonlyMap<string, number>;
  readonly publisher: Publisher;
  readonly stock: Pick<PromisableStock, 'findPlace'>;
}

/** The stream of appointments beside that of orders, and its side of REST. */
export async function buildAppointments(
  { config, lifecycle }: Kit<OrdersConfig>,
  { kafka, connection, partitions, publisher, stock }: Parts,
) {
  const repository = new AppointmentsRepository(connection);
  await repository.prepare();
  const store = new MongoPartitionStore<AppointmentWrites>({
    connection,
    stream: TOPICS.appointmentIntake.name,
    entriesCollection: 'appointment_entries',
    partitions: partitions.get(TOPICS.appointmentIntake.name)!,
    write: (writes, transaction) => repository.write(writes, transaction),
    merge: (writes) => writes.flat(),
  });
  await store.prepare();
  const answers = new OutcomeTail<AppointmentOutcome>({
    kafka,
    topicName: topicName(TOPICS.appointmentOutcomes, config.TOPIC_PREFIX),
    decode: decodeAppointmentAnswer,
    onCrash: (error) => lifecycle.fail(error),
    isOwn: true,
  });
  await answers.start();
  lifecycle.onStop('outbox', 'appointment answers', () => answers.stop());
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
