import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import { evolve, getLine, type Transfer, type TransferHold } from './transfer.js';
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

function deltasOf(event: LineEvent, was: Transfer, is: Transfer, atMs: number): (StockCommand | StockFact)[] {
  const { lineId } = event;
  const { sku, hold: held } = getLine(was, lineId);
  const { hold: asked, steps } = getLine(is, lineId);
  const { transferId, from, to } = is;
  const fact = (type: StockFact['type'], kind: string, location: string, quantity: number, more: object = {}) =>
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
    return { type, id: `${type}/${reservationId}`, source: TRANSFERS_SOURCE, sku, reservationId };
  };
  const some = (units: number, made: StockFact) => (units > 0 ? [made] : []);
  switch (event.type) {
    case 'reserve_asked':
    case 'reserve_asked_again':
      return [reserve(is, asked!, sku)];
    case 'reserved':
    case 'unavailable':
      return [];
    case 'released':
      return [step('release')];
    case 'shipped':
      return [
        step('fulfil'),
        ...some(event.stayed, fact('transfer_in', 'stay', from, event.stayed, { reason: 'not_shipped' })),
        fact('expect', 'expect', to, event.units),
      ];
    case 'left_unreserved':
      return [fact('transfer_out', 'out', from, event.units, { reason: 'reservation_had_ended' })];
    case 'received': {
      const { units, damaged, over, reason } = event;
      return [
        ...some(units, fact('transfer_in', 'in', to, units)),
        ...some(
          over,
          fact('adjustment', 'over', to, over, {
            reason: `transfer_over: ${reason ?? 'more came than left'}`.slice(0, 200),
          }),
        ),
        ...some(
          damaged,
          fact('damage', 'damage', to, damaged, {
            reason: `transfer_damaged: ${reason ?? 'on its way'}`.slice(0, 200),
          }),
        ),
      ];
    }
    case 'missing':
      return [withdrawn(`transfer_short: ${event.reason ?? 'did not come'}`)];
    case 'turned_back': {
      const reason = `transfer_turned_back: ${event.reason ?? 'back where it left'}`;
      return [withdrawn(reason), fact('transfer_in', 'back', from, event.units, { reason: reason.slice(0, 200) })];
    }
  }
  function withdrawn(reason: string): StockFact {
    const { units } = event as { units: number };
    return fact('expect', 'withdraw', to, units, { withdrawn: true, reason: reason.slice(0, 200) });
  }
}

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
