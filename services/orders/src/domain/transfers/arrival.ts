import type { HeldFor, StockCommand } from '@shelfline/contracts/stock-delta';
import { getLine, HOLD_MS, isForOrder, type Transfer } from './transfer.js';
import type { TransferEvent } from './transfer-events.js';

type Received = Extract<TransferEvent, { type: 'received' }>;

export interface Arrival {
  readonly units: number;
  readonly heldFor: HeldFor;
  /** Asks for what is held, so that the order is answered by the ledger. */
  readonly asked: StockCommand;
}

/** Of what had left: those beyond it are anybody's, damaged ones nobody's. */
export const soundUnits = ({ units, over, damaged }: Received): number => Math.min(units, units + over - damaged);

/** `transfer` is the one after the event. Undefined where no order waits for what has come. */
export function arrivalOf(event: Received, transfer: Transfer, atMs: number): Arrival | undefined {
  const line = getLine(transfer, event.lineId);
  const quantity = soundUnits(event);
  if (quantity === 0 || !isForOrder(transfer, line)) return undefined;
  const reservationId = `${line.heldAs}.${line.steps}`;
  const expiresAt = new Date(atMs + HOLD_MS).toISOString();
  const asked = { reservationId, quantity, mode: 'all_or_nothing' as const, demand: 'online' as const, expiresAt };
  return {
    units: quantity,
    heldFor: asked,
    asked: {
      ...asked,
      type: 'reserve',
      id: `reserve/${reservationId}`,
      source: 'transfers',
      sku: line.sku,
      locations: [transfer.to],
      lasting: true,
      replyTo: { topic: 'orders.intake', key: transfer.orderId! },
    },
  };
}
