import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import type { RequestTransfer } from '@shelfline/contracts/transfer';
import { arrivalOf } from './arrival.js';
import { evolve, getLine, HOLD_MS, isForOrder, reservationIdOf, type Transfer, type TransferHold } from './transfer.js';
import type { TransferEvent } from './transfer-events.js';

/** Of whom the ledger's answers are read. */
export const TRANSFERS_SOURCE = 'transfers';

const RESERVATION_ID = /^transfer\/([^/]+)\/[^/]+\/\d+$/u;
export const transferOfReservation = (reservationId: string): string | undefined =>
  RESERVATION_ID.exec(reservationId)?.[1];

/**
 * What the events of one decision ask and tell the ledger. The id of each is made of the line and its running step, so the
 * same again moves nothing. `before` is the transfer before them.
 */
export function transferDeltas(
  before: Transfer | undefined,
  events: readonly TransferEvent[],
  applied: { readonly atMs: number; readonly version: number },
): (StockCommand | StockFact)[] {
  let transfer = before;
  return events.flatMap((event) => {
    const was = transfer;
    transfer = evolve(transfer, event, applied);
    return 'lineId' in event ? deltasOf(event, was!, transfer, applied.atMs) : [];
  });
}

type LineEvent = Extract<TransferEvent, { lineId: string }>;
type MakeFact = (type: StockFact['type'], kind: string, location: string, quantity: number, more?: object) => StockFact;

function deltasOf(event: LineEvent, was: Transfer, is: Transfer, atMs: number): (StockCommand | StockFact)[] {
  const { lineId } = event;
  const { sku, hold: held, heldAs } = getLine(was, lineId);
  const { hold: asked, steps } = getLine(is, lineId);
  const { transferId, from, to } = is;
  const fact: MakeFact = (type, kind, location, quantity, more = {}) =>
    ({
      id: `${kind}/${transferId}/${lineId}/${steps}`,
      source: TRANSFERS_SOURCE,
      type,
      sku,
      location,
      quantity,
      occurredAt: new Date(atMs).toISOString(),
      reference: referenceOf(transferId),
      ...more,
    }) as StockFact;
  const step = (type: 'release' | 'fulfil'): StockCommand => {
    const { reservationId } = held!;
    // By its id the answer finds its way here, whoever made the reservation.
    const name = reservationId === heldAs ? reservationIdOf(transferId, lineId, 0) : reservationId;
    return { type, id: `${type}/${name}`, source: TRANSFERS_SOURCE, sku, reservationId };
  };
  switch (event.type) {
    case 'reserve_asked':
    case 'reserve_asked_again':
      return [reserve(is, asked!, sku)];
    case 'reserved':
    case 'unavailable':
    case 'withdrawn':
      return [];
    case 'released':
      return [step('release')];
    case 'shipped':
      return [
        ...leaves(event.units + event.stayed),
        ...some(
          event.stayed,
          fact('transfer_in', 'stay', from, event.stayed, { reason: 'not_shipped', heldFor: heldAnew(event.stayed) }),
        ),
        // What comes for an order is held for it as it comes: expected, it would be promised to others ahead.
        ...some(isForOrder(is, getLine(is, lineId)) ? 0 : event.units, fact('expect', 'expect', to, event.units)),
      ];
    case 'left_unreserved':
      return [fact('transfer_out', 'out', from, event.units, { reason: 'reservation_had_ended' })];
    case 'received':
      return received(event, is, atMs, fact);
    case 'missing':
      return [withdrawn(`transfer_short: ${event.reason ?? 'did not come'}`)];
    case 'turned_back': {
      const reason = `transfer_turned_back: ${event.reason ?? 'back where it left'}`;
      return [withdrawn(reason), fact('transfer_in', 'back', from, event.units, { reason: reason.slice(0, 200) })];
    }
  }
  /**
   * What comes back is held as far as it is free as it is booked in, and nobody tells its transfer how far: fulfilled,
   * the ledger would take out what it held, and not what left.
   */
  function leaves(units: number): (StockCommand | StockFact)[] {
    if (held!.reservationId !== reservationIdOf(transferId, lineId, 0)) return [step('fulfil')];
    return [step('release'), fact('transfer_out', 'out', from, units, { reason: 'sent_on' })];
  }
  /** As `reserve_asked`, which comes next, asks for it. */
  function heldAnew(quantity: number): object {
    const reservationId = reservationIdOf(transferId, lineId, steps + 1);
    return { reservationId, quantity, mode: 'partial', expiresAt: new Date(atMs + HOLD_MS).toISOString() };
  }
  function withdrawn(reason: string): StockFact {
    const { units } = event as { units: number };
    return fact('expect', 'withdraw', to, units, { withdrawn: true, reason: reason.slice(0, 200) });
  }
}

const some = (units: number, made: StockFact): StockFact[] => (units > 0 ? [made] : []);

function received(
  event: Extract<LineEvent, { type: 'received' }>,
  is: Transfer,
  atMs: number,
  fact: MakeFact,
): (StockCommand | StockFact)[] {
  const { units, damaged, over, reason } = event;
  const { to } = is;
  const arrival = arrivalOf(event, is, atMs);
  const because = (what: string, otherwise: string) => ({
    reason: `transfer_${what}: ${reason ?? otherwise}`.slice(0, 200),
  });
  return [
    ...some(units, fact('transfer_in', 'in', to, units, arrival ? { heldFor: arrival.heldFor } : {})),
    ...some(over, fact('adjustment', 'over', to, over, because('over', 'more came than left'))),
    ...some(damaged, fact('damage', 'damage', to, damaged, because('damaged', 'on its way'))),
    ...(arrival ? [arrival.asked] : []),
  ];
}

/** Of a request that is refused: what was reserved for it beforehand, unless a transfer has taken it over. */
export const releasesOf = ({ lines, transferId }: RequestTransfer, known: Transfer | undefined): StockCommand[] =>
  lines.flatMap(({ lineId, sku, heldAs }): StockCommand[] => {
    const isOwn = heldAs === reservationIdOf(transferId, lineId, 0);
    if (!isOwn || known?.lines.some((line) => line.heldAs === heldAs)) return [];
    return [{ type: 'release', id: `release/${heldAs}`, source: TRANSFERS_SOURCE, sku, reservationId: heldAs }];
  });

/** As a level shows what it expects, and movements what they belong to. */
export const referenceOf = (transferId: string): string => `transfer/${transferId}`;

/** Lasting at once: the transfer is written down before it asks, and gives back what it does not send. */
const reserve = (
  { transferId, from }: Transfer,
  { reservationId, units, expiresAtMs }: TransferHold,
  sku: string,
): StockCommand => ({
  type: 'reserve',
  id: `reserve/${reservationId}`,
  source: TRANSFERS_SOURCE,
  sku,
  reservationId,
  quantity: units,
  locations: [from],
  mode: 'partial',
  expiresAt: new Date(expiresAtMs).toISOString(),
  lasting: true,
  replyTo: { topic: 'transfers.intake', key: transferId },
});
