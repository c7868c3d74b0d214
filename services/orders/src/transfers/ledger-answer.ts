import type { StockOutcome } from '@shelfline/contracts/stock-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import {
  type TransferMessage,
  TransferReservationAnswered,
  TransferReservationEndangered,
} from '@shelfline/contracts/transfer';
import type { OutputRecord } from '@shelfline/streaming/stream';
import { TRANSFERS_SOURCE, transferOfReservation } from '../domain/transfers/transfer-commands.js';

/**
 * What the ledger says to a transfer on `inventory.outcomes`: that goods left whose reservation it did not have any more.
 * To a reserve it answers on `transfers.intake` itself.
 */
export function transferAnswerOf(outcome: StockOutcome): TransferReservationAnswered | undefined {
  if (outcome.type !== 'reservation' || outcome.source !== TRANSFERS_SOURCE) return undefined;
  const { id, reservationId, command, result, allocations, reason } = outcome;
  // Its reservation may be another's, its command is its own.
  const transferId = transferOfReservation(id.slice(id.indexOf('/') + 1));
  if (command !== 'fulfil' || result !== 'refused') return undefined;
  const said = { reservationId, command, result, allocations, ...(reason === undefined ? {} : { reason }) };
  const message = { type: 'reservation_answered', id, source: 'inventory', transferId, ...said };
  return TransferReservationAnswered.safeParse(message).data;
}

/** To each transfer whose goods were sold where they wait to leave; `id` names the notice. */
export function transfersEndangeredBy(outcome: StockOutcome, id: string): TransferReservationEndangered[] {
  if (outcome.type !== 'shortfall') return [];
  const { sku, location, shortUnits, endangered } = outcome;
  return endangered.flatMap(({ reservationId }, i) => {
    const transferId = transferOfReservation(reservationId);
    const said = { reservationId, sku, location, shortUnits };
    const message = { type: 'reservation_endangered', id: `${id}/${i}`, source: 'inventory', transferId, ...said };
    const { data } = TransferReservationEndangered.safeParse(message);
    return data ? [data] : [];
  });
}

export const transferAnswerOutput = (message: TransferMessage): OutputRecord => ({
  topic: TOPICS.transferIntake,
  key: message.transferId,
  partition: { by: message.transferId },
  type: `shelfline.transfer.${message.type}`,
  value: message,
});
