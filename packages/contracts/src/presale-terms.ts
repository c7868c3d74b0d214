import { z } from 'zod';
import { Instant, LocationCode, Sku } from './identifiers.js';
import { LocationType } from './location-type.js';

/**
 * What a channel sells before it is there: for these products it promises units of expected deliveries, never more than
 * are expected. Of several in force that name a product the first one counts.
 */
export const PresaleTerms = z.looseObject({
  skus: z.array(Sku).max(5000).optional().describe('These products, or …'),
  categories: z
    .array(z.string().min(1).max(200))
    .max(500)
    .optional()
    .describe('… those of these categories; all unless told'),
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
