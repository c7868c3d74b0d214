import type { CreditRequest } from '@shelfline/contracts/credit';
import type { OrderOutcome, OrderEvent as ToldEvent } from '@shelfline/contracts/order-view';
import type { StockCommand } from '@shelfline/contracts/stock-delta';
import type { TransferMessage } from '@shelfline/contracts/transfer';
import type { LedgerEntry } from '@shelfline/streaming/stream';
import type { ParcelRequest } from './domain/parcels/parcel-requests.js';
import type { ReturnEffects } from './domain/returns/return-effects.js';
import type { RoutingExplanation } from './domain/sourcing/explain-routing.js';

/** Where the stream keeps its entries. */
export const ORDER_ENTRIES = 'order_entries';

/** Why an order goes where it goes, as it was decided. */
export interface Routing {
  readonly version: number;
  readonly why: RoutingExplanation;
}

/** What came of one message, or of one order's time-out: deduplication, answer and outbox in one. */
export interface OrderEntry extends LedgerEntry {
  readonly orderId: string;
  /** When it was decided, and by which record: with it entries are in order over generations of the topic. */
  readonly atMs?: number;
  readonly version?: number;
  /** Absent of what nobody asked: time-outs, the ledger's answers. */
  readonly answer?: OrderOutcome;
  /** To whoever placed the order, where this made known what becomes of it. */
  readonly settled?: OrderOutcome;
  /** To those who asked for it as the basket it was before. */
  readonly settledToo?: readonly OrderOutcome[];
  readonly told: readonly ToldEvent[];
  readonly commands: readonly StockCommand[];
  /** Absent where nothing is asked of whoever gives credit. */
  readonly credit?: readonly CreditRequest[];
  /** Plans that were made, the oldest first; absent where none was. */
  readonly routings?: readonly Routing[];
  /** Asked of transfers; absent where nothing is. */
  readonly transfers?: readonly TransferMessage[];
  /** Absent where nothing came back. */
  readonly returns?: ReturnEffects;
  /** What couriers are asked for it; absent where nothing is. */
  readonly parcels?: readonly ParcelRequest[];
}
