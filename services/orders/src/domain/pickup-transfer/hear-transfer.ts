import type { ReservationAnswered } from '@shelfline/contracts/order';
import type { TransferArrived, TransferTold } from '@shelfline/contracts/order-transfer';
import { type Decided, type OrderContext, OrderDraft } from '../decision.js';
import type { Order } from '../order.js';
import { settle } from '../settle-order.js';
import { refusePlace } from '../store/refuse-place.js';
import { findArriving, hasLeft, isArrival, isArriving } from './arriving.js';

/** Goods that have not left at the second reminder are looked for elsewhere. */
const GIVEN_UP_AT_LEVEL = 2;

/** What has come for an order is its own; what it does not want any more is given back. */
export function hearArrival(message: TransferArrived, order: Order | undefined, context: OrderContext): Decided {
  if (!order) return { kind: 'unchanged' };
  const { transferId, lineId, units, location, reservationId, expiresAt } = message;
  if (order.holds.some((hold) => hold.reservationId === reservationId)) return { kind: 'unchanged' };
  const transfer = order.transfers?.find((one) => one.transferId === transferId);
  const line = transfer?.lines.find((one) => one.lineId === lineId);
  if (!transfer || !line) return { kind: 'unchanged' };
  const { number } = transfer;
  const draft = new OrderDraft(order, context);
  const arriving = findArriving(order, number, lineId);
  if (arriving && arriving.quantity >= units) {
    const expiresAtMs = Date.parse(expiresAt);
    draft.add({ type: 'transfer_arrived', number, lineId, units, location, reservationId, expiresAtMs });
  } else draft.add({ type: 'arrival_given_back', reservationId, sku: line.sku });
  settle(draft, context);
  return draft.decided();
}

/** The ledger's word that units which came are held may be here before the transfer's, that they came. */
export function hearEarlyAnswer(
  { command, reservationId, allocations }: ReservationAnswered,
  order: Order,
  context: OrderContext,
): Decided {
  const [place] = allocations;
  const arriving = order.holds.find(
    (hold) => isArriving(hold) && isArrival(reservationId) && reservationId.startsWith(`${hold.reservationId}.`),
  );
  if (command !== 'reserve' || !place || !arriving || arriving.quantity < place.quantity) return { kind: 'unchanged' };
  const draft = new OrderDraft(order, context);
  const { transfer: number, lineId, expiresAtMs } = arriving;
  const { quantity: units, location } = place;
  draft.add(
    { type: 'transfer_arrived', number: number!, lineId, units, location, reservationId, expiresAtMs },
    { type: 'hold_granted', reservationId, location },
  );
  settle(draft, context);
  return draft.decided();
}

export function hearTransfer(message: TransferTold, order: Order | undefined, context: OrderContext): Decided {
  const transfer = order?.transfers?.find(({ transferId }) => transferId === message.transferId);
  const arriving = order && transfer && findArriving(order, transfer.number, message.lineId);
  // Of what it does not count on any more it hears nothing new.
  if (!order || !transfer || !arriving) return { kind: 'unchanged' };
  const { lineId, level = 1, reason = message.what } = message;
  const { number, from } = transfer;
  const { reservationId } = arriving;
  const units = Math.min(message.units, arriving.quantity);
  const draft = new OrderDraft(order, context);
  switch (message.what) {
    case 'shipped':
      draft.add({ type: 'transfer_shipped', number, lineId, units });
      break;
    case 'late':
      draft.add({ type: 'transfer_late', number, lineId, level });
      if (level < GIVEN_UP_AT_LEVEL || hasLeft(order, arriving)) break;
      draft.add({ type: 'hold_released', reservationId });
      refusePlace(draft, from, context);
      break;
    case 'refused':
      draft.add({ type: 'transfer_refused', number, lineId, reason }, { type: 'hold_released', reservationId });
      refusePlace(draft, from, context);
      break;
    case 'lost':
      draft.add({ type: 'transfer_lost', number, lineId, units, reason });
      // It had left, so there may be more of it; otherwise the place does not send it, or does not have it.
      if (!hasLeft(order, arriving)) refusePlace(draft, from, context);
  }
  settle(draft, context);
  return draft.decided();
}
