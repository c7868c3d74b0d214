import { TOPICS } from '@shelfline/contracts/topics';
import { TransferMessage } from '@shelfline/contracts/transfer';
import type { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Parsed, PartitionStore, StreamDefinition } from '@shelfline/streaming/stream';
import { readMessage } from '../read-message.js';
import { answerOutput, entryOutputs, type TransferEntry } from './transfer-outputs.js';
import type { TransferWrites } from './transfers.repository.js';

const MAX_BATCH_RECORDS = 500;
/** Reminders are due after hours; a question to the ledger without an answer is asked again after seconds. */
const TICK_EVERY_MS = 1000;
export const TRANSFERS_DUE = Symbol('transfers due');

/** Topic `transfers.intake`, key transferId: all that changes a transfer is decided in order by one owner. */
export const transfersStream = (
  store: PartitionStore<TransferWrites>,
  groupId: string,
  due: EarliestDue,
): StreamDefinition<TransferMessage, TransferWrites> => ({
  topic: TOPICS.transferIntake,
  groupId,
  parse: parseTransferMessage,
  store,
  emptyWrites: [],
  republish: (entries) => Promise.resolve((entries as readonly TransferEntry[]).flatMap(entryOutputs)),
  resend: (entry) => {
    const { answer } = entry as TransferEntry;
    return answer ? [answerOutput(answer)] : [];
  },
  released: (partition) => due.released(partition),
  tickEveryMs: TICK_EVERY_MS,
  maxBatchRecords: MAX_BATCH_RECORDS,
});

export const parseTransferMessage = (record: ReceivedRecord): Parsed<TransferMessage> =>
  readMessage(record, TransferMessage, { keyOf: ({ transferId }) => transferId, what: 'the message' });
