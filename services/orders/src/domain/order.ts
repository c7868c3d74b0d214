import type { OrderAppointment } from '@shelfline/contracts/appointment';
import type { OrderState, TaskState } from '@shelfline/contracts/order';
import type { TaskLine } from '@shelfline/contracts/order-view';
import type { DeliveryProof, TaskVisit } from '@shelfline/contracts/visit';
import { type Asker, askersOf } from './askers.js';
import { withChange } from './changes/with-change.js';
import { changedCredit, type OrderCredit, waitsForCredit } from './credit/credit-state.js';
import { type Short, withHoldEvent, without } from './evolve-hold.js';
import { type Hold, isAsked, isCounted, unitsOf } from './hold.js';
import type { OrderEvent, QueuedHold } from './order-events.js';
import type { ParcelOfTask } from './parcels/task-parcel.js';
import { evolvePickup, hasArriving, type OrderTransfer } from './pickup-transfer/arriving.js';
import { isPickupEvent, type PickupEvent } from './pickup-transfer/pickup-events.js';
import type { Cart, Placed } from './placed.js';
import { backordered } from './presale/evolve-backorder.js';
import { withErasure } from './privacy/without-customer.js';
import { type OrderReturn, withReturn } from './returns/order-return.js';
import { type AtStoreEvent, isAtStoreEvent } from './store/at-store-events.js';
import { evolveAtStore, type Lacking, withRefusal } from './store/evolve-task.js';
import { evolveStoreTask, type TaskOfStore } from './store/handover-state.js';
import type { StoreEvent } from './store/store-events.js';
import { hasGoneOut, isClosed, WORKED_ON } from './task-ends.js';

export { type Hold, type HoldState, isAsked, isCounted, isOpen, isPromised, unitsOf } from './hold.js';
export { hasGoneOut, isClosed };

export interface Task extends TaskOfStore {
  /** Absent where no courier was asked. */
  readonly parcel?: ParcelOfTask;
  readonly isParcelWanted?: true;
  readonly visit?: TaskVisit;
  readonly proof?: DeliveryProof;
  readonly number: number;
  readonly location: string;
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
  /** What the ledger refused in this round: of the SKU each of these places has so few at most. Absent = nothing. */
  readonly shortAt?: readonly Short[];
  /** Plans made since somebody last gave it a new chance. */
  readonly attempts: number;
  /** It was known once what becomes of it, and whoever placed it was told. */
  readonly isDecided: boolean;
  /** When a rest that could not be placed is tried again. */
  readonly retryAtMs?: number;
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
  order.holds.every(isCounted) ? order : { ...order, holds: order.holds.filter(isCounted) };

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

export function evolve(order: Order | undefined, event: OrderEvent, applied: Applied): Order {
  const next = isFirst(event)
    ? beginOrder(order, event, applied)
    : isPickupEvent(event)
      ? evolvePickup(order!, event, applied)
      : isAtStoreEvent(event)
        ? evolveAtStore(order!, event, applied)
        : change(order!, event, applied);
  const kept = next.queued && !GOES_ON_ASKING.has(event.type) ? without(next, 'queued') : next;
  // Whose credit is still asked about is over all the same.
  const isSettling = (event.type === 'credit_asked' || event.type === 'credit_answered') && isFinal(next);
  const changedAtMs = isSettling || CHANGES_NO_ORDER.has(event.type) ? next.changedAtMs : applied.atMs;
  const changed = { ...kept, version: applied.version, changedAtMs };
  const state = stateOf(changed);
  return { ...changed, state, isDecided: changed.isDecided || state !== 'RESERVING' };
}

type First = Extract<OrderEvent, { type: 'held' | 'placed' | 'sold_elsewhere' }>;
const isFirst = (event: OrderEvent): event is First =>
  event.type === 'held' || event.type === 'placed' || event.type === 'sold_elsewhere';

/** Of a basket that is held already what it holds stays: whoever decided gave back what does not fit. */
function beginOrder(basket: Order | undefined, event: First, { atMs, version }: Applied): Order {
  const { orderId, askedBy, placed } = event;
  const lines = event.type === 'sold_elsewhere' ? [] : event.lines;
  const waiting = basket && !basket.isDecided ? askersOf(basket) : [];
  return {
    ...(event.type === 'sold_elsewhere' ? { foreign: true } : {}),
    orderId,
    askedBy,
    ...(waiting.length > 0 ? { alsoAsked: waiting } : {}),
    askedVersion: version,
    placed,
    ...(event.type === 'held' ? { cart: event.cart } : {}),
    state: 'RESERVING',
    lines: lines.map((line) => ({ ...line, cancelledUnits: 0 })),
    holds: basket?.holds ?? [],
    holdsAsked: basket?.holdsAsked ?? 0,
    tasks: [],
    refusedBy: [],
    attempts: 0,
    isDecided: false,
    placedAtMs: atMs,
    changedAtMs: atMs,
    version,
  };
}

function change(order: Order, event: Exclude<OrderEvent, First | PickupEvent | AtStoreEvent>, applied: Applied): Order {
  switch (event.type) {
    case 'hold_extended':
      return { ...order, cart: { ...order.cart!, untilMs: event.untilMs } };
    case 'unplaced':
      return order;
    case 'tracking_ended':
    case 'erasure_put_off':
      return withErasure(order, event, applied.atMs);
    case 'erasure_finished':
    case 'customer_erased':
      return withErasure(without(order, 'eraseAtMs'), event, applied.atMs);
    case 'stock_arrived':
      return { ...order, retryAtMs: applied.atMs };
    case 'planned': {
      const queued = event.queued ? { queued: event.queued } : {};
      return { ...without(order, 'retryAtMs'), attempts: order.attempts + 1, ...queued };
    }
    case 'hold_asked':
    case 'hold_asked_again':
    case 'hold_granted':
    case 'hold_refused':
    case 'hold_reduced':
    case 'hold_released':
      return withHoldEvent(order, event, applied);
    case 'task_assigned':
      return withTask(order, event, applied);
    case 'task_changed':
      return withTaskState(order, event, applied);
    case 'task_lines_changed':
    case 'task_withdrawn':
    case 'units_added':
      return withChange(order, event, applied);
    case 'changed':
      // Planned anew at once, and without what earlier plans of it were refused.
      return withChange(without(order, 'retryAtMs', 'shortAt'), event, applied);
    case 'place_refused':
      return { ...without(order, 'retryAtMs', 'shortAt'), ...withRefusal(order, event), attempts: 0 };
    case 'units_cancelled': {
      const { reason } = event;
      const lines = order.lines.map((line) =>
        line.lineId === event.lineId ? { ...line, cancelledUnits: line.cancelledUnits + event.units } : line,
      );
      return { ...without(order, 'retryAtMs'), lines, ...(reason === undefined ? {} : { reason }) };
    }
    case 'return_changed':
      return { ...order, returns: withReturn(order.returns ?? [], { ...event.next, version: applied.version }) };
    case 'waiting':
      return { ...without(order, 'shortAt'), retryAtMs: event.retryAtMs, reason: event.reason, attempts: 0 };
    case 'credit_asked':
    case 'credit_answered':
      return { ...order, ...changedCredit(order.credit, event, applied.atMs) };
    case 'hold_backordered':
    case 'backorder_arrived':
      return { ...order, ...backordered(order.holds, event) };
    case 'backorder_fell_short':
      return { ...without(order, 'retryAtMs', 'shortAt'), ...backordered(order.holds, event), attempts: 0 };
    case 'handover_opened':
    case 'handover_refused':
    case 'handover_code_renewed':
    case 'handover_without_code':
    case 'pickup_reminded':
    case 'watch_started':
    case 'task_times_moved':
    case 'task_escalated':
      return withStoreEvent(order, event, applied);
  }
}

/** That nobody follows it any more, and who it was for, is no change of the order. */
const CHANGES_NO_ORDER: ReadonlySet<OrderEvent['type']> = new Set([
  'tracking_ended',
  'erasure_put_off',
  'erasure_finished',
  'customer_erased',
]);

/** After anything else what is still to be asked is planned anew. */
const GOES_ON_ASKING: ReadonlySet<OrderEvent['type']> = new Set([
  'planned',
  'hold_asked',
  'hold_asked_again',
  'hold_granted',
  'hold_backordered',
]);

function withTask(
  order: Order,
  { number, location, lines, reservationIds, acceptByMs, day }: Extract<OrderEvent, { type: 'task_assigned' }>,
  { atMs, version }: Applied,
): Order {
  const due = acceptByMs === undefined ? {} : { acceptByMs };
  const task: Task = {
    number,
    location,
    state: 'ASSIGNED',
    lines,
    assignedAtMs: atMs,
    changedAtMs: atMs,
    version,
    ...due,
    ...(day === undefined ? {} : { day }),
  };
  const own = new Set(reservationIds);
  const holds = order.holds.map((hold) => (own.has(hold.reservationId) ? { ...hold, task: number } : hold));
  return { ...order, holds, tasks: [...order.tasks, task] };
}

const withStoreEvent = (order: Order, event: StoreEvent, { atMs, version }: Applied): Order => ({
  ...order,
  tasks: order.tasks.map((task) =>
    task.number === event.number ? { ...evolveStoreTask(task, event), changedAtMs: atMs, version } : task,
  ),
});

function withTaskState(
  order: Order,
  { number, state, reason, tracking, by, proof }: Extract<OrderEvent, { type: 'task_changed' }>,
  { atMs, version }: Applied,
): Order {
  const said = {
    ...(reason === undefined ? {} : { reason }),
    ...(tracking === undefined ? {} : { tracking }),
    ...(by === undefined ? {} : { by }),
    ...(proof === undefined ? {} : { proof }),
  };
  const tasks = order.tasks.map((task) =>
    task.number === number
      ? { ...task, ...said, state, changedAtMs: atMs, version, steps: [...(task.steps ?? []), { state, atMs }] }
      : task,
  );
  const holds = order.holds.map((hold) =>
    hold.task === number && hold.state === 'held' && hasGoneOut({ state })
      ? { ...hold, state: 'fulfilled' as const }
      : hold,
  );
  return { ...order, tasks, holds };
}
