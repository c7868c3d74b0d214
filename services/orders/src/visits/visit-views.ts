import { CalendarDate, LocationCode } from '@shelfline/contracts/identifiers';
import { calendarDay } from '@shelfline/contracts/local-time';
import { TaskId } from '@shelfline/contracts/order-id';
import { PlanVisit, TaskVisit } from '@shelfline/contracts/visit';
import { z } from 'zod';
import type { Order, Task } from '../domain/order.js';
import { taskIdOf } from '../domain/task-id.js';
import { broughtTasks } from '../domain/visits/brought.js';
import { orderStops, type PlannedStop, type Stop } from '../domain/visits/order-stops.js';

const { guide, from, until } = PlanVisit.shape;
export const VisitBody = z.strictObject({
  taskId: TaskId,
  store: LocationCode.optional().describe('Whose task; of the token unless told'),
  guide,
  from,
  until,
  id: z.string().min(1).max(60).optional().describe('Of this request: the same again is answered again'),
});
export const VisitView = z.object({ taskId: TaskId, visit: TaskVisit });

export const RoundQuery = z.strictObject({
  store: LocationCode.optional().describe('Of the token unless told'),
  guide: z.string().min(1).max(100).optional().describe('Only what this guide brings; all that is packed unless told'),
  day: z
    .union([z.literal('today'), CalendarDate])
    .optional()
    .describe(
      'By the store’s calendar: without what is promised to its customer for other days only; today also what was for a day before. All days unless told',
    ),
});
const StopView = z.object({
  taskId: TaskId,
  orderId: z.string(),
  arriveAt: z.iso.datetime().optional().describe('Absent where nobody knows the point on the map'),
  distanceM: z.int().optional().describe('From the stop before'),
  promisedBy: z.iso.datetime({ offset: true }).optional().describe('The customer was promised it by then'),
  lateMinutes: z.int().optional().describe('Later than the customer is there, or than it was promised'),
  lateBecause: z
    .enum(['over_before', 'too_far', 'others_first'])
    .optional()
    .describe(
      'Its time was over before; the way alone takes longer; or it would be in time if others did not go before it',
    ),
  recipient: z.string().optional(),
  address: z.string().optional(),
  phone: z.string().optional(),
  visit: TaskVisit.optional(),
});
export const RoundView = z.object({
  store: LocationCode,
  day: CalendarDate.optional().describe('As asked; absent = all days'),
  distanceM: z.int().describe('There and back'),
  stops: z.array(StopView).describe('In the order in which to go; those without a point on the map come last'),
});
export type RoundView = z.infer<typeof RoundView>;

/** More than a guide brings in a day. */
const MOST_STOPS = 60;

interface Carried {
  readonly order: Order;
  readonly task: Task;
  readonly taskId: string;
}
export interface RoundRequest {
  readonly store: string;
  readonly place: { readonly latitude: number; readonly longitude: number; readonly timeZone?: string };
  readonly guide: string | undefined;
  readonly day?: string | undefined;
  readonly nowMs: number;
}

/** What is packed or on its way, in a good order from the store and back. */
export function roundOf(orders: readonly Order[], request: RoundRequest): RoundView {
  const { store, place, guide: asked, nowMs } = request;
  const today = calendarDay(nowMs, place.timeZone);
  const day = request.day === 'today' ? today : request.day;
  const carried = orders
    .flatMap((order) =>
      broughtTasks(order)
        .filter(({ location, visit }) => location === store && (asked === undefined || visit?.guide === asked))
        .filter((task) => day === undefined || mayGoOn(task, { day, today }, place.timeZone))
        .map((task): Carried => ({ order, task, taskId: taskIdOf(order.orderId, task.number) })),
    )
    .toSorted((a, b) => a.task.assignedAtMs - b.task.assignedAtMs)
    .slice(0, MOST_STOPS);
  const byId = new Map(carried.map((one) => [one.taskId, one]));
  const stops = carried.flatMap(stopOf);
  const round = orderStops(place, stops, nowMs);
  const onMap = new Set(stops.map(({ id }) => id));
  const unknown = carried.filter(({ taskId }) => !onMap.has(taskId));
  return {
    store,
    ...(day === undefined ? {} : { day }),
    distanceM: round.distanceM,
    stops: [
      ...round.stops.map((stop) => ({ ...stopView(byId.get(stop.id)!), ...plannedView(stop) })),
      ...unknown.map(stopView),
    ],
  };
}

interface AskedDay {
  readonly day: string;
  readonly today: string;
}
/** What is promised for no time may go on any day, and what was to go on a day before goes today. */
function mayGoOn({ visit }: Task, { day, today }: AskedDay, timeZone: string | undefined): boolean {
  const [from, until] = [visit?.from ?? visit?.until, visit?.until ?? visit?.from];
  if (from === undefined || until === undefined) return true;
  const dayOf = (time: string) => calendarDay(Date.parse(time), timeZone);
  return dayOf(from) <= day && (day <= dayOf(until) || day === today);
}

function stopOf({ order, task, taskId }: Carried): Stop[] {
  const { latitude, longitude } = order.placed.destination ?? {};
  if (latitude === undefined || longitude === undefined) return [];
  const { from: opens, until: closes = order.placed.promisedBy } = task.visit ?? {};
  return [
    {
      id: taskId,
      latitude,
      longitude,
      ...(opens === undefined ? {} : { fromMs: Date.parse(opens) }),
      ...(closes === undefined ? {} : { untilMs: Date.parse(closes) }),
    },
  ];
}

function stopView({ order, task, taskId }: Carried) {
  const { recipient, address, phone } = order.placed.destination ?? {};
  return {
    taskId,
    orderId: order.orderId,
    ...(recipient === undefined ? {} : { recipient }),
    ...(address === undefined ? {} : { address }),
    ...(phone === undefined ? {} : { phone }),
    ...(task.visit ? { visit: task.visit } : {}),
    ...(order.placed.promisedBy === undefined ? {} : { promisedBy: order.placed.promisedBy }),
  };
}

const plannedView = ({ arriveMs, distanceM, lateMs, lateBecause }: PlannedStop) => ({
  arriveAt: new Date(arriveMs).toISOString(),
  distanceM,
  ...(lateMs > 0 ? { lateMinutes: Math.ceil(lateMs / 60_000), ...(lateBecause ? { lateBecause } : {}) } : {}),
});
