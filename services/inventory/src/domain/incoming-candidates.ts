import type { Reserve } from '@shelfline/contracts/stock-delta';
import { DEFAULT_CHANNEL } from '@shelfline/contracts/stock-level';
import type { PromiseContext } from './availability.js';
import { expectedBy } from './expectations.js';
import { promisableIncoming } from './incoming-promises.js';
import { isBarred, type LocationFacts, type ProductFacts, TYPE_RANK } from './reference.js';
import type { Candidate, Level, Stock } from './stock.js';

/**
 * Places whose deliveries may be promised: those that are named, in their order, or those of the channel's pools,
 * guaranteed places first and of equals the one that is delivered first. Buffers and trust are about what stands there.
 */
export function incomingCandidates(
  { locations, channel = DEFAULT_CHANNEL, demand }: Reserve,
  stock: Stock,
  product: ProductFacts,
  { reference }: PromiseContext,
): readonly Candidate[] | string {
  if (locations) {
    const candidates: Candidate[] = [];
    for (const code of new Set(locations)) {
      const location = reference.findLocation(code);
      if (!location) return 'unknown_location';
      const level = stock.levels.get(code);
      if (level && !isBarred(location, demand))
        candidates.push({ location: code, units: unitsOf(level, location, product) });
    }
    return candidates;
  }
  const facts = reference.findChannel(channel);
  if (!facts) return 'unknown_channel';
  if (!facts.active) return 'inactive_channel';
  return [...stock.levels.values()]
    .flatMap((level) => {
      const location = reference.findLocation(level.location);
      if (!location || isBarred(location, demand) || !isServed(location, channel, product)) return [];
      const units = unitsOf(level, location, product);
      return units > 0 ? [{ level, units, rank: TYPE_RANK[location.type] }] : [];
    })
    .sort((a, b) => a.rank - b.rank || firstAtMs(a.level) - firstAtMs(b.level) || compare(a.level, b.level))
    .map(({ level, units }) => ({ location: level.location, units }));
}

const unitsOf = (level: Level, location: LocationFacts, product: ProductFacts): number =>
  location.active && product.active ? promisableIncoming(level) : 0;

const isServed = ({ serves }: LocationFacts, channel: string, { brand }: ProductFacts): boolean =>
  serves.some(
    (pool) => pool.channel === channel && (pool.brands === null || (brand !== null && pool.brands.has(brand))),
  );

const firstAtMs = ({ expected }: Level): number => expectedBy(expected, 1) ?? Number.MAX_SAFE_INTEGER;
const compare = (a: Level, b: Level): number => (a.location < b.location ? -1 : 1);
