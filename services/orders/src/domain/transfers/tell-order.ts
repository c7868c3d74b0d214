import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { RequestTransfer } from '@shelfline/contracts/transfer';
import { arrivalOf, soundUnits } from './arrival.js';
import { evolve, getLine, isForOrder, type Transfer } from './transfer.js';
import type { TransferEvent } from './transfer-events.js';

type Told = { readonly type: string; readonly lineId: string; readonly units: number };
const SOURCE = 'transfers';

/**
 * What an order hears of the goods that are brought to where it is collected: each message under an id made of the
 * transfer's version, so that the same again changes nothing. `before` is the transfer before the events.
 */
export function orderNews(
  before: Transfer | undefined,
  events: readonly TransferEvent[],
  applied: { readonly atMs: number; readonly version: number },
): OrderMessage[] {
  let transfer = before;
  const news: { orderId: string; transferId: string; told: Told }[] = [];
  for (const event of events) {
    const was = transfer;
    transfer = evolve(transfer, event, applied);
    const { orderId, transferId } = transfer;
    if (orderId === undefined) continue;
    for (const told of newsOf(event, was, transfer, applied.atMs)) news.push({ orderId, transferId, told });
  }
  return news.map(
    ({ orderId, transferId, told }, i) =>
      ({ ...told, id: `${transferId}/${applied.version}/${i}`, source: SOURCE, orderId, transferId }) as OrderMessage,
  );
}

function newsOf(event: TransferEvent, was: Transfer | undefined, is: Transfer, atMs: number): Told[] {
  if (event.type === 'overdue')
    return is.lines
      .filter((line) => isForOrder(is, line))
      .map(({ lineId, requestedUnits: units }) => ({ ...said('late', lineId, units), level: event.level }));
  if (!('lineId' in event) || !was || !isForOrder(is, getLine(is, event.lineId))) return [];
  const { lineId } = event;
  switch (event.type) {
    case 'shipped':
      return [said('shipped', lineId, event.units)];
    case 'unavailable':
      return [said('lost', lineId, event.units, is.decision === 'approved' ? 'unavailable' : is.decision)];
    case 'missing':
    case 'turned_back':
      return [said('lost', lineId, event.units, event.type)];
    case 'received': {
      const lost = event.units - soundUnits(event);
      const arrival = arrivalOf(event, is, atMs);
      return [
        ...(arrival ? [arrived(lineId, is, arrival)] : []),
        ...(lost > 0 ? [said('lost', lineId, lost, 'damaged')] : []),
      ];
    }
    case 'reserve_asked':
    case 'reserve_asked_again':
    case 'reserved':
    case 'released':
    case 'withdrawn':
    case 'left_unreserved':
      return [];
  }
}

const said = (what: 'shipped' | 'late' | 'lost' | 'refused', lineId: string, units: number, reason?: string) => ({
  type: 'transfer_told',
  what,
  lineId,
  units,
  ...(reason === undefined ? {} : { reason }),
});

const arrived = (lineId: string, { to }: Transfer, { units, heldFor }: NonNullable<ReturnType<typeof arrivalOf>>) => ({
  type: 'transfer_arrived',
  lineId,
  units,
  location: to,
  reservationId: heldFor.reservationId,
  expiresAt: heldFor.expiresAt,
});

/** An order that waited for a transfer which does not begin would wait for ever. */
export function refusalNews(request: RequestTransfer, reason: string, version: number): OrderMessage[] {
  const { orderId, transferId, lines } = request;
  if (orderId === undefined) return [];
  return lines
    .filter(({ heldAs }) => heldAs?.startsWith(`order/${orderId}/`))
    .map(({ lineId, quantity }, i) => {
      const id = `${transferId}/${version}/${i}`;
      return { ...said('refused', lineId, quantity, reason), id, source: SOURCE, orderId, transferId } as OrderMessage;
    });
}
