import { loadConfig } from '@shelfline/service-kit/config';
import { bootstrap } from '@shelfline/service-kit/http';
import { buildCatalog } from './catalog.module.js';
import { CatalogConfig } from './config.js';

/** 5,000 entities of a few hundred bytes each; one entity is at most 64 KiB. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
/** A CSV import is read no faster than its rows are applied. */
const REQUEST_TIMEOUT_MS = 15 * 60 * 1000;

await bootstrap({
  name: 'catalog',
  description: 'Products, places, channels and organisations: the reference data every other service reads.',
  config: loadConfig(CatalogConfig),
  bodyLimitBytes: BODY_LIMIT_BYTES,
  requestTimeoutMs: REQUEST_TIMEOUT_MS,
  build: buildCatalog,
});
