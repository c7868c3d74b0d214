import type { OrderAppointment } from '@shelfline/contracts/appointment';
import type { OrderState, TaskState } from '@shelfline/contracts/order';
import type { TaskLine } from '@shelfline/contracts/order-view';
import type { DeliveryProof, TaskVisit } from '@shelfline/contracts/visit';
import type { Asker } from './askers.js';
import { type OrderCredit, waitsForCredit } from './credit/credit-state.js';
import type { Short } from './evolve-hold.js';
import { type Hold, isAsked, isCounted, isStanding, unitsOf } from './hold.js';
import type { QueuedHold } from './order-events.js';
import type { ParcelOfTask } from './parcels/task-parcel.js';
import { hasArriving, type OrderTransfer } from './pickup-transfer/arriving.js';
import type { Cart, Placed } from './placed.js';
import type { Elsewhere } from './presale/backorder-events.js';
import type { OrderReturn } from './returns/order-return.js';
import type { TaskOfStore } from './store/handover-state.js';
import type { Lacking, RefusedStock } from './store/refused-stock.js';
import { hasGoneOut, isClosed, WORKED_ON } from './task-ends.js';

export {
  type Hold,
  type HoldState,
  isAsked,
  isCounted,
  isOpen,
  isPromised,
  isQuestion,
  isTry,
  unitsOf,
} from './hold.js';
export { hasGoneOut, isClosed };

export interface Task extends TaskOfStore {
  /** Absent where no courier was asked. */
  readonly parcel?: ParcelOfTask;
  readonly isParcelWanted?: true;
  readonly visit?: TaskVisit;
  readonly proof?: DeliveryProof;
  readonly number: number;
  readonly location: string;
  /** Some of it was brought there for this order. */
  readonly isBrought?: true;
  readonly state: TaskState;
  readonly lines: readonly TaskLine[];
  readonly assignedAtMs: number;
  /** The day there whose capacity it counts against; absent where that has no limit. */
  readonly day?: string;
  readonly changedAtMs: number;
  readonly version: number;
  /** Since it was assigned, the oldest first; absent of tasks stored before it was noted. */
  readonly steps?: readonly TaskStepTaken[];
  readonly reason?: string;
  readonly tracking?: string;
  readonly by?: string;
}
export interface TaskStepTaken {
  readonly state: TaskState;
  readonly atMs: number;
}

export interface Line {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly cancelledUnits: number;
}

export interface Order {
  readonly orderId: string;
  /** Present until it is placed. */
  readonly cart?: Cart;
  /** Who placed it, as `source/id` of the message: an answer that comes later is for him. */
  readonly askedBy: string;
  /** Of that message; absent in orders of former versions. */
  readonly askedVersion?: number;
  /** Who asked before it was known what becomes of it, and still waits for that; absent where nobody does. */
  readonly alsoAsked?: readonly Asker[];
  readonly placed: Placed;
  readonly state: OrderState;
  readonly lines: readonly Line[];
  /** Those it counts on, and of the others what the last change made of them. */
  readonly holds: readonly Hold[];
  /** Asked one after the other, as long as nothing is refused or changes meanwhile; the next one first. */
  readonly queued?: readonly QueuedHold[];
  /** Ever: numbers the next one, whose name the ledger must never have heard. */
  readonly holdsAsked: number;
  readonly tasks: readonly Task[];
  /** Ever asked for; absent where nothing had to be brought. */
  readonly transfers?: readonly OrderTransfer[];
  /** Places that did not want it or did not answer: they are not asked again. */
  readonly refusedBy: readonly string[];
  /** Of single lines that a place rejected: it is not asked for these again. Absent = none. */
  readonly lacking?: readonly Lacking[];
  /** What those places had then; absent of refusals that were stored before it was noted. */
  readonly refusedStock?: readonly RefusedStock[];
  /** What the ledger refused in this round: of the SKU each of these places has so few at most. Absent = nothing. */
  readonly shortAt?: readonly Short[];
  /** How it has looked for other stock than what it awaits; absent = not yet. */
  readonly elsewhere?: Elsewhere;
  /** When the last of what it awaits was expected to leave, before nobody could tell it any more. */
  readonly lostDayMs?: number;
  /** Plans made since somebody last gave it a new chance. */
  readonly attempts: number;
  /** It was known once what becomes of it, and whoever placed it was told. */
  readonly isDecided: boolean;
  /** When a rest that could not be placed is tried again. */
  readonly retryAtMs?: number;
  /** What nothing stands behind by then is cancelled; absent = it waits until somebody cancels it. */
  readonly giveUpAtMs?: number;
  readonly reason?: string;
  /** Of an order that is paid on account. */
  readonly credit?: OrderCredit;
  /** The one that is shown: of several the one told of last. */
  readonly appointment?: OrderAppointment;
  /** Shown, the first of them first, once that one is cancelled; absent where there are none. */
  readonly otherAppointments?: readonly OrderAppointment[];
  /** Absent of orders of which nothing came back. */
  readonly returns?: readonly OrderReturn[];
  /** Sold by another shop: it has no lines of its own, only returns. */
  readonly foreign?: true;
  /** It was over for so long that its customer cannot follow it any more. */
  readonly isUntracked?: true;
  /** Its customer is taken out of it then. */
  readonly eraseAtMs?: number;
  readonly customerErasedAtMs?: number;
  /** Entries older than that by the time in which they are sent hold nothing of him; with the customer, unless told. */
  readonly erasedThroughMs?: number;
  readonly placedAtMs: number;
  readonly changedAtMs: number;
  readonly version: number;
}

/** When and by which record an event happened. */
export interface Applied {
  readonly atMs: number;
  readonly version: number;
}

/** An order may wait for months and be planned again and again: what it no longer counts on must not pile up in it. */
export const withoutHistory = (order: Order): Order =>
  order.holds.every(isStanding) ? order : { ...order, holds: order.holds.filter(isStanding) };

/** Units of each line that nothing stands behind yet. */
export function uncoveredLines({ lines, holds }: Order): { lineId: string; sku: string; quantity: number }[] {
  return lines.flatMap(({ lineId, sku, quantity, cancelledUnits }) => {
    const covered = unitsOf(holds.filter((hold) => hold.lineId === lineId && isCounted(hold)));
    const rest = quantity - cancelledUnits - covered;
    return rest > 0 ? [{ lineId, sku, quantity: rest }] : [];
  });
}
/** What an order is, worked out from its parts, so that no path can leave it in a state its parts do not have. */
export function stateOf(order: Order): OrderState {
  const { lines, holds, tasks } = order;
  if (order.cart) return stateOfCart(order);
  const open = tasks.filter((task) => !isClosed(task));
  if (open.length > 0) return tasks.some(({ state }) => WORKED_ON.has(state)) ? 'IN_FULFILMENT' : 'ROUTED';
  if (hasArriving(order)) return 'ARRIVING';
  if (holds.some(isAsked)) return 'RESERVING';
  if (uncoveredLines(order).length > 0 || holds.some(({ state }) => state === 'held'))
    return order.retryAtMs === undefined && !waitsForCredit(order) ? 'RESERVING' : 'WAITING';
  if (holds.some(({ state }) => state === 'awaited')) return 'WAITING';
  const cancelled = lines.reduce((sum, { cancelledUnits }) => sum + cancelledUnits, 0);
  if (cancelled === 0) return 'COMPLETED';
  return holds.some(({ state }) => state === 'fulfilled') ? 'PARTIALLY_COMPLETED' : 'CANCELLED';
}

const stateOfCart = (order: Order): OrderState =>
  order.holds.some(isAsked) || uncoveredLines(order).length > 0
    ? 'RESERVING'
    : order.holds.some(isCounted)
      ? 'HELD'
      : 'ENDED';

/** `ENDED` is a basket that nobody ordered: no order was cancelled. */
export const isFinal = ({ state }: Pick<Order, 'state'>): boolean =>
  state === 'COMPLETED' || state === 'PARTIALLY_COMPLETED' || state === 'CANCELLED' || state === 'ENDED';
