import { z } from 'zod';
import { ChannelCode, EventId, Instant, LocationCode, Sku, SourceName } from './identifiers.js';
import { FulfilmentMethod } from './order.js';
import { OrderId, TaskId } from './order-id.js';

/** How far a courier has brought a parcel. */
export const ParcelStep = z.enum(['collected', 'out_for_delivery', 'delivered', 'failed', 'returned']);
export type ParcelStep = z.infer<typeof ParcelStep>;

const Courier = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'must be a courier’s short name' });
const TrackingNumber = z.string().min(1).max(100);

/**
 * What became of a task's parcel at its courier. Topic `orders.intake`, key: orderId; sent by the stream of
 * `couriers.intake` alone. `failed` = nobody opened and it will be tried again; `returned` = it is back at its sender.
 */
export const ParcelChange = z.looseObject({
  type: z.literal('parcel'),
  id: EventId,
  source: SourceName,
  orderId: OrderId,
  taskId: TaskId,
  courier: Courier,
  change: z.enum(['labelled', 'label_failed', 'label_cancelled', ...ParcelStep.options]),
  at: Instant,
  tracking: TrackingNumber.optional(),
  label: z.string().min(1).max(300).optional().describe('Where the label is fetched to be printed'),
  reason: z.string().min(1).max(200).optional(),
});
export type ParcelChange = z.infer<typeof ParcelChange>;

/** Of every message of `couriers.intake`; a parcel is the task of one store. */
const parcelFields = { id: EventId, source: SourceName, orderId: OrderId, parcelId: TaskId };

const Address = z.looseObject({
  region: z.string().optional(),
  city: z.string().optional(),
  address: z.string().optional(),
  recipient: z.string().optional(),
  phone: z.string().optional(),
});

/** A store has packed it: a courier is to have it. */
export const ParcelWanted = z.looseObject({
  type: z.literal('wanted'),
  ...parcelFields,
  store: LocationCode,
  channel: ChannelCode.optional().describe('That sold the order: its system is shown the parcel'),
  method: FulfilmentMethod,
  destination: Address,
  lines: z.array(z.looseObject({ sku: Sku, quantity: z.int().min(1) })).max(50),
});
export type ParcelWanted = z.infer<typeof ParcelWanted>;

/** The task was taken back: what was asked of a courier is to be undone. */
export const ParcelUnwanted = z.looseObject({ type: z.literal('unwanted'), ...parcelFields });
export type ParcelUnwanted = z.infer<typeof ParcelUnwanted>;

/** Somebody wants a label that failed to be asked for once more. */
export const ParcelRetry = z.looseObject({ type: z.literal('retry'), ...parcelFields, by: z.string().min(1).max(100) });
export type ParcelRetry = z.infer<typeof ParcelRetry>;

/** What a courier said to what was asked of it; `unavailable` = nothing is known, it is asked again. */
export const CourierAnswered = z.looseObject({
  type: z.literal('answered'),
  ...parcelFields,
  courier: Courier,
  answer: z.enum(['labelled', 'refused', 'unavailable', 'cancelled', 'too_late']),
  dueAt: Instant.optional().describe(
    'When what it answers was due: of two answers to one question one counts as tried in vain',
  ),
  tracking: TrackingNumber.optional(),
  reason: z.string().min(1).max(200).optional(),
});
export type CourierAnswered = z.infer<typeof CourierAnswered>;

/** A courier told where the parcel is. The id is the courier's own: the same event again changes nothing. */
export const ParcelMoved = z.looseObject({
  type: z.literal('moved'),
  ...parcelFields,
  courier: Courier,
  step: ParcelStep,
  at: Instant,
  reason: z.string().min(1).max(200).optional(),
});
export type ParcelMoved = z.infer<typeof ParcelMoved>;

/** Who it was for is taken out of it: the customer was taken out of the order. */
export const ParcelErased = z.looseObject({ type: z.literal('erase'), ...parcelFields });
export type ParcelErased = z.infer<typeof ParcelErased>;

/** Everything that changes a parcel. Topic `couriers.intake`, key: orderId. */
export const ParcelMessage = z.discriminatedUnion('type', [
  ParcelWanted,
  ParcelUnwanted,
  ParcelRetry,
  CourierAnswered,
  ParcelMoved,
  ParcelErased,
]);
export type ParcelMessage = z.infer<typeof ParcelMessage>;
