import { z } from 'zod';
import {
  ChannelCode,
  EventId,
  Instant,
  LocationCode,
  OrganisationCode,
  RegionCode,
  Sku,
  SourceName,
} from './identifiers.js';
import { Awaited } from './incoming.js';
import { LineId, OrderId, TaskId } from './order-id.js';
import { RejectedLines } from './task-lines.js';
import { DeliveryProof } from './visit.js';

export { LineId, OrderId, TaskId };

export const FulfilmentMethod = z.enum(['courier', 'same_city', 'pickup', 'guide_visit', 'carry_out']);
export type FulfilmentMethod = z.infer<typeof FulfilmentMethod>;

export const OrderState = z.enum([
  'HELD',
  'RESERVING',
  'WAITING',
  'ARRIVING',
  'ROUTED',
  'IN_FULFILMENT',
  'COMPLETED',
  'PARTIALLY_COMPLETED',
  'CANCELLED',
  'ENDED',
]);
export type OrderState = z.infer<typeof OrderState>;

export const TaskState = z.enum([
  'ASSIGNED',
  'ACCEPTED',
  'PICKING',
  'PACKED',
  'READY_FOR_PICKUP',
  'HANDED_OVER',
  'SHIPPED',
  'DELIVERED',
  'RETURNED',
  'REJECTED',
  'TIMED_OUT',
  'CANCELLED',
]);
export type TaskState = z.infer<typeof TaskState>;

/** Beyond it a basket is a shipment of a business, which is split before it comes here. */
export const MAX_LINES = 50;
export const MAX_LINE_UNITS = 10_000;
/** A price of a single piece above a hundred million of the currency's minor units is a barcode in the wrong field. */
export const MAX_PRICE_MINOR = 100_000_000;

/** Of fifty lines, twice over. */
const MAX_QUOTE_CHARACTERS = 16_000;

export const OrderLine = z.looseObject({
  lineId: LineId,
  sku: Sku,
  quantity: z.int().min(1).max(MAX_LINE_UNITS),
  unitPriceMinor: z.int().min(0).max(MAX_PRICE_MINOR).describe('What the customer was shown, in minor units'),
});
export type OrderLine = z.infer<typeof OrderLine>;

export const Destination = z.looseObject({
  region: RegionCode.optional(),
  city: z.string().min(1).max(100).optional(),
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
  address: z.string().min(1).max(300).optional().describe('As the parcel’s label shows it'),
  recipient: z.string().min(1).max(100).optional(),
  phone: z.string().min(1).max(40).optional(),
});
export type Destination = z.infer<typeof Destination>;

/**
 * What the customer wants where not everything is there. `backorder`: as `split`, and the rest is promised against a
 * delivery where the channel does so (its `presale`).
 */
export const AvailabilityWish = z.enum(['wait_for_all', 'split', 'cancel_rest', 'backorder']);
export type AvailabilityWish = z.infer<typeof AvailabilityWish>;

const placedFields = {
  orderId: OrderId,
  channel: ChannelCode,
  placedAt: Instant,
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'must be a currency’s code of three letters (ISO 4217), as CNY' }),
  lines: z.array(OrderLine).min(1).max(MAX_LINES),
  method: FulfilmentMethod,
  destination: Destination.optional().describe('Where it goes; needed unless it is collected or carried out'),
  store: LocationCode.optional().describe('Where it is collected or carried out; needed for both'),
  wish: AvailabilityWish.default('split'),
  memberId: z.string().min(1).max(64).optional().describe('Reference to the member file; absent of a guest'),
  channelOrder: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('The order number the customer knows, e.g. of a marketplace'),
  soldAt: LocationCode.optional().describe('The store that sold it, wherever it is fulfilled'),
  soldBy: z.string().min(1).max(100).optional().describe('Who sold it, as the store knows him'),
  quote: z
    .string()
    .min(1)
    .max(MAX_QUOTE_CHARACTERS)
    .optional()
    .describe('Signed prices (JWS, EdDSA); needed of a channel that is not trusted'),
  payment: z
    .enum(['authorised', 'paid', 'on_delivery', 'on_account'])
    .default('paid')
    .describe('on_account: the buyer’s credit is held for it before anything is promised'),
  buyer: OrganisationCode.optional().describe('The organisation that buys in bulk, on its terms in the catalog'),
  promisedBy: Instant.optional().describe('Latest moment of the delivery offer that the customer took'),
};

interface Whereto {
  readonly method: string;
  readonly destination?: unknown;
  readonly store?: unknown;
}
const isHandedOver = ({ method }: Whereto): boolean => method === 'pickup' || method === 'carry_out';
export const hasItsStore = (where: Whereto): boolean => !isHandedOver(where) || where.store !== undefined;
export const hasItsDestination = (where: Whereto): boolean => isHandedOver(where) || where.destination !== undefined;
export const hasOneOfEachLine = ({ lines }: { lines: readonly { lineId: string }[] }) =>
  new Set(lines.map(({ lineId }) => lineId)).size === lines.length;

export const NEEDS_STORE = { path: ['store'], error: 'must be given where the method is pickup or carry_out' };
export const NEEDS_DESTINATION = {
  path: ['destination'],
  error: 'must be given unless the method is pickup or carry_out',
};
export const NEEDS_LINE_IDS = { path: ['lines'], error: 'must each have a lineId of its own' };

/** Asks for an order. Topic `orders.intake`, key: orderId. The same order again with other content is a conflict. */
export const PlaceOrder = z
  .looseObject({ type: z.literal('place'), id: EventId, source: SourceName, ...placedFields })
  .refine(hasItsStore, NEEDS_STORE)
  .refine(hasItsDestination, NEEDS_DESTINATION)
  .refine(hasOneOfEachLine, NEEDS_LINE_IDS);
export type PlaceOrder = z.infer<typeof PlaceOrder>;

/** Of every message of `orders.intake`. */
export const messageFields = { id: EventId, source: SourceName, orderId: OrderId };

export const CancelOrder = z.looseObject({
  type: z.literal('cancel'),
  ...messageFields,
  reason: z.string().min(1).max(200).optional(),
});
export type CancelOrder = z.infer<typeof CancelOrder>;

export const TASK_ACTIONS = ['accept', 'reject', 'pick', 'pack', 'ready', 'hand_over', 'ship', 'deliver'] as const;
export const TaskAction = z.enum(TASK_ACTIONS);
export type TaskAction = z.infer<typeof TaskAction>;

/** What a store did, or says it cannot do. */
export const TaskStep = z.looseObject({
  type: z.literal('task'),
  ...messageFields,
  taskId: TaskId,
  store: LocationCode.describe('Who says so: only the store whose task it is is heard'),
  action: TaskAction,
  by: z.string().min(1).max(100).optional().describe('Who did it, as the store knows him'),
  reason: z.string().min(1).max(200).optional().describe('Why it is rejected'),
  lines: RejectedLines.optional().describe('With `reject`: only these; the whole task unless told'),
  code: z
    .string()
    .min(1)
    .max(160)
    .optional()
    .describe('What the customer shows when he collects: digits, or the text of his QR code'),
  tracking: z.string().min(1).max(100).optional().describe('Number of the parcel'),
  proof: DeliveryProof.optional().describe('With `deliver`: where it can be seen that it was'),
});
export type TaskStep = z.infer<typeof TaskStep>;

/** The ledger's answer to what an order asked of it, brought to the order’s partition. */
export const ReservationAnswered = z.looseObject({
  type: z.literal('reservation_answered'),
  ...messageFields,
  reservationId: z.string().min(1).max(128),
  command: z.string().min(1).max(20),
  result: z.enum(['accepted', 'partial', 'refused', 'unchanged']),
  shortUnits: z.int().min(0),
  allocations: z.array(z.looseObject({ location: LocationCode, quantity: z.int().min(1) })).max(500),
  awaited: z.array(Awaited).max(500).optional().describe('Promised against a delivery, and not come yet'),
  reason: z.string().max(200).optional(),
});
export type ReservationAnswered = z.infer<typeof ReservationAnswered>;

/** Facts outran the ledger: what stood behind a reservation was sold by a till. */
export const ReservationEndangered = z.looseObject({
  type: z.literal('reservation_endangered'),
  ...messageFields,
  reservationId: z.string().min(1).max(128),
  sku: Sku,
  location: LocationCode,
  shortUnits: z.int().min(1),
});
export type ReservationEndangered = z.infer<typeof ReservationEndangered>;
