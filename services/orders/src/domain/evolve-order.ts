import { askersOf } from './askers.js';
import { withChange } from './changes/with-change.js';
import { changedCredit } from './credit/credit-state.js';
import { withHoldEvent, without } from './evolve-hold.js';
import { type Applied, hasGoneOut, isAsked, isFinal, type Order, stateOf, type Task, uncoveredLines } from './order.js';
import type { OrderEvent } from './order-events.js';
import { evolvePickup, isArrival } from './pickup-transfer/arriving.js';
import { isPickupEvent, type PickupEvent } from './pickup-transfer/pickup-events.js';
import { type BackorderEvent, isBackorderEvent } from './presale/backorder-events.js';
import { evolveBackorder } from './presale/evolve-backorder.js';
import { withErasure } from './privacy/without-customer.js';
import { withReturn } from './returns/order-return.js';
import { type AtStoreEvent, isAtStoreEvent } from './store/at-store-events.js';
import { evolveAtStore } from './store/evolve-task.js';
import { evolveStoreTask } from './store/handover-state.js';
import { withoutRefusal, withRefusal } from './store/refused-stock.js';
import type { StoreEvent } from './store/store-events.js';

/** What an event makes of an order. Its state follows from its parts: no event states it. */
export function evolve(order: Order | undefined, event: OrderEvent, applied: Applied): Order {
  const next = isFirst(event)
    ? beginOrder(order, event, applied)
    : isPickupEvent(event)
      ? evolvePickup(order!, event, applied)
      : isAtStoreEvent(event)
        ? evolveAtStore(order!, event, applied)
        : isBackorderEvent(event)
          ? evolveBackorder(order!, event, applied)
          : change(order!, event, applied);
  const kept = next.queued && !GOES_ON_ASKING.has(event.type) ? without(next, 'queued') : next;
  // Whose credit is still asked about is over all the same.
  const isSettling = (event.type === 'credit_asked' || event.type === 'credit_answered') && isFinal(next);
  const changedAtMs = isSettling || CHANGES_NO_ORDER.has(event.type) ? next.changedAtMs : applied.atMs;
  const changed = { ...withoutEnd(kept), version: applied.version, changedAtMs };
  const state = stateOf(changed);
  return { ...changed, state, isDecided: changed.isDecided || state !== 'RESERVING' };
}

/** Once something stands behind all of it, it waits no more; what waits later is given its own time. */
const withoutEnd = (order: Order): Order =>
  order.giveUpAtMs !== undefined && !order.holds.some(isAsked) && uncoveredLines(order).length === 0
    ? without(order, 'giveUpAtMs')
    : order;

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

type Changing = Exclude<OrderEvent, First | PickupEvent | AtStoreEvent | BackorderEvent>;

function change(order: Order, event: Changing, applied: Applied): Order {
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
    case 'refusal_lifted':
      return { ...order, ...withoutRefusal(order, event) };
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
      return withWaiting(order, event);
    case 'credit_asked':
    case 'credit_answered':
      return { ...order, ...changedCredit(order.credit, event, applied.atMs) };
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

/** When it is given up is fixed with the first of them: whoever waits is not put off by each new try. */
function withWaiting(
  order: Order,
  { reason, retryAtMs, giveUpAtMs = order.giveUpAtMs, had }: Extract<OrderEvent, { type: 'waiting' }>,
): Order {
  return {
    ...without(order, 'shortAt'),
    retryAtMs,
    reason,
    attempts: 0,
    ...(giveUpAtMs === undefined ? {} : { giveUpAtMs }),
    ...(had ? { refusedStock: had } : {}),
  };
}

/** That nobody follows it any more, who it was for, and where was looked for it, is no change of the order. */
const CHANGES_NO_ORDER: ReadonlySet<OrderEvent['type']> = new Set([
  'tracking_ended',
  'erasure_put_off',
  'erasure_finished',
  'customer_erased',
  'looked_elsewhere',
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
    ...(reservationIds.some(isArrival) ? { isBrought: true as const } : {}),
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
