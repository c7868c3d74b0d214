import { commonConfig } from '@shelfline/service-kit/config';
import { z } from 'zod';

export const CatalogConfig = z.object({
  ...commonConfig,
  PORT: commonConfig.PORT.default(8081),
  MONGODB_DATABASE: commonConfig.MONGODB_DATABASE.default('shelfline_catalog'),
});
export type CatalogConfig = z.infer<typeof CatalogConfig>;
