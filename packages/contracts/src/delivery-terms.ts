import { z } from 'zod';
import { Instant } from './identifiers.js';
import { FulfilmentMethod } from './order.js';

export const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'must be a time of day, as 18:05' });

/** How a customer gets what he collects: over the counter, into the car, or out of a locker. */
export const CollectionWay = z.enum(['counter', 'kerbside', 'locker']);
export type CollectionWay = z.infer<typeof CollectionWay>;

/** More minutes than a fortnight has are a duration in seconds. */
const minutes = z.int().min(0).max(20_160);
const minor = z.int().min(0).max(100_000_000);

const transit = z
  .array(
    z.looseObject({
      upToKm: z.int().min(1).optional().describe('Any distance where it is absent'),
      minDays: z.int().min(0).max(60),
      maxDays: z.int().min(0).max(60),
    }),
  )
  .max(20);

/** How goods get from one place of the house to another, where a customer collects them. */
export const TransferLeg = z.looseObject({
  readyAfterMinutes: minutes.default(60).describe('Opening time the place they leave needs at least'),
  readyWithinMinutes: minutes.default(480).describe('… and at most'),
  cutOff: TimeOfDay.optional().describe('What is ready later leaves on the next day the place is open'),
  transit: transit.describe('Days on the way by distance, the nearest band first'),
  deliveredFrom: TimeOfDay.default('09:00').describe('Clock times there'),
  deliveredUntil: TimeOfDay.default('14:00'),
});
export type TransferLeg = z.infer<typeof TransferLeg>;

/**
 * What a channel promises of one method, and what it asks for it, in one currency. Of several in force the one that came
 * into force last counts, so that a change is added beforehand and never overwrites what was asked before.
 */
export const DeliveryTerms = z.looseObject({
  method: FulfilmentMethod,
  collection: CollectionWay.optional().describe('Of pickup: how; counter unless told'),
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'must be a currency’s code of three letters (ISO 4217), as CNY' }),
  feeMinor: minor.describe('For the first parcel, in minor units'),
  nextParcelMinor: minor.default(0).describe('For each further parcel'),
  perKmMinor: minor.default(0).describe('For each kilometre begun of the longest way'),
  freeFromMinor: minor.optional().describe('Goods worth at least this are delivered free'),
  readyAfterMinutes: minutes.default(0).describe('Opening time a place needs at least to have it ready'),
  readyWithinMinutes: minutes.describe('Opening time a place needs at most, acceptance included'),
  minutesPerKm: z.number().min(0).max(60).default(0).describe('Of a rider or a guide on the way'),
  windowMinutes: minutes.default(0).describe('Added to the latest moment: the promise is a span'),
  cutOff: TimeOfDay.optional().describe('Of a carrier: what is ready later leaves on the next day the place is open'),
  transit: transit
    .optional()
    .describe('Of a carrier: days on the way by distance, the nearest band first; absent = it is ridden at once'),
  deliveredFrom: TimeOfDay.default('09:00').describe('Of a carrier: clock times there'),
  deliveredUntil: TimeOfDay.default('20:00'),
  transfer: TransferLeg.optional().describe('Of pickup: what is not there is brought so; as shipped unless told'),
  validFrom: Instant.optional(),
  validUntil: Instant.optional(),
});
export type DeliveryTerms = z.infer<typeof DeliveryTerms>;
