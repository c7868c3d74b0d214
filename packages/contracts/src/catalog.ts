import { z } from 'zod';
import { AppointmentTerms } from './appointment-terms.js';
import { BuyerTerms } from './buyer-terms.js';
import { CollectionWay, DeliveryTerms, TimeOfDay } from './delivery-terms.js';
import { ChannelCode, LocationCode, OrganisationCode, RegionCode, Sku } from './identifiers.js';
import { LocationType } from './location-type.js';
import { PresaleTerms } from './presale-terms.js';

const text = (max: number) => z.string().min(1).max(max);

/** GS1 General Specifications §7.9: the last digit of a GTIN/GLN makes the 3-1-3-1… sum a multiple of ten. */
export function hasValidCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 1 : 3);
  return sum % 10 === 0;
}
export const Gtin = z
  .string()
  .regex(/^(\d{8}|\d{12}|\d{13}|\d{14})$/, { error: 'must be a GTIN, which has 8, 12, 13 or 14 digits' })
  .refine(hasValidCheckDigit, { error: 'has a wrong check digit; compare it with the source' });
export const Gln = z
  .string()
  .regex(/^\d{13}$/, { error: 'must be a GLN, which has 13 digits' })
  .refine(hasValidCheckDigit, { error: 'has a wrong check digit; compare it with the source' });

/** Compacted topic `catalog.products`, key: sku. */
export const Product = z.looseObject({
  sku: Sku,
  name: text(300),
  nameZh: text(300).optional(),
  brand: text(100).optional(),
  gtin: Gtin.optional(),
  unit: text(20).default('piece'),
  category: text(200).optional(),
  attributes: z.record(z.string().max(60), z.string().max(500)).optional(),
  safetyStock: z.int().min(0).max(1_000_000).optional().describe('Overrides the rule by location and type'),
  active: z.boolean().default(true),
});
export type Product = z.infer<typeof Product>;

export { LocationType };

/** Compacted topic `catalog.locations`, key: code. */
export const Location = z.looseObject({
  code: LocationCode,
  type: LocationType,
  name: text(200),
  nameZh: text(200).optional(),
  gln: Gln.optional(),
  city: text(100),
  region: RegionCode,
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  organisation: OrganisationCode.optional(),
  timeZone: z.string().max(60).default('UTC'),
  openingHours: z
    .array(z.looseObject({ day: z.int().min(1).max(7), opens: TimeOfDay, closes: TimeOfDay }))
    .max(28)
    .optional()
    .describe('ISO weekday, local times'),
  capacityPerDay: z.int().min(0).max(1_000_000).optional(),
  parcelCostMinor: z
    .int()
    .min(0)
    .max(100_000_000)
    .optional()
    .describe('What a parcel from there costs on the average, in minor units; compared when places are chosen'),
  safetyStock: z.int().min(0).max(1_000_000).optional(),
  staleAfterMinutes: z.int().min(1).max(525_600).optional().describe('A figure older than this is not promised'),
  collection: z
    .array(CollectionWay)
    .max(3)
    .optional()
    .describe('How customers collect there; stores over the counter unless told, other places not at all'),
  appointments: AppointmentTerms.optional().describe('Slots that customers may book there, within its opening hours'),
  active: z.boolean().default(true),
});
export type Location = z.infer<typeof Location>;

/** Which locations serve a channel, and how careful it is. Compacted topic `catalog.channels`, key: code. */
export const Channel = z.looseObject({
  code: ChannelCode,
  name: text(200),
  nameZh: text(200).optional(),
  pools: z
    .array(
      z.looseObject({
        code: LocationCode,
        locations: z.array(LocationCode).max(5000).optional().describe('Named places, or …'),
        locationTypes: z.array(LocationType).max(5).optional().describe('… every place of these types'),
        brands: z.array(text(100)).max(500).optional().describe('Only products of these brands'),
        regions: z.array(RegionCode).max(500).optional().describe('Serves only these regions; all unless told'),
        bufferUnits: z.int().min(0).max(1_000_000).default(0).describe('Kept back per SKU and location'),
      }),
    )
    .max(200),
  lowAtUnits: z.int().min(0).max(1_000_000).optional().describe('Status is low at or below this'),
  delivery: z
    .array(DeliveryTerms)
    .max(100)
    .optional()
    .describe('What is promised and asked for each method; as shipped unless told'),
  presale: z
    .array(PresaleTerms)
    .max(100)
    .optional()
    .describe(
      'What it promises of deliveries that have not come yet, to orders that wish `backorder`; nothing unless told',
    ),
  trusted: z.boolean().optional().describe('false: its prices count only as a signed quote says them'),
  active: z.boolean().default(true),
});
export type Channel = z.infer<typeof Channel>;

/** Compacted topic `catalog.organisations`, key: code. */
export const Organisation = z.looseObject({
  code: OrganisationCode,
  name: text(200),
  nameZh: text(200).optional(),
  kind: z.enum(['brand', 'retailer', 'franchise', 'agent', 'marketplace', 'carrier']),
  parent: OrganisationCode.optional(),
  buying: BuyerTerms.optional().describe('On which terms it buys in bulk; absent = it does not'),
  active: z.boolean().default(true),
});
export type Organisation = z.infer<typeof Organisation>;

export const CATALOG_KINDS = ['products', 'locations', 'channels', 'organisations'] as const;
export type CatalogKind = (typeof CATALOG_KINDS)[number];
export const CATALOG_SCHEMAS = {
  products: Product,
  locations: Location,
  channels: Channel,
  organisations: Organisation,
} as const;

/** A change asked of the catalog. Topic `catalog.changes`, key: `kind/code`; `entity` null removes it. */
export const CatalogChange = z.looseObject({
  id: z.string().min(1).max(128),
  source: z.string().min(1).max(64),
  kind: z.enum(CATALOG_KINDS),
  code: z.string().min(1).max(64),
  entity: z.record(z.string(), z.unknown()).nullable(),
  expectedVersion: z.int().optional().describe('Refuse unless the stored version is this one'),
});
export type CatalogChange = z.infer<typeof CatalogChange>;
