import { createHash } from 'node:crypto';
import { canonicalJson } from '@shelfline/contracts/canonical-json';
import { sayIssues } from '@shelfline/contracts/issue-words';
import { TOPICS } from '@shelfline/contracts/topics';
import { TransferMessage } from '@shelfline/contracts/transfer';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Parsed, PartitionStore, StreamDefinition } from '@shelfline/streaming/stream';
import { strictJson } from '@shelfline/streaming/strict-json';
import { answerOutput, entryOutputs, type TransferEntry } from './transfer-outputs.js';
import type { TransferWrites } from './transfers.repository.js';

const MAX_BATCH_RECORDS = 500;
/** Reminders are due after hours; a question to the ledger without an answer is asked again after seconds. */
const TICK_EVERY_MS = 1000;

/** Topic `transfers.intake`, key transferId: all that changes a transfer is decided in order by one owner. */
export const transfersStream = (
  store: PartitionStore<TransferWrites>,
  groupId: string,
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
  // State is read for each batch and kept by nobody.
  released: () => {},
  tickEveryMs: TICK_EVERY_MS,
  maxBatchRecords: MAX_BATCH_RECORDS,
});

export function parseTransferMessage(record: ReceivedRecord): Parsed<TransferMessage> {
  let sent: unknown;
  try {
    sent = strictJson(record);
  } catch {
    return { kind: 'invalid', reason: 'not_json', detail: 'the value is not JSON in UTF-8' };
  }
  const read = TransferMessage.safeParse(sent);
  if (!read.success)
    return { kind: 'invalid', reason: 'invalid', detail: sayIssues(read.error.issues, sent, 'the message') };
  const message = read.data;
  return {
    kind: 'message',
    id: `${message.source}/${message.id}`,
    contentHash: transferHashOf(message),
    message,
    partitionBy: message.transferId,
  };
}

/** Tells a repeat from a conflict, whatever the spacing and the order of fields. */
export const transferHashOf = (message: TransferMessage): string =>
  createHash('sha1').update(canonicalJson(message)).digest('base64url');
