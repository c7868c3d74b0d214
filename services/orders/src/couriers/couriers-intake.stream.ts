import { ParcelMessage } from '@shelfline/contracts/parcel';
import { TOPICS } from '@shelfline/contracts/topics';
import type { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Parsed, PartitionStore, StreamDefinition } from '@shelfline/streaming/stream';
import { readMessage } from '../read-message.js';
import { type ParcelEntry, parcelOutputs } from './parcel-outputs.js';
import type { ParcelWrites } from './parcels.repository.js';

const MAX_BATCH_RECORDS = 500;
/** A store that has packed stands before the printer. */
const TICK_EVERY_MS = 500;
export const PARCELS_DUE = Symbol('parcels due');

/** Topic `couriers.intake`, key orderId: all that changes a parcel is decided in order by one owner. */
export const couriersStream = (
  store: PartitionStore<ParcelWrites>,
  groupId: string,
  due: EarliestDue,
): StreamDefinition<ParcelMessage, ParcelWrites> => ({
  topic: TOPICS.courierIntake,
  groupId,
  parse: parseParcelMessage,
  store,
  emptyWrites: [],
  republish: (entries) => Promise.resolve((entries as readonly ParcelEntry[]).flatMap(parcelOutputs)),
  resend: () => [],
  released: (partition) => due.released(partition),
  tickEveryMs: TICK_EVERY_MS,
  maxBatchRecords: MAX_BATCH_RECORDS,
});

export const parseParcelMessage = (record: ReceivedRecord): Parsed<ParcelMessage> =>
  readMessage(record, ParcelMessage, { keyOf: ({ orderId }) => orderId, what: 'the message' });
