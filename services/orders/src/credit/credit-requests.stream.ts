import { type CreditAnswered, CreditRequest } from '@shelfline/contracts/credit';
import { TOPICS } from '@shelfline/contracts/topics';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { LedgerEntry, OutputRecord, Parsed, PartitionStore, StreamDefinition } from '@shelfline/streaming/stream';
import { readMessage } from '../read-message.js';

export interface CreditEntry extends LedgerEntry {
  /** Absent of a sum that the same batch asked otherwise: the order has forgotten it. */
  readonly answer?: CreditAnswered;
}

/** Each may have to wait for an answer from elsewhere. */
const MAX_BATCH_RECORDS = 50;
/** Ticks claim the partition and publish what a former owner left unpublished. */
const TICK_EVERY_MS = 5000;

/**
 * Topic `orders.credit-requests`, key orderId. A topic of its own, since whoever gives credit may be slow: only who waits
 * for credit waits for him.
 */
export const creditStream = (store: PartitionStore<null>, groupId: string): StreamDefinition<CreditRequest, null> => ({
  topic: TOPICS.creditRequests,
  groupId,
  parse: parseCreditRequest,
  store,
  emptyWrites: null,
  republish: (entries) => Promise.resolve((entries as readonly CreditEntry[]).flatMap(creditOutputs)),
  resend: (entry) => creditOutputs(entry as CreditEntry),
  released: () => {},
  tickEveryMs: TICK_EVERY_MS,
  maxBatchRecords: MAX_BATCH_RECORDS,
});

export const creditOutputs = ({ answer }: CreditEntry): OutputRecord[] =>
  answer
    ? [
        {
          topic: TOPICS.orderIntake,
          key: answer.orderId,
          partition: { by: answer.orderId },
          type: 'shelfline.order.credit_answered',
          value: answer,
        },
      ]
    : [];

const parseCreditRequest = (record: ReceivedRecord): Parsed<CreditRequest> =>
  readMessage(record, CreditRequest, { keyOf: ({ orderId }) => orderId, what: 'the request' });
