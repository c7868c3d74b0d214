import { LONGEST_HOLD_MS } from '@shelfline/contracts/identifiers';
import { commonConfig } from '@shelfline/service-kit/config';
import { z } from 'zod';

const units = z.coerce.number().int().min(0).max(1_000_000);

export const InventoryConfig = z.object({
  ...commonConfig,
  PORT: commonConfig.PORT.default(8082),
  MONGODB_DATABASE: commonConfig.MONGODB_DATABASE.default('shelfline_inventory'),
  MAX_BATCH_RECORDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5000)
    .default(2000)
    .describe('Records decided in one transaction'),
  PARTITION_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(12)
    .describe('Partitions worked on at the same time; those decided together share a transaction'),
  TICK_EVERY_MS: z.coerce
    .number()
    .int()
    .min(50)
    .max(60_000)
    .default(1000)
    .describe('How often time passes for expiry and re-evaluation'),
  SAFETY_STOCK_STORE: units
    .default(0)
    .describe('Units kept back per SKU in a store, unless product or location say otherwise'),
  SAFETY_STOCK_WAREHOUSE: units.default(0).describe('Units kept back per SKU in a warehouse or at an agent'),
  FACTORY_STALE_AFTER_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(86_400_000)
    .describe('A factory figure older than this is not promised'),
  LONGEST_HOLD_MS: z.coerce
    .number()
    .int()
    .min(60_000)
    .max(365 * 24 * 60 * 60 * 1000)
    .default(LONGEST_HOLD_MS)
    .describe('How far ahead the expiresAt of a reservation may be; later ones are refused'),
  FEED_QUIET_AFTER_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(900_000)
    .describe('A feed silent for this long raises a risk event'),
  SEQUENCE_GAP_AFTER_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(60_000)
    .describe('A number of a source that is missing for this long raises a risk event'),
  AUDIT_EVERY_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(30_000)
    .describe('How often a sample of levels is compared with its movements; 0 = never'),
  AUDIT_SKUS: z.coerce.number().int().min(1).max(10_000).default(50).describe('SKUs compared at a time'),
  ANSWER_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(10_000)
    .describe('How long a REST call waits for the ledger’s answer'),
});
export type InventoryConfig = z.infer<typeof InventoryConfig>;
