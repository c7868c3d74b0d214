import type { OrderOutcome, StoreTask, OrderEvent as ToldEvent } from '@shelfline/contracts/order-view';
import { STATE_HEADER, versionHeaders, WORKING_DAY_HEADER } from '@shelfline/contracts/record-headers';
import { TOPICS } from '@shelfline/contracts/topics';
import type { OutputRecord } from '@shelfline/streaming/stream';
import { placeDay } from './capacity/day-load.js';
import { cartAnswer } from './carts/cart-outputs.js';
import { parcelRequestOutput, parcelView } from './couriers/parcel-outputs.js';
import { cancelledAmount, changeSteps } from './domain/changes/tell-changes.js';
import { isClosed, type Order, type Task } from './domain/order.js';
import type { OrderEvent } from './domain/order-events.js';
import { isPickupEvent } from './domain/pickup-transfer/pickup-events.js';
import { isBackorderEvent } from './domain/presale/backorder-events.js';
import { type AtStoreEvent, isAtStoreEvent } from './domain/store/at-store-events.js';
import type { EscalationLevel } from './domain/store/escalation-rule.js';
import { handoverOf, isLocked } from './domain/store/handover-state.js';
import { storeStep } from './domain/store/tell-store-events.js';
import { allowedActions } from './domain/task-steps.js';
import { taskIdOf } from './domain/work-task.js';
import type { OrderEntry } from './order-entry.js';
import { pickupSteps, transferOutput } from './pickup-transfer/pickup-outputs.js';
import { backorderSteps } from './presale/backorder-views.js';
import { returnOutputs } from './returns/return-outputs.js';

/** What one decision tells others: its answer, its steps, and what it asks of the ledger. Read from the entry alone. */
export const entryOutputs = ({
  orderId,
  answer,
  settled,
  settledToo = [],
  told,
  commands,
  credit,
  returns,
  transfers = [],
  parcels,
}: OrderEntry): OutputRecord[] => [
  ...commands.map((command) => ({
    topic: TOPICS.deltas,
    key: command.sku,
    partition: { by: command.sku },
    type: `inventory.delta.${command.type}`,
    value: command,
  })),
  ...(credit ?? []).map((request) => ({
    topic: TOPICS.creditRequests,
    key: orderId,
    partition: { by: orderId },
    type: 'shelfline.order.credit_request',
    value: request,
  })),
  ...told.map((event) => ({
    topic: TOPICS.orderEvents,
    key: orderId,
    partition: 'same' as const,
    type: `shelfline.order.${event.type}`,
    value: event,
  })),
  ...transfers.map(transferOutput),
  ...(returns ? returnOutputs(orderId, returns) : []),
  ...(parcels ?? []).map(parcelRequestOutput),
  ...(answer ? answerOutputs(answer) : []),
  ...(settled ? answerOutputs(settled) : []),
  ...settledToo.map(answerOutput),
];

/** The answer, and where a cart ordered it what the cart hears of it. */
export const answerOutputs = (answer: OrderOutcome): OutputRecord[] => [answerOutput(answer), ...cartAnswer(answer)];

const answerOutput = (answer: OrderOutcome): OutputRecord => ({
  topic: TOPICS.orderOutcomes,
  key: answer.orderId,
  partition: 'same',
  type: 'shelfline.order.outcome',
  value: answer,
});

/** A store's list holds what is left to do: what is closed is taken off it. */
export function taskOutput(order: Order, task: Task): OutputRecord {
  return {
    topic: TOPICS.orderTasks,
    key: taskIdOf(order.orderId, task.number),
    partition: { by: order.orderId },
    type: 'shelfline.order.task',
    value: isClosed(task) ? null : storeTask(order, task),
    // Of a task that is closed the screens show what it closed with.
    headers: { ...versionHeaders(task.version), ...(isClosed(task) ? closedHeaders(task) : {}) },
  };
}

const closedHeaders = ({ state, day, location }: Task): Record<string, string> => ({
  [STATE_HEADER]: state,
  ...(day === undefined ? {} : { [WORKING_DAY_HEADER]: placeDay(day, location) }),
});

function storeTask({ orderId, placed, placedAtMs, appointment }: Order, task: Task): StoreTask {
  const { channel, channelOrder, method, destination, promisedBy } = placed;
  const { collectByMs: collectBy } = handoverOf(task);
  return {
    taskId: taskIdOf(orderId, task.number),
    orderId,
    store: task.location,
    state: task.state,
    method,
    lines: [...task.lines],
    channel,
    ...(channelOrder === undefined ? {} : { channelOrder }),
    ...(destination === undefined ? {} : { destination }),
    placedAt: new Date(placedAtMs).toISOString(),
    assignedAt: new Date(task.assignedAtMs).toISOString(),
    ...(task.day === undefined ? {} : { workingDay: task.day }),
    ...(task.acceptByMs === undefined ? {} : { acceptBy: new Date(task.acceptByMs).toISOString() }),
    ...(promisedBy === undefined ? {} : { promisedBy }),
    ...(collectBy === undefined ? {} : { collectBy: new Date(collectBy).toISOString() }),
    ...escalationOf(task),
    ...(task.parcel ? { parcel: parcelView(task.parcel, task.tracking) } : {}),
    ...(task.visit ? { visit: task.visit } : {}),
    ...(appointment && appointment.store === task.location ? { appointment } : {}),
    ...(isLocked(task) ? { handoverLocked: true as const } : {}),
    actions: allowedActions(method, task.state),
    version: task.version,
  };
}

/** While it is to be accepted or picked. */
function escalationOf({ state, levels = [], escalated }: Task): Pick<StoreTask, 'escalation' | 'nextEscalation'> {
  if (state !== 'ASSIGNED' && state !== 'ACCEPTED' && state !== 'PICKING') return {};
  const shown = ({ level, atMs }: EscalationLevel) => ({ level, at: new Date(atMs).toISOString() });
  const [next] = levels;
  return { ...(escalated ? { escalation: shown(escalated) } : {}), ...(next ? { nextEscalation: shown(next) } : {}) };
}

/**
 * The steps that others hear of; how places were looked for is the order's own affair. They happened when they were
 * decided, which is later than the order's last change where they change nothing of it.
 */
export function toldEvents(
  order: Order,
  events: readonly OrderEvent[],
  wasWaiting: boolean,
  atMs: number = order.changedAtMs,
): ToldEvent[] {
  const { orderId, state, version } = order;
  const common = { orderId, at: new Date(atMs).toISOString(), version, state };
  const said = [...events.flatMap((event) => stepOf(order, event)), ...cancelledAmount(order, events)];
  const steps = said.map((step): ToldEvent => ({ ...common, ...step }));
  const waits = state === 'WAITING' && !wasWaiting ? [{ ...common, type: 'waiting' as const, ...reasonOf(order) }] : [];
  if (events.every(({ type }) => UNTOLD.has(type))) return [];
  // What comes back of an order, is taken out of it, or is told of it late, does not complete it once more.
  const isAfterwards = events.every(({ type }) => AFTERWARDS.has(type));
  const isOver = !isAfterwards && (state === 'COMPLETED' || state === 'PARTIALLY_COMPLETED');
  return [...steps, ...waits, ...(isOver ? [{ ...common, type: 'completed' as const }] : [])];
}

const UNTOLD: ReadonlySet<OrderEvent['type']> = new Set(['tracking_ended', 'erasure_put_off', 'erasure_finished']);
const AFTERWARDS: ReadonlySet<OrderEvent['type']> = new Set([
  'return_changed',
  'sold_elsewhere',
  'customer_erased',
  'erasure_put_off',
  'credit_asked',
  'credit_answered',
  'parcel_changed',
  'appointment_noted',
]);

type Step = Omit<ToldEvent, 'orderId' | 'at' | 'version' | 'state'> & Pick<ToldEvent, 'type'>;
const reasonOf = ({ reason }: { readonly reason?: string }) => (reason === undefined ? {} : { reason });

const atPlace = ({ tasks }: Order, number: number): { location?: string } => {
  const task = tasks.find((one) => one.number === number);
  return task ? { location: task.location } : {};
};

function stepsAtStore(order: Order, event: AtStoreEvent): Step[] {
  switch (event.type) {
    case 'parcel_wanted':
      return [];
    case 'visit_planned':
      return [
        {
          type: event.type,
          taskId: taskIdOf(order.orderId, event.number),
          ...atPlace(order, event.number),
          by: event.visit.guide,
        },
      ];
    case 'parcel_changed': {
      const taskId = taskIdOf(order.orderId, event.number);
      return [{ type: event.type, taskId, ...atPlace(order, event.number), parcel: event.change, ...reasonOf(event) }];
    }
    case 'appointment_noted':
      return [{ type: 'appointment_changed', ...(event.appointment ? { location: event.appointment.store } : {}) }];
    case 'task_lines_rejected':
      return event.lines.map(({ lineId, quantity }) => ({
        type: 'task_lines_rejected',
        taskId: taskIdOf(order.orderId, event.number),
        ...atPlace(order, event.number),
        lineId,
        units: quantity,
        ...reasonOf(event),
        ...(event.by === undefined ? {} : { by: event.by }),
      }));
  }
}

function stepOf(order: Order, event: OrderEvent): Step[] {
  const lineOf = (reservationId: string) => order.holds.find((hold) => hold.reservationId === reservationId);
  if (isPickupEvent(event)) return pickupSteps(order, event);
  if (isAtStoreEvent(event)) return stepsAtStore(order, event);
  if (isBackorderEvent(event)) return backorderSteps(order, event);
  switch (event.type) {
    case 'held':
    case 'placed':
      return [{ type: event.type }];
    case 'hold_granted': {
      const { lineId = '', quantity = 0 } = lineOf(event.reservationId) ?? {};
      return [{ type: 'line_reserved', lineId, units: quantity, location: event.location }];
    }
    case 'task_assigned':
      return [{ type: 'task_assigned', taskId: taskIdOf(order.orderId, event.number), location: event.location }];
    case 'task_changed': {
      const movedOn = event.state === 'REJECTED' || event.state === 'TIMED_OUT';
      const taskId = taskIdOf(order.orderId, event.number);
      const at = atPlace(order, event.number);
      const type = movedOn ? 'task_moved_on' : 'task_changed';
      const by = event.by === undefined ? {} : { by: event.by };
      return [{ type, taskId, taskState: event.state, ...at, ...by, ...reasonOf(event) }];
    }
    case 'task_withdrawn':
    case 'changed':
      return changeSteps(order, event);
    case 'units_cancelled':
      return [{ type: 'cancelled', lineId: event.lineId, units: event.units, ...reasonOf(event) }];
    case 'handover_opened':
    case 'handover_refused':
    case 'handover_code_renewed':
    case 'handover_without_code':
    case 'pickup_reminded':
    case 'task_escalated':
      return [storeStep(order, event)];
    case 'customer_erased':
      return [{ type: event.type, reason: event.reason, ...(event.by === undefined ? {} : { by: event.by }) }];
    case 'credit_answered':
      return [{ type: `credit_${event.result}`, ...reasonOf(event) }];
    case 'credit_asked':
    case 'hold_extended':
    case 'sold_elsewhere':
    case 'return_changed':
    case 'watch_started':
    case 'task_times_moved':
    case 'planned':
    case 'unplaced':
    case 'stock_arrived':
    case 'hold_asked':
    case 'hold_asked_again':
    case 'hold_refused':
    case 'hold_reduced':
    case 'task_lines_changed':
    case 'units_added':
    case 'hold_released':
    case 'place_refused':
    case 'refusal_lifted':
    case 'waiting':
    case 'tracking_ended':
    case 'erasure_put_off':
    case 'erasure_finished':
      return [];
  }
}
