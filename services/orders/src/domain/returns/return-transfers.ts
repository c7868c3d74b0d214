import type { TransferMessage } from '@shelfline/contracts/transfer';
import { ORDERS_SOURCE } from '../ledger-commands.js';
import type { Order } from '../order.js';
import { reservationIdOf } from '../transfers/transfer.js';
import { transferIdWithin } from '../transfers/transfer-id.js';
import type { ReturnChanged, StepLine } from './order-return.js';

/** One to each place that a step sends something to. */
const transferIdFor = ({ orderId }: Order, { next, lines }: ReturnChanged, location: string): string => {
  const places = [...new Set(lines.flatMap((line) => (line.disposition === 'transfer' ? [line.location] : [])))];
  return transferIdWithin(orderId, `${next.returnId}.${next.history.length}-${places.indexOf(location) + 1}`);
};

/** Under which the pieces are reserved as they are booked in: in between they would be for sale, faulty ones too. */
export const heldForTransfer = (order: Order, change: ReturnChanged, { lineId, location }: StepLine): string =>
  reservationIdOf(transferIdFor(order, change, location!), lineId, 0);

export function returnTransfers(order: Order, change: ReturnChanged): TransferMessage[] {
  const { next, step } = change;
  const byPlace = new Map<string, StepLine[]>();
  for (const line of change.lines) {
    if (line.disposition !== 'transfer') continue;
    byPlace.set(line.location!, [...(byPlace.get(line.location!) ?? []), line]);
  }
  return [...byPlace].map(([to, lines]) => {
    const transferId = transferIdFor(order, change, to);
    return {
      type: 'request' as const,
      id: `request/${transferId}`,
      source: ORDERS_SOURCE,
      transferId,
      from: next.store!,
      to,
      purpose: 'return' as const,
      orderId: order.orderId,
      returnId: next.returnId,
      by: step.by,
      lines: lines.map((line) => ({
        lineId: line.lineId,
        sku: line.sku,
        quantity: line.units,
        heldAs: heldForTransfer(order, change, line),
      })),
    };
  });
}
