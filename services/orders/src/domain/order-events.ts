import type { OrderLine, TaskState } from '@shelfline/contracts/order';
import type { TaskLine } from '@shelfline/contracts/order-view';
import type { DeliveryProof } from '@shelfline/contracts/visit';
import type { CreditEvent } from './credit/credit-events.js';
import type { PickupEvent } from './pickup-transfer/pickup-events.js';
import type { Cart, Placed } from './placed.js';
import type { Ahead, BackorderEvent } from './presale/backorder-events.js';
import type { CustomerErased } from './privacy/without-customer.js';
import type { ReturnChanged } from './returns/order-return.js';
import type { RoutingExplanation } from './sourcing/explain-routing.js';
import type { AtStoreEvent } from './store/at-store-events.js';
import type { RefusedStock } from './store/refused-stock.js';
import type { StoreEvent } from './store/store-events.js';

/** Units that are asked of the ledger only once it has granted those before them. */
export interface QueuedHold {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly locations: readonly string[];
  readonly ahead?: Ahead;
  readonly insteadOf?: string;
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
  | PickupEvent
  | CreditEvent
  | BackorderEvent
  | AtStoreEvent
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
      readonly ahead?: Ahead;
      readonly insteadOf?: string;
    }
  | { readonly type: 'hold_asked_again'; readonly reservationId: string }
  | { readonly type: 'hold_granted'; readonly reservationId: string; readonly location: string }
  | { readonly type: 'hold_refused'; readonly reservationId: string; readonly reason: string }
  /** So many of it stay held; the rest was given back. */
  | { readonly type: 'hold_reduced'; readonly reservationId: string; readonly quantity: number }
  | { readonly type: 'hold_released'; readonly reservationId: string }
  | {
      readonly type: 'task_assigned';
      readonly number: number;
      readonly location: string;
      readonly lines: readonly TaskLine[];
      readonly reservationIds: readonly string[];
      /** Of the place whose capacity has a limit: the day it counts against. */
      readonly day?: string;
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
  /** What is left of it to do, where its order was changed. */
  | { readonly type: 'task_lines_changed'; readonly number: number; readonly lines: readonly TaskLine[] }
  /** It is no task any more, and what it held is held without one. */
  | { readonly type: 'task_withdrawn'; readonly number: number; readonly reason: string }
  | { readonly type: 'units_added'; readonly lineId: string; readonly units: number }
  /** Its customer wants it otherwise now; the amount is negative where less is to be paid. */
  | {
      readonly type: 'changed';
      readonly placed?: Placed;
      readonly amountMinor: number;
      /** What it comes to with that. */
      readonly totalMinor: number;
      readonly by?: string;
      readonly reason?: string;
    }
  /** The place is not asked again for this order; `skus`: only for these. */
  | {
      readonly type: 'place_refused';
      readonly location: string;
      readonly skus?: readonly string[];
      /** What it had then: of more than that its refusal says nothing. */
      readonly had?: readonly RefusedStock[];
    }
  /** The place may be asked again for these. */
  | { readonly type: 'refusal_lifted'; readonly location: string; readonly skus: readonly string[] }
  | { readonly type: 'units_cancelled'; readonly lineId: string; readonly units: number; readonly reason?: string }
  /** What it waits for may be there: it is planned again before its time. */
  | { readonly type: 'stock_arrived' }
  /** It is over for so long that its customer cannot follow it any more. */
  | { readonly type: 'tracking_ended'; readonly eraseAtMs?: number }
  | CustomerErased
  /** Something of it was coming back when its customer was to be taken out. */
  | { readonly type: 'erasure_put_off'; readonly eraseAtMs: number }
  /** What may have had to be sent once more when he was taken out is sent: he goes out of the entries too. */
  | { readonly type: 'erasure_finished' }
  | {
      readonly type: 'waiting';
      readonly reason: string;
      readonly retryAtMs: number;
      /** What does not come by then is cancelled. */
      readonly giveUpAtMs?: number;
      /** As few as places that refused were seen to have since. */
      readonly had?: readonly RefusedStock[];
    };
