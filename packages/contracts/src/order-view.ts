import { z } from 'zod';
import { OrderAppointment } from './appointment.js';
import { FieldNote } from './catalog-outcome.js';
import { ChannelCode, LocationCode, Sku } from './identifiers.js';
import {
  AvailabilityWish,
  Destination,
  FulfilmentMethod,
  OrderId,
  OrderState,
  TaskAction,
  TaskId,
  TaskState,
} from './order.js';
import { ParcelStep } from './parcel.js';
import { Version } from './stock-level.js';
import { DeliveryProof, TaskVisit } from './visit.js';

export const TaskLine = z.looseObject({ lineId: z.string(), sku: Sku, quantity: z.int().min(1) });
export type TaskLine = z.infer<typeof TaskLine>;

/** Of a task that a courier takes. */
export const TaskParcel = z.looseObject({
  courier: z.string(),
  state: z.enum(['labelled', 'label_failed', 'label_cancelled', ...ParcelStep.options]),
  label: z.string().optional().describe('Where the label is fetched to be printed'),
  tracking: z.string().optional(),
  reason: z.string().optional().describe('Why there is no label, or why it was not delivered'),
});
export type TaskParcel = z.infer<typeof TaskParcel>;

const Escalation = z.looseObject({ level: z.enum(['remind', 'manager', 'reroute']), at: z.iso.datetime() });

/**
 * What a store has to do for an order. Compacted topic `orders.tasks`, key: taskId, partitioned by orderId; a tombstone
 * where nothing is left to do.
 */
export const StoreTask = z.looseObject({
  taskId: TaskId,
  orderId: OrderId,
  store: LocationCode,
  state: TaskState,
  method: FulfilmentMethod,
  lines: z.array(TaskLine),
  channel: ChannelCode,
  channelOrder: z.string().optional(),
  destination: Destination.optional(),
  placedAt: z.iso.datetime(),
  assignedAt: z.iso.datetime(),
  acceptBy: z.iso.datetime().optional().describe('Not accepted by then it goes to another place'),
  workingDay: z.iso
    .date()
    .optional()
    .describe('The day there whose capacity it counts against; later than today where today is full'),
  promisedBy: z.iso.datetime({ offset: true }).optional().describe('The customer was promised to have it by then'),
  escalation: Escalation.optional().describe('Reached: it should have been accepted, or picked, by now'),
  nextEscalation: Escalation.optional().describe('The next level, unless it goes on before'),
  collectBy: z.iso.datetime().optional().describe('Not collected by then it goes back to stock'),
  parcel: TaskParcel.optional(),
  visit: TaskVisit.optional().describe('Who brings it, and when'),
  appointment: OrderAppointment.optional().describe('When its customer comes'),
  handoverLocked: z.literal(true).optional().describe('Too many wrong codes: a manager decides'),
  actions: z.array(TaskAction).describe('What may be done now'),
  version: Version,
});
export type StoreTask = z.infer<typeof StoreTask>;

/** A delivery that was promised, stock that nobody has, or the buyer’s credit. */
export const WaitingFor = z.enum(['delivery', 'stock', 'credit']);
export type WaitingFor = z.infer<typeof WaitingFor>;

/** What became of an order, in one word; how many of its units the numbers beside it say. */
export const WhatBecame = z
  .enum(['placed', 'backordered', 'waiting_for_credit', 'out_of_stock', 'pending'])
  .describe(
    'placed = some of it at least is promised, the units say how many; backordered = promised against a delivery, by expectedAt where anybody knows; pending = taken, and not yet known what comes of it: look at the order',
  );
export type WhatBecame = z.infer<typeof WhatBecame>;

export const OrderLineView = z.looseObject({
  lineId: z.string(),
  sku: Sku,
  quantity: z.int().min(1),
  unitPriceMinor: z.int().min(0),
  promisedUnits: z.int().min(0).describe('Reserved for it now, or fulfilled'),
  awaitedUnits: z.int().min(1).optional().describe('Promised against a delivery that has not come; absent = 0'),
  expectedAt: z.iso.datetime({ offset: true }).optional().describe('When the last of these are expected to leave'),
  cancelledUnits: z.int().min(0),
});

export const TaskView = z.looseObject({
  taskId: TaskId,
  store: LocationCode,
  state: TaskState,
  lines: z.array(TaskLine),
  changedAt: z.iso.datetime(),
  workingDay: z.iso.date().optional().describe('The day there whose capacity it counts against'),
  reason: z.string().optional(),
  tracking: z.string().optional(),
  parcel: TaskParcel.optional(),
  visit: TaskVisit.optional(),
  proof: DeliveryProof.optional().describe('Where it can be seen that it was delivered'),
});

/** Goods that are brought to the store where it is collected. */
export const ArrivingView = z.looseObject({
  transferId: z.string(),
  from: LocationCode,
  lines: z.array(TaskLine).describe('What is still to come'),
  expectedBy: z.iso.datetime().optional().describe('Ready to be collected by then'),
  late: z.literal(true).optional().describe('It was reminded of: it did not leave, or come, in time'),
});

/** An order as REST shows it. */
export const OrderView = z.looseObject({
  orderId: OrderId,
  state: OrderState,
  channel: ChannelCode,
  channelOrder: z.string().optional(),
  memberId: z.string().optional(),
  method: FulfilmentMethod,
  store: LocationCode.optional(),
  soldAt: LocationCode.optional(),
  soldBy: z.string().optional(),
  wish: AvailabilityWish,
  currency: z.string(),
  totalMinor: z.int().min(0),
  lines: z.array(OrderLineView),
  tasks: z.array(TaskView),
  arriving: z.array(ArrivingView).optional().describe('On its way to the store where it is collected'),
  placedAt: z.iso.datetime({ offset: true }),
  promisedBy: z.iso.datetime({ offset: true }).optional().describe('The customer was promised to have it by then'),
  changedAt: z.iso.datetime(),
  reason: z.string().optional().describe('Why it waits, or was cancelled'),
  waitingFor: WaitingFor.optional().describe('Of an order that is WAITING'),
  waitsUntil: z.iso.datetime().optional().describe('What nobody has by then is cancelled; absent = nobody ends it'),
  buyer: z.string().optional().describe('The organisation that buys in bulk'),
  appointment: OrderAppointment.optional().describe('When its customer comes to the store'),
  heldUntil: z.iso.datetime().optional().describe('Of a basket that is held and not ordered'),
  version: Version,
});
export type OrderView = z.infer<typeof OrderView>;

/** One step of an order. Topic `orders.events`, key: orderId, never conflated. */
export const OrderEvent = z.looseObject({
  orderId: OrderId,
  type: z.enum([
    'held',
    'placed',
    'line_reserved',
    'line_refused',
    'routed',
    'waiting',
    'task_assigned',
    'task_changed',
    'task_moved_on',
    'task_lines_rejected',
    'cancelled',
    'completed',
    'handover_opened',
    'handover_refused',
    'handover_code_renewed',
    'handover_without_code',
    'pickup_reminded',
    'task_escalated',
    'transfer_requested',
    'transfer_shipped',
    'transfer_late',
    'transfer_lost',
    'transfer_arrived',
    'customer_erased',
    'backordered',
    'backorder_arrived',
    'backorder_replaced',
    'backorder_redated',
    'backorder_fell_short',
    'credit_held',
    'credit_refused',
    'credit_unavailable',
    'changed',
    'amount_changed',
    'parcel_changed',
    'appointment_changed',
    'visit_planned',
  ]),
  at: z.iso.datetime(),
  version: Version,
  state: OrderState,
  lineId: z.string().optional(),
  taskId: z.string().optional(),
  taskState: TaskState.optional(),
  location: LocationCode.optional(),
  units: z.int().min(0).optional(),
  reason: z.string().optional(),
  transferId: z.string().optional().describe('Of goods that are brought to where it is collected'),
  expectedBy: z.iso.datetime().optional().describe('… by when they are expected to be ready there'),
  by: z.string().optional().describe('Who did it'),
  expectedAt: z.iso.datetime({ offset: true }).optional().describe('Of a backorder: when it is expected to leave'),
  formerlyExpectedAt: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Of backorder_redated: when it was expected to leave before; absent where nobody had told'),
  amountMinor: z
    .int()
    .optional()
    .describe('Of amount_changed: to be charged by the channel on top; negative = to be paid back'),
  totalMinor: z.int().min(0).optional().describe('Of amount_changed: what the order comes to now'),
  currency: z.string().optional(),
  parcel: TaskParcel.shape.state.optional().describe('What a courier told of it'),
  level: z.string().optional().describe('Of an escalation: remind or manager'),
  triesLeft: z.int().min(0).optional().describe('Of a refused handover: 0 = locked'),
});
export type OrderEvent = z.infer<typeof OrderEvent>;

/** How an order stands, of which a part may be promised and a part not. */
export const OrderStanding = z.object({
  waitingFor: WaitingFor.optional().describe('Of an order that is WAITING'),
  promisedUnits: z.int().min(0).optional().describe('Reserved for it, or gone out; absent where it is not known yet'),
  awaitedUnits: z.int().min(1).optional().describe('Promised against deliveries that have not come'),
  waitingUnits: z.int().min(1).optional().describe('Nothing stands behind them yet: they wait for stock; absent = 0'),
  cancelledUnits: z.int().min(1).optional().describe('Absent = 0'),
  expectedAt: z.iso.datetime({ offset: true }).optional().describe('When the last of these are expected to leave'),
});
export type OrderStanding = z.infer<typeof OrderStanding>;

/** Answer to a message of `orders.intake`. Topic `orders.outcomes`, key: orderId. */
export const OrderOutcome = z.looseObject({
  id: z.string(),
  source: z.string(),
  orderId: OrderId,
  result: z.enum(['applied', 'unchanged', 'refused']),
  state: OrderState.optional().describe('Of the order, after it; absent where there is none'),
  ...OrderStanding.shape,
  taskId: TaskId.optional(),
  action: TaskAction.optional().describe('Which action of the task it answers'),
  taskState: TaskState.optional(),
  allowed: z.array(z.string()).optional().describe('What could be done instead'),
  errors: z.array(FieldNote).optional().describe('Why it was refused'),
  version: Version,
  askedVersion: Version.optional().describe('Of the message it answers, where that was decided before'),
});
export type OrderOutcome = z.infer<typeof OrderOutcome>;
