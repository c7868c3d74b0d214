import { commonConfig, milliseconds } from '@shelfline/service-kit/config';
import { z } from 'zod';

const GIB = 1024 ** 3;

export const ConnectConfig = z.object({
  ...commonConfig,
  PORT: commonConfig.PORT.default(8083),
  IMPORT_FOLDER: z
    .string()
    .min(1)
    .describe('Folder for uploads and rejected rows; durable, and shared when several instances run'),
  IMPORT_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(2 * GIB)
    .describe('Largest upload, unpacked'),
  IMPORT_CHUNK_ROWS: z.coerce.number().int().min(1).max(5000).default(1000).describe('Rows between two saved places'),
  IMPORT_LEASE_MS: milliseconds.default(10_000).describe('An import whose worker is silent this long is taken over'),
  IMPORT_UPLOADS_AT_ONCE: z.coerce.number().int().min(1).max(100).default(4).describe('Further uploads get a 503'),
  IMPORT_RETENTION_DAYS: z.coerce.number().int().min(1).default(30).describe('Rejected rows are kept this long'),
  DELTAS_REQUESTS_AT_ONCE: z.coerce.number().int().min(1).max(1000).default(32).describe('Further requests get a 503'),
  DELTAS_TIMEOUT_MS: milliseconds.default(10_000).describe('Items not confirmed by then come back as unavailable'),
});
export type ConnectConfig = z.infer<typeof ConnectConfig>;
