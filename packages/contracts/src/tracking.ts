import { z } from 'zod';
import { OrderAppointment } from './appointment.js';
import { LocationCode, Sku } from './identifiers.js';
import { FulfilmentMethod, OrderId, OrderState, TaskState } from './order.js';
import { ParcelStep } from './parcel.js';
import { Version } from './stock-level.js';
import { TaskVisit } from './visit.js';

/** Whoever collects it has to find it. */
const TrackedStore = z.looseObject({ code: LocationCode, name: z.string(), nameZh: z.string() });

const TrackedLine = z.looseObject({
  lineId: z.string(),
  sku: Sku,
  quantity: z.int().min(1),
  cancelledUnits: z.int().min(0).describe('What does not come any more'),
  awaitedUnits: z.int().min(1).optional().describe('Promised of a delivery that has not come; absent = 0'),
  expectedAt: z.iso.datetime().optional().describe('When the last of these are expected to leave, where anybody knows'),
});

const TrackedStep = z.looseObject({ state: TaskState, at: z.iso.datetime() });

/** What one place does for it. A place that lost it to another is not shown: whoever waits has nothing to do with that. */
export const TrackedParcel = z.looseObject({
  number: z.int().min(1),
  state: TaskState,
  lines: z.array(z.looseObject({ lineId: z.string(), sku: Sku, quantity: z.int().min(1) })),
  steps: z.array(TrackedStep).describe('How it came there, the oldest first'),
  tracking: z.string().optional().describe('Number of the parcel'),
  courier: z.string().optional().describe('Who brings it'),
  visit: TaskVisit.optional().describe('Who of the store brings it, and when'),
  delivery: z
    .array(z.looseObject({ step: ParcelStep, at: z.iso.datetime() }))
    .optional()
    .describe('What its courier told, the oldest first'),
});
export type TrackedParcel = z.infer<typeof TrackedParcel>;

/**
 * An order as its customer sees it: no name, no address, no place but the one where it is collected. Compacted topic
 * `orders.tracking`, key: orderId; a tombstone a week after nothing is left to follow.
 */
export const TrackedOrder = z.looseObject({
  orderId: OrderId,
  channelOrder: z.string().optional(),
  state: OrderState,
  method: FulfilmentMethod,
  store: TrackedStore.optional().describe('Where it is collected or carried out'),
  appointment: OrderAppointment.optional().describe('When its customer comes to the store'),
  lines: z.array(TrackedLine),
  parcels: z.array(TrackedParcel),
  arrivesBy: z.iso.datetime().optional().describe('On its way to the store; ready to be collected by then'),
  reason: z.string().optional().describe('Why it waits, or was cancelled'),
  placedAt: z.iso.datetime({ offset: true }),
  changedAt: z.iso.datetime(),
  version: Version,
});
export type TrackedOrder = z.infer<typeof TrackedOrder>;

/** A signed link is some 250 characters. */
export const TrackingToken = z.string().min(1).max(1000);

/** What `/storefront` takes as `track`, and `untrack` without the versions. */
export const TrackRequest = z.object({
  token: TrackingToken.describe('As the tracking link holds it'),
  since: Version.optional().describe('Version the client holds: only a newer one is answered'),
  epoch: z.string().max(64).optional().describe('Epoch that `since` belongs to; another one makes `since` void'),
});
export type TrackRequest = z.infer<typeof TrackRequest>;
export const UntrackRequest = z.object({ orderId: OrderId });

/** `order` is null where nothing newer is known: of an order just placed, or one that is over for longer than a week. */
export interface TrackAnswer {
  ok: true;
  epoch: string;
  orderId: string;
  order: TrackedOrder | null;
}
