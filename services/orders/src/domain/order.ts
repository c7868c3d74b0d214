import type { OrderAppointment } from '@shelfline/contracts/appointment';
import type { OrderState, TaskState } from '@shelfline/contracts/order';
import type { TaskLine } from '@shelfline/contracts/order-view';
import type { DeliveryProof, TaskVisit } from '@shelfline/contracts/visit';
import type { OrderEvent, QueuedHold } from './order-events.js';
import type { ParcelOfTask } from './parcels/task-parcel.js';
import type { Cart, Placed } from './placed.js';
import { type OrderReturn, withReturn } from './returns/order-return.js';
import { type Lacking, taskEvolved, withAppointment, withRefusal } from './store/evolve-task.js';
import { evolveStoreTask, type TaskOfStore } from './store/handover-state.js';
import type { StoreEvent } from './store/store-events.js';
import { hasGoneOut, isClosed, WORKED_ON } from './task-ends.js';

export { hasGoneOut, isClosed };

/**
 * Of units of a line at one place: asked of the ledger, promised by it, given back, refused by it, or gone out of the
 * house. `asked` and `held` are what the line counts on; the others are history.
 */
export type HoldState = 'asked' | 'held' | 'released' | 'refused' | 'fulfilled';

export interface Hold {
  readonly reservationId: string;
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
  /** In order of preference; the ledger takes the first that has it all. */
  readonly locations: readonly string[];
  /** Where it is held; known once the ledger has answered. */
  readonly location?: string;
  readonly state: HoldState;
  readonly expiresAtMs: number;
  readonly askedAtMs: number;
  /** Number of the task it belongs to. */
  readonly task?: number;
}

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

export interface Short {
  readonly sku: string;
  readonly locations: readonly string[];
  readonly units: number;
}

export interface Order {
  readonly orderId: string;
  /** Present until it is placed. */
  readonly cart?: Cart;
  /** Who placed it, as `source/id` of the message: an answer that comes later is for him. */
  readonly askedBy: string;
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
  readonly appointment?: OrderAppointment;
  /** Absent of orders of which nothing came back. */
  readonly returns?: readonly OrderReturn[];
  /** Sold by another shop: it has no lines of its own, only returns. */
  readonly foreign?: true;
  /** It was over for so long that its customer cannot follow it any more. */
  readonly isUntracked?: true;
  readonly placedAtMs: number;
  readonly changedAtMs: number;
  readonly version: number;
}

/** When and by which record an event happened. */
export interface Applied {
  readonly atMs: number;
  readonly version: number;
}

export const isCounted = ({ state }: Hold): boolean => state === 'asked' || state === 'held' || state === 'fulfilled';
export const isPromised = ({ state }: Hold): boolean => state === 'held' || state === 'fulfilled';
export const isAsked = ({ state }: Hold): boolean => state === 'asked';

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
export const unitsOf = (of: readonly { readonly quantity: number }[]): number =>
  of.reduce((sum, { quantity }) => sum + quantity, 0);

/** What an order is, worked out from its parts, so that no path can leave it in a state its parts do not have. */
export function stateOf(order: Order): OrderState {
  const { lines, holds, tasks } = order;
  if (order.cart) return stateOfCart(order);
  const open = tasks.filter((task) => !isClosed(task));
  if (open.length > 0) return tasks.some(({ state }) => WORKED_ON.has(state)) ? 'IN_FULFILMENT' : 'ROUTED';
  if (holds.some(isAsked)) return 'RESERVING';
  if (uncoveredLines(order).length > 0 || holds.some(({ state }) => state === 'held'))
    return order.retryAtMs === undefined ? 'RESERVING' : 'WAITING';
  const cancelled = lines.reduce((sum, { cancelledUnits }) => sum + cancelledUnits, 0);
  if (cancelled === 0) return 'COMPLETED';
  return holds.some(({ state }) => state === 'fulfilled') ? 'PARTIALLY_COMPLETED' : 'CANCELLED';
}

const stateOfCart = (order: Order): OrderState =>
  order.holds.some(isAsked) || uncoveredLines(order).length > 0
    ? 'RESERVING'
    : order.holds.some(isCounted)
      ? 'HELD'
      : 'CANCELLED';

export const isFinal = ({ state }: Pick<Order, 'state'>): boolean =>
  state === 'COMPLETED' || state === 'PARTIALLY_COMPLETED' || state === 'CANCELLED';

export function evolve(order: Order | undefined, event: OrderEvent, applied: Applied): Order {
  const next = isFirst(event) ? beginOrder(order, event, applied) : change(order!, event, applied);
  const kept = next.queued && !GOES_ON_ASKING.has(event.type) ? without(next, 'queued') : next;
  // That nobody follows it any more is no change of the order.
  const changedAtMs = event.type === 'tracking_ended' ? next.changedAtMs : applied.atMs;
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
  return {
    ...(event.type === 'sold_elsewhere' ? { foreign: true } : {}),
    orderId,
    askedBy,
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

function change(order: Order, event: Exclude<OrderEvent, First>, applied: Applied): Order {
  switch (event.type) {
    case 'hold_extended':
      return { ...order, cart: { ...order.cart!, untilMs: event.untilMs } };
    case 'unplaced':
      return order;
    case 'tracking_ended':
      return { ...order, isUntracked: true };
    case 'stock_arrived':
      return { ...order, retryAtMs: applied.atMs };
    case 'planned': {
      const queued = event.queued ? { queued: event.queued } : {};
      return { ...without(order, 'retryAtMs'), attempts: order.attempts + 1, ...queued };
    }
    case 'hold_asked': {
      const { reservationId, lineId, sku, quantity, locations, expiresAtMs } = event;
      const state = 'asked' as const;
      const hold = { reservationId, lineId, sku, quantity, locations, expiresAtMs, state, askedAtMs: applied.atMs };
      return { ...withoutNext(order), holds: [...order.holds, hold], holdsAsked: order.holdsAsked + 1 };
    }
    case 'hold_asked_again':
      return withHold(order, event.reservationId, { askedAtMs: applied.atMs });
    case 'hold_granted':
      return withHold(order, event.reservationId, { state: 'held', location: event.location });
    case 'hold_refused':
      return withShort(withHold(order, event.reservationId, { state: 'refused' }), event.reservationId);
    case 'hold_released':
      return withHold(order, event.reservationId, { state: 'released' });
    case 'hold_shrunk':
      return withHold(order, event.reservationId, { quantity: event.keptUnits });
    case 'task_assigned':
      return withTask(order, event, applied);
    case 'appointment_noted':
      return withAppointment(order, event.appointment, applied);
    case 'visit_planned':
    case 'parcel_wanted':
    case 'parcel_changed':
    case 'task_lines_rejected':
      return { ...order, ...taskEvolved(order, event, applied) };
    case 'task_changed':
      return withTaskState(order, event, applied);
    case 'place_refused':
      return {
        ...without(order, 'retryAtMs', 'shortAt'),
        ...withRefusal(order, event),
        attempts: 0,
      };
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

/** After anything else what is still to be asked is planned anew. */
const GOES_ON_ASKING: ReadonlySet<OrderEvent['type']> = new Set([
  'planned',
  'hold_asked',
  'hold_asked_again',
  'hold_granted',
]);

const withoutNext = (order: Order): Order => {
  const rest = order.queued?.slice(1) ?? [];
  return rest.length > 0 ? { ...order, queued: rest } : without(order, 'queued');
};

const without = (order: Order, ...fields: readonly ('retryAtMs' | 'queued' | 'shortAt')[]): Order => {
  const rest = { ...order };
  for (const field of fields) delete rest[field];
  return rest;
};

/** Tables lag behind: without it the plans of a round would ask the same empty place again and again. */
function withShort(order: Order, reservationId: string): Order {
  const hold = order.holds.find((one) => one.reservationId === reservationId);
  if (!hold) return order;
  const { sku, locations, quantity } = hold;
  return { ...order, shortAt: [...(order.shortAt ?? []), { sku, locations, units: quantity - 1 }] };
}

const withHold = (order: Order, reservationId: string, changed: Partial<Hold>): Order => ({
  ...order,
  holds: order.holds.map((hold) => (hold.reservationId === reservationId ? { ...hold, ...changed } : hold)),
});

function withTask(
  order: Order,
  { number, location, lines, reservationIds, acceptByMs }: Extract<OrderEvent, { type: 'task_assigned' }>,
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
