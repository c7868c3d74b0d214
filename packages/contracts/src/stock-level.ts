import { z } from 'zod';
import { ChannelCode, Instant, LocationCode, RegionCode, Sku } from './identifiers.js';
import { ExpiredUnits, LotLevels } from './lot.js';

/** Topic generation × 2^40 + offset of the record that made the change; grows through restarts and takeovers. */
export const Version = z.int().min(0);
export const VERSIONS_PER_GENERATION = 2 ** 40;
export const versionOf = (generation: number, offset: number): number => generation * VERSIONS_PER_GENERATION + offset;

/** Units of deliveries that are expected together. */
export const ExpectedArrival = z.looseObject({
  units: z.int().min(1),
  expectedAt: Instant.optional().describe('Absent where nobody has told'),
});
export type ExpectedArrival = z.infer<typeof ExpectedArrival>;

/** The stock of one SKU at one location. Units; `available` is never shown below 0. Topic `inventory.levels`. */
export const StockLevel = z.looseObject({
  sku: Sku,
  location: LocationCode,
  onHand: z.int(),
  reserved: z.int(),
  damaged: z.int(),
  qualityControl: z.int(),
  incoming: z.int(),
  promisedIncoming: z
    .int()
    .min(1)
    .optional()
    .describe('Of incoming, what is promised already (backorders, presale); absent = 0'),
  arrivals: z
    .array(ExpectedArrival)
    .optional()
    .describe(
      'Of incoming, what may still be promised, the earliest first, of which nobody has told last; absent where no day was ever told',
    ),
  safetyStock: z.int(),
  available: z.int().min(0),
  version: Version,
  asOf: z.iso.datetime(),
  countedAt: z.iso.datetime().nullable(),
  confidence: z.number().min(0).max(1),
  unreferenced: z.boolean(),
  lots: LotLevels.optional(),
  expired: ExpiredUnits.optional(),
});
export type StockLevel = z.infer<typeof StockLevel>;

export const StockStatus = z.enum(['in_stock', 'low', 'out']);
export type StockStatus = z.infer<typeof StockStatus>;

/** What a channel may promise of a SKU in a region (`all` = every pool of the channel). Topic `inventory.availability`. */
export const Availability = z.looseObject({
  sku: Sku,
  channel: ChannelCode,
  region: RegionCode,
  available: z.int().min(0),
  status: StockStatus,
  version: Version,
  asOf: z.iso.datetime(),
  producedAtMs: z.int().optional().describe('Append time of the delta that caused this, for latency figures; ms UTC'),
});
export type Availability = z.infer<typeof Availability>;

export const DEFAULT_CHANNEL = 'web';
export const ALL_REGIONS = 'all';
export const DEFAULT_LOW_AT_UNITS = 5;

/** A balance may be below zero only where facts outran the ledger (sold more than was known). */
export const LEVEL_BUCKETS = ['onHand', 'reserved', 'damaged', 'qualityControl', 'incoming'] as const;
export type LevelBucket = (typeof LEVEL_BUCKETS)[number];
