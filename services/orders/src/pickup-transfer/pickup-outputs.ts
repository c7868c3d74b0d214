import type { OrderView, OrderEvent as ToldEvent } from '@shelfline/contracts/order-view';
import { TOPICS } from '@shelfline/contracts/topics';
import type { TransferMessage } from '@shelfline/contracts/transfer';
import type { OutputRecord } from '@shelfline/streaming/stream';
import type { Order } from '../domain/order.js';
import { findArriving, isArriving, type OrderTransfer } from '../domain/pickup-transfer/arriving.js';
import type { PickupEvent } from '../domain/pickup-transfer/pickup-events.js';

export const transferOutput = (message: TransferMessage): OutputRecord => ({
  topic: TOPICS.transferIntake,
  key: message.transferId,
  partition: { by: message.transferId },
  type: `shelfline.transfer.${message.type}`,
  value: message,
});

type Step = Omit<ToldEvent, 'orderId' | 'at' | 'version' | 'state'> & Pick<ToldEvent, 'type'>;

/** As others hear of it. */
export function pickupSteps({ transfers = [] }: Order, event: PickupEvent): Step[] {
  if (event.type === 'transfer_refused' || event.type === 'arrival_given_back') return [];
  const { transferId, from, expectedByMs } = transfers.find(({ number }) => number === event.number)!;
  const { type } = event;
  if (type === 'transfer_requested') {
    const expected = expectedByMs === undefined ? {} : { expectedBy: new Date(expectedByMs).toISOString() };
    return [{ type, transferId, location: from, ...expected }];
  }
  const { lineId, units, reason } = event as { lineId: string; units?: number; reason?: string };
  const location = type === 'transfer_arrived' ? event.location : from;
  const said = { ...(units === undefined ? {} : { units }), ...(reason === undefined ? {} : { reason }) };
  return [{ type, transferId, lineId, location, ...said }];
}

/** What is still on its way to the store. */
export function arrivingViews(order: Order): NonNullable<OrderView['arriving']> {
  return (order.transfers ?? []).flatMap((transfer) => {
    const { number, transferId, from, lines, expectedByMs, isLate } = transfer;
    const coming = lines.flatMap((line) => {
      const quantity = findArriving(order, number, line.lineId)?.quantity;
      return quantity === undefined ? [] : [{ ...line, quantity }];
    });
    if (coming.length === 0) return [];
    const expected = expectedByMs === undefined ? {} : { expectedBy: new Date(expectedByMs).toISOString() };
    return [{ transferId, from, lines: coming, ...expected, ...(isLate ? { late: true as const } : {}) }];
  });
}

/** By when the last of it is expected; undefined where nothing is under way, or nobody knows. */
export function arrivesByMs({ transfers = [], holds }: Order): number | undefined {
  const numbers = new Set(holds.filter(isArriving).map(({ transfer }) => transfer));
  const known = transfers
    .filter(({ number }: OrderTransfer) => numbers.has(number))
    .flatMap(({ expectedByMs }) => (expectedByMs === undefined ? [] : [expectedByMs]));
  return known.length > 0 ? Math.max(...known) : undefined;
}
