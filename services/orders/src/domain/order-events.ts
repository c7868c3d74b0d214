import type { OrderAppointment } from '@shelfline/contracts/appointment';
import type { OrderLine, TaskState } from '@shelfline/contracts/order';
import type { TaskLine } from '@shelfline/contracts/order-view';
import type { DeliveryProof, TaskVisit } from '@shelfline/contracts/visit';
import type { ParcelEvent, ParcelWantedEvent } from './parcels/task-parcel.js';
import type { Cart, Placed } from './placed.js';
import type { ReturnChanged } from './returns/order-return.js';
import type { RoutingExplanation } from './sourcing/explain-routing.js';
import type { StoreEvent } from './store/store-events.js';

/** Units that are asked of the ledger only once it has granted those before them. */
export interface QueuedHold {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly locations: readonly string[];
}

/** What happened to an order, as it is stored; what others hear of it is in order-outputs.ts. */
export type OrderEvent =
  /** A basket is held, or became another one. */
  | {
      readonly type: 'held';
      readonly orderId: string;
      readonly askedBy: string;
      readonly placed: Placed;
      readonly lines: readonly OrderLine[];
      readonly cart: Cart;
    }
  | { readonly type: 'hold_extended'; readonly untilMs: number }
  | StoreEvent
  | ParcelEvent
  | ParcelWantedEvent
  /** Who of the store brings it, and when. */
  | { readonly type: 'visit_planned'; readonly number: number; readonly visit: TaskVisit }
  /** When its customer comes to a store; absent: he does not any more. */
  | { readonly type: 'appointment_noted'; readonly appointment?: OrderAppointment }
  | {
      readonly type: 'placed';
      readonly orderId: string;
      readonly askedBy: string;
      readonly placed: Placed;
      readonly lines: readonly OrderLine[];
    }
  /** Goods of a shop whose orders are not known here come back: what of it is counted begins now. */
  | { readonly type: 'sold_elsewhere'; readonly orderId: string; readonly askedBy: string; readonly placed: Placed }
  | ReturnChanged
  /** Places were chosen for what nothing stands behind yet; `why` is kept beside the order. */
  | { readonly type: 'planned'; readonly why?: RoutingExplanation; readonly queued?: readonly QueuedHold[] }
  /** No place can serve what nothing stands behind yet. */
  | { readonly type: 'unplaced'; readonly why: RoutingExplanation }
  | {
      readonly type: 'hold_asked';
      readonly reservationId: string;
      readonly lineId: string;
      readonly sku: string;
      readonly quantity: number;
      readonly locations: readonly string[];
      readonly expiresAtMs: number;
    }
  | { readonly type: 'hold_asked_again'; readonly reservationId: string }
  | { readonly type: 'hold_granted'; readonly reservationId: string; readonly location: string }
  | { readonly type: 'hold_refused'; readonly reservationId: string; readonly reason: string }
  | { readonly type: 'hold_released'; readonly reservationId: string }
  /** So many of its units are given back, and the rest stays held. */
  | {
      readonly type: 'hold_shrunk';
      readonly reservationId: string;
      readonly units: number;
      readonly keptUnits: number;
    }
  | {
      readonly type: 'task_assigned';
      readonly number: number;
      readonly location: string;
      readonly lines: readonly TaskLine[];
      readonly reservationIds: readonly string[];
      readonly acceptByMs?: number;
    }
  | {
      readonly type: 'task_changed';
      readonly number: number;
      readonly state: TaskState;
      readonly reason?: string;
      readonly tracking?: string;
      readonly by?: string;
      readonly proof?: DeliveryProof;
    }
  /** The place keeps the task, without these. */
  | {
      readonly type: 'task_lines_rejected';
      readonly number: number;
      readonly lines: readonly TaskLine[];
      readonly reason?: string;
      readonly by?: string;
    }
  /** The place is not asked again for this order; `skus`: only for these. */
  | { readonly type: 'place_refused'; readonly location: string; readonly skus?: readonly string[] }
  | { readonly type: 'units_cancelled'; readonly lineId: string; readonly units: number; readonly reason?: string }
  /** What it waits for may be there: it is planned again before its time. */
  | { readonly type: 'stock_arrived' }
  /** It is over for so long that its customer cannot follow it any more. */
  | { readonly type: 'tracking_ended' }
  | { readonly type: 'waiting'; readonly reason: string; readonly retryAtMs: number };
