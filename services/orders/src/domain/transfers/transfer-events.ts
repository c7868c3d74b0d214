import type { TransferPurpose } from '@shelfline/contracts/transfer';

export interface Requested {
  readonly transferId: string;
  readonly from: string;
  readonly to: string;
  readonly purpose: TransferPurpose;
  readonly orderId?: string;
  readonly returnId?: string;
  readonly lines: readonly {
    readonly lineId: string;
    readonly sku: string;
    readonly quantity: number;
    /** Reserved for it by whoever asks. */
    readonly heldAs?: string;
  }[];
}
interface Said {
  readonly by?: string;
  readonly reason?: string;
}
interface OfLine {
  readonly lineId: string;
  readonly units: number;
}

/** What happened to a transfer. */
export type TransferEvent =
  | ({ readonly type: 'requested'; readonly requested: Requested } & Said)
  | ({ readonly type: 'approved' | 'rejected' | 'cancelled' } & Said)
  /** So many units are asked of the ledger under a reservation of their own. */
  | ({ readonly type: 'reserve_asked' } & OfLine)
  | { readonly type: 'reserve_asked_again'; readonly lineId: string }
  | ({ readonly type: 'reserved' } & OfLine)
  /** The place does not have them, or they stayed there: nothing stands behind them any more. */
  | ({ readonly type: 'unavailable' } & OfLine)
  | { readonly type: 'released'; readonly lineId: string }
  /** Whoever it was for does not want it any more. */
  | { readonly type: 'withdrawn'; readonly lineId: string }
  /** `stayed`: held and not shipped. The reservation ends with both. */
  | ({ readonly type: 'shipped'; readonly stayed: number; readonly tracking?: string } & OfLine & Said)
  /** The ledger had given the reservation back before the goods left: they left all the same. */
  | ({ readonly type: 'left_unreserved'; readonly reservationId: string } & OfLine)
  /** `units` were in transit, `damaged` of all that came is broken, `over` came beyond what left. */
  | ({ readonly type: 'received'; readonly damaged: number; readonly over: number } & OfLine & Said)
  | ({ readonly type: 'missing' | 'turned_back' } & OfLine & Said)
  /** The how-manieth reminder since the last step. */
  | { readonly type: 'overdue'; readonly level: number };
