import { AppointmentMessage } from '@shelfline/contracts/appointment';
import { TOPICS } from '@shelfline/contracts/topics';
import type { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Parsed, PartitionStore, StreamDefinition } from '@shelfline/streaming/stream';
import { readMessage } from '../read-message.js';
import { type AppointmentEntry, answerOutput, appointmentOutputs } from './appointment-outputs.js';
import type { AppointmentWrites } from './appointments.repository.js';

const MAX_BATCH_RECORDS = 200;
/** Customers are forgotten after days, and silence must not leave the checkpoint behind until retention passes it. */
const TICK_EVERY_MS = 30_000;
export const APPOINTMENTS_DUE = Symbol('appointments due');

/** Topic `appointments.intake`, key store. */
export const appointmentsStream = (
  store: PartitionStore<AppointmentWrites>,
  groupId: string,
  due: EarliestDue,
): StreamDefinition<AppointmentMessage, AppointmentWrites> => ({
  topic: TOPICS.appointmentIntake,
  groupId,
  parse: parseAppointmentMessage,
  store,
  emptyWrites: [],
  republish: (entries) => Promise.resolve((entries as readonly AppointmentEntry[]).flatMap(appointmentOutputs)),
  resend: (entry) => [answerOutput((entry as AppointmentEntry).answer)],
  released: (partition) => due.released(partition),
  tickEveryMs: TICK_EVERY_MS,
  maxBatchRecords: MAX_BATCH_RECORDS,
});

export const parseAppointmentMessage = (record: ReceivedRecord): Parsed<AppointmentMessage> =>
  readMessage(record, AppointmentMessage, { keyOf: ({ store }) => store, what: 'the message' });
