import type { ExpectedArrival } from '@shelfline/contracts/stock-level';
import { promisableArrivals } from './domain/incoming-promises.js';
import { instantOf } from './domain/instant.js';
import type { Level } from './domain/stock.js';

/** What others may be promised of deliveries, by its day; nothing where no document told one, as of most levels. */
export function arrivalsShown(level: Level): { arrivals?: ExpectedArrival[] } {
  if (!level.expected.some(({ atMs }) => atMs !== undefined)) return {};
  const arrivals = promisableArrivals(level).map(({ units, atMs }) => ({
    units,
    ...(atMs === undefined ? {} : { expectedAt: instantOf(atMs) }),
  }));
  return arrivals.length > 0 ? { arrivals } : {};
}
