import type { StockOutcome } from '@shelfline/contracts/stock-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import { type TransferMessage, TransferReservationAnswered } from '@shelfline/contracts/transfer';
import type { OutputRecord } from '@shelfline/streaming/stream';
import { TRANSFERS_SOURCE, transferOfReservation } from '../domain/transfers/transfer-commands.js';

/**
 * What the ledger says to a transfer on `inventory.outcomes`: that goods left whose reservation it did not have any more.
 * To a reserve it answers on `transfers.intake` itself.
 */
export function transferAnswerOf(outcome: StockOutcome): TransferReservationAnswered | undefined {
  if (outcome.type !== 'reservation' || outcome.source !== TRANSFERS_SOURCE) return undefined;
  const { id, reservationId, command, result, allocations, reason } = outcome;
  const transferId = transferOfReservation(reservationId);
  if (command !== 'fulfil' || result !== 'refused') return undefined;
  const said = { reservationId, command, result, allocations, ...(reason === undefined ? {} : { reason }) };
  const message = { type: 'reservation_answered', id, source: 'inventory', transferId, ...said };
  return TransferReservationAnswered.safeParse(message).data;
}

export const transferAnswerOutput = (message: TransferMessage): OutputRecord => ({
  topic: TOPICS.transferIntake,
  key: message.transferId,
  partition: { by: message.transferId },
  type: `shelfline.transfer.${message.type}`,
  value: message,
});
