import type { TaskLine } from '@shelfline/contracts/order-view';

/** What happens to goods that are brought to the store where an order is collected. */
export type PickupEvent =
  /** Held elsewhere, they are asked to be brought; what holds them is the transfer's from then on. */
  | {
      readonly type: 'transfer_requested';
      readonly number: number;
      readonly transferId: string;
      readonly from: string;
      readonly to: string;
      readonly lines: readonly TaskLine[];
      readonly reservationIds: readonly string[];
      /** Ready to be collected by then. */
      readonly expectedByMs?: number;
    }
  | { readonly type: 'transfer_shipped'; readonly number: number; readonly lineId: string; readonly units: number }
  | { readonly type: 'transfer_late'; readonly number: number; readonly lineId: string; readonly level: number }
  /** These units do not come. */
  | {
      readonly type: 'transfer_lost';
      readonly number: number;
      readonly lineId: string;
      readonly units: number;
      readonly reason: string;
    }
  /** There is no such transfer: what holds its goods is the order's own again. */
  | { readonly type: 'transfer_refused'; readonly number: number; readonly lineId: string; readonly reason: string }
  /** Sound units have come, and are held at the store once the ledger says so. */
  | {
      readonly type: 'transfer_arrived';
      readonly number: number;
      readonly lineId: string;
      readonly units: number;
      readonly location: string;
      readonly reservationId: string;
      readonly expiresAtMs: number;
    }
  /** Units have come that the order does not want any more: they are given back where they came. */
  | { readonly type: 'arrival_given_back'; readonly reservationId: string; readonly sku: string };

const TYPES: ReadonlySet<string> = new Set<PickupEvent['type']>([
  'transfer_requested',
  'transfer_shipped',
  'transfer_late',
  'transfer_lost',
  'transfer_refused',
  'transfer_arrived',
  'arrival_given_back',
]);
export const isPickupEvent = (event: { readonly type: string }): event is PickupEvent => TYPES.has(event.type);
