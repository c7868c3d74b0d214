import { z } from 'zod';
import { Instant, LocationCode, Sku } from './identifiers.js';
import { OrderId } from './order-id.js';
import { Version } from './stock-level.js';

/** What a reservation is made against: units that stand there, or units that are expected there. */
export const ReservedAgainst = z.enum(['on_hand', 'incoming']);

/** When units are expected, as far as their document tells. */
export const ExpectedAt = Instant.describe('When the units are expected; absent where nobody has told');

/** Units that are promised against a delivery and have not come yet. */
export const Awaited = z.looseObject({
  location: z.string(),
  quantity: z.int().min(1),
  expectedAt: ExpectedAt.optional(),
});
export type Awaited = z.infer<typeof Awaited>;

/**
 * Goods came in for what was promised against them: each of these reservations holds all of its units on hand from now on.
 * Topic `inventory.outcomes`, key: sku; told once for each reservation.
 */
export const ArrivalNotice = z.looseObject({
  type: z.literal('arrival'),
  id: z.string(),
  source: z.string(),
  sku: z.string(),
  location: z.string(),
  reservations: z.array(z.looseObject({ reservationId: z.string(), quantity: z.int().min(1) })),
  version: Version,
});
export type ArrivalNotice = z.infer<typeof ArrivalNotice>;

/**
 * What these reservations await is expected on another day than was told: `expectedAt` is the new one, absent where nobody
 * can tell it any more. Topic `inventory.outcomes`, key: sku; of two the one with the higher version counts.
 */
export const DeliveryMovedNotice = z.looseObject({
  type: z.literal('delivery_moved'),
  id: z.string(),
  source: z.string(),
  sku: z.string(),
  location: z.string(),
  reservations: z.array(
    z.looseObject({ reservationId: z.string(), quantity: z.int().min(1), expectedAt: ExpectedAt.optional() }),
  ),
  version: Version,
});
export type DeliveryMovedNotice = z.infer<typeof DeliveryMovedNotice>;

/** Brought to the order whose reservation it is. */
const ofReservation = {
  id: z.string().min(1).max(128),
  source: z.string().min(1).max(64),
  orderId: OrderId,
  reservationId: z.string().min(1).max(128),
  sku: Sku,
  location: LocationCode,
};

/** The same, brought to the order whose reservation it is. Topic `orders.intake`, key: orderId. */
export const GoodsArrived = z.looseObject({
  type: z.literal('goods_arrived'),
  ...ofReservation,
});
export type GoodsArrived = z.infer<typeof GoodsArrived>;

/** Less is expected than was promised against it: the promise is taken back. Topic `orders.intake`, key: orderId. */
export const DeliveryFellShort = z.looseObject({
  type: z.literal('delivery_fell_short'),
  ...ofReservation,
});
export type DeliveryFellShort = z.infer<typeof DeliveryFellShort>;

/** It comes on another day. Topic `orders.intake`, key: orderId; one with a lower version than was heard says nothing. */
export const DeliveryMoved = z.looseObject({
  type: z.literal('delivery_moved'),
  ...ofReservation,
  expectedAt: ExpectedAt.optional(),
  version: Version,
});
export type DeliveryMoved = z.infer<typeof DeliveryMoved>;
