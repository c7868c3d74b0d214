import { z } from 'zod';
import { Instant, LocationCode } from './identifiers.js';
import { LocationType } from './location-type.js';
import { productChoice } from './product-choice.js';

/**
 * What a channel sells before it is there: for these products it promises units of expected deliveries, never more than
 * are expected. Of several in force that name a product the first one counts.
 */
export const PresaleTerms = z.looseObject({
  ...productChoice,
  locations: z.array(LocationCode).max(500).optional().describe('Deliveries to these places, or …'),
  locationTypes: z
    .array(LocationType)
    .max(5)
    .optional()
    .describe(
      '… to places of these types; warehouses unless told, since what is on its way to a store is awaited there',
    ),
  handlingDays: z
    .int()
    .min(0)
    .max(60)
    .default(1)
    .describe('From when the goods come in until they leave for the customer'),
  validFrom: Instant.optional(),
  validUntil: Instant.optional(),
});
export type PresaleTerms = z.infer<typeof PresaleTerms>;
