import type { TaskLine } from '@shelfline/contracts/order-view';
import type { Hold } from '../hold.js';
import { transferIdWithin } from '../transfers/transfer-id.js';
import type { PickupEvent } from './pickup-events.js';

/** A transfer that an order has asked for, as far as the order has heard of it. */
export interface OrderTransfer {
  readonly number: number;
  readonly transferId: string;
  readonly from: string;
  readonly lines: readonly TaskLine[];
  readonly expectedByMs?: number;
  /** Lines that have left: their reservation is over. */
  readonly shipped: readonly string[];
  readonly isLate?: true;
}

/** Of an order, what this is about. */
interface Bringing {
  readonly lines: readonly { readonly lineId: string; readonly sku: string }[];
  readonly holds: readonly Hold[];
  readonly transfers?: readonly OrderTransfer[];
  readonly attempts: number;
}

/** Its own, and the same however often it is asked for. */
export const transferIdOf = (orderId: string, number: number): string => transferIdWithin(orderId, `t${number}`);

/** Of units that are under way to the store, with the transfer that brings them. */
export const isArriving = ({ transfer, state }: Hold): boolean => transfer !== undefined && state === 'held';
export const hasArriving = ({ holds }: Pick<Bringing, 'holds'>): boolean => holds.some(isArriving);
/** Made as units came; named after what held them where they left. */
export const isArrival = (reservationId: string): boolean =>
  /\.\d+$/.test(reservationId.slice(reservationId.lastIndexOf('/')));

/** What the order still counts on of a line of a transfer. */
export const findArriving = ({ holds }: Pick<Bringing, 'holds'>, number: number, lineId: string): Hold | undefined =>
  holds.find((hold) => isArriving(hold) && hold.transfer === number && hold.lineId === lineId);
export const hasLeft = ({ transfers = [] }: Pick<Bringing, 'transfers'>, { transfer, lineId }: Hold): boolean =>
  transfers.some(({ number, shipped }) => number === transfer && shipped.includes(lineId));

/** What an event of the goods on their way makes of the order. */
export function evolvePickup<T extends Bringing>(order: T, event: PickupEvent, { atMs }: { readonly atMs: number }): T {
  switch (event.type) {
    case 'transfer_requested': {
      const { type: _, reservationIds, to: __, ...said } = event;
      const own = new Set(reservationIds);
      return {
        ...order,
        holds: order.holds.map((hold) => (own.has(hold.reservationId) ? { ...hold, transfer: event.number } : hold)),
        transfers: [...(order.transfers ?? []), { ...said, shipped: [] }],
      };
    }
    case 'transfer_shipped':
      return withTransfer(order, event.number, ({ shipped, ...rest }) => ({
        ...rest,
        shipped: shipped.includes(event.lineId) ? shipped : [...shipped, event.lineId],
      }));
    case 'transfer_late':
      return withTransfer(order, event.number, (transfer) => ({ ...transfer, isLate: true }));
    case 'transfer_lost':
      return { ...withFewer(order, event), attempts: 0 };
    case 'transfer_refused':
      return {
        ...order,
        holds: order.holds.map((hold) => (isOf(hold, event) ? ownAgain(hold) : hold)),
      };
    case 'transfer_arrived': {
      const { lineId, units: quantity, location, reservationId, expiresAtMs } = event;
      const { sku } = order.lines.find((line) => line.lineId === lineId)!;
      const come: Hold = {
        reservationId,
        lineId,
        sku,
        quantity,
        locations: [location],
        state: 'asked',
        expiresAtMs,
        askedAtMs: atMs,
      };
      const fewer = withFewer(order, event);
      return { ...fewer, holds: [...fewer.holds, come] };
    }
    case 'arrival_given_back':
      return order;
  }
}

const isOf = (hold: Hold, { number, lineId }: { readonly number: number; readonly lineId: string }): boolean =>
  isArriving(hold) && hold.transfer === number && hold.lineId === lineId;

function ownAgain(hold: Hold): Hold {
  const { transfer: _, ...own } = hold;
  return own;
}

const withTransfer = <T extends Bringing>(
  order: T,
  number: number,
  change: (transfer: OrderTransfer) => OrderTransfer,
): T => ({
  ...order,
  transfers: (order.transfers ?? []).map((transfer) => (transfer.number === number ? change(transfer) : transfer)),
});

/** Of what is under way so many less. */
function withFewer<T extends Bringing>(
  order: T,
  event: { readonly number: number; readonly lineId: string; readonly units: number },
): T {
  const holds = order.holds.flatMap((hold) => {
    if (!isOf(hold, event)) return [hold];
    return hold.quantity > event.units ? [{ ...hold, quantity: hold.quantity - event.units }] : [];
  });
  return { ...order, holds };
}
