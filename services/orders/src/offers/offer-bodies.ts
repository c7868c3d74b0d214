import { CollectionWay } from '@shelfline/contracts/delivery-terms';
import { ChannelCode, Instant, LocationCode } from '@shelfline/contracts/identifiers';
import { Destination, FulfilmentMethod, MAX_LINES, OrderLine } from '@shelfline/contracts/order';
import { z } from 'zod';

/** Where it goes, as far as an offer needs it: no name, no street. */
const OfferDestination = z.strictObject({
  region: Destination.shape.region,
  city: Destination.shape.city,
  latitude: Destination.shape.latitude,
  longitude: Destination.shape.longitude,
});

export const OffersBody = z.strictObject({
  channel: ChannelCode,
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'must be a currency’s code of three letters (ISO 4217), as CNY' }),
  lines: z
    .array(
      z.strictObject({
        lineId: OrderLine.shape.lineId,
        sku: OrderLine.shape.sku,
        quantity: OrderLine.shape.quantity,
        unitPriceMinor: OrderLine.shape.unitPriceMinor,
      }),
    )
    .min(1)
    .max(MAX_LINES)
    .refine((lines) => new Set(lines.map(({ lineId }) => lineId)).size === lines.length, {
      error: 'must each have a lineId of its own',
    }),
  destination: OfferDestination.optional().describe('Absent: only what can be collected or carried out'),
  store: LocationCode.optional().describe('Only this place to collect at; where it is carried out'),
});
export type OffersBody = z.infer<typeof OffersBody>;
export const OffersQuery = z.strictObject({ language: z.enum(['en', 'zh']).default('en') });

const LineUnits = z.object({ lineId: z.string(), quantity: z.int().min(1) });
const span = { earliest: z.iso.datetime(), latest: z.iso.datetime() };
const ofDelivery = {
  arrivesAt: Instant.optional().describe('Of what is not there yet: when the last of it is expected to come in'),
  expectedAt: Instant.optional().describe('… and to leave for the customer, as the order will tell'),
};
export const OffersView = z.object({
  asOf: z.iso.datetime().describe('Nothing is reserved: an order placed later may find less'),
  currency: z.string(),
  offers: z.array(
    z.object({
      method: FulfilmentMethod,
      collection: CollectionWay.optional(),
      store: z
        .object({ code: LocationCode, name: z.string(), distanceM: z.int().optional() })
        .optional()
        .describe('Where it is collected or carried out'),
      afterTransfer: z.literal(true).optional().describe('Some of it is brought to the store first'),
      fromIncoming: z
        .literal(true)
        .optional()
        .describe('Some of it is not there yet: promised against a delivery, if it is placed with this `wish`'),
      wish: z.literal('backorder').optional().describe('To be sent with the order; absent: any'),
      ...ofDelivery,
      parcels: z.array(z.object({ from: LocationCode.optional(), lines: z.array(LineUnits), ...ofDelivery, ...span })),
      ...span,
      promisedBy: Instant.describe('Sent with the order it stays on it and on its tasks'),
      feeMinor: z.int().min(0),
      words: z.string(),
    }),
  ),
  without: z
    .array(
      z.object({
        method: FulfilmentMethod,
        reason: z.string(),
        missing: z.array(LineUnits).optional(),
        words: z.string(),
      }),
    )
    .describe('Methods that cannot be kept now, and why'),
});
export type OffersView = z.infer<typeof OffersView>;
