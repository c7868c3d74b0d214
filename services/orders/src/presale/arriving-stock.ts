import type { LocationType } from '@shelfline/contracts/catalog';
import type { Placed } from '../domain/placed.js';
import type { Arriving, ArrivingStock } from '../domain/presale/arriving.js';
import { findPresale, takesPlace } from '../domain/presale/find-presale.js';
import { servesAhead } from '../domain/presale/served-ahead.js';
import { onlyPlaceFor } from '../domain/sourcing/filter-places.js';
import type { SourcingRule } from '../domain/sourcing/sourcing-rule.js';
import type { PromisableStock } from '../promisable-stock.js';

/** Guaranteed places first and of equals the one that is delivered first, as the ledger takes them. */
const RANK: Readonly<Record<LocationType, number>> = {
  ecommerce_dc: 0,
  regional_dc: 1,
  factory_dc: 2,
  store: 3,
  agent: 4,
};

/** What of a product is on its way and may be promised to an order, by the terms of its channel. */
export function findArriving(
  stock: Pick<PromisableStock, 'findPresale' | 'categoryOf' | 'arrivingOf'>,
  placed: Pick<Placed, 'channel' | 'method' | 'destination' | 'store'>,
  sku: string,
  { nowMs, rule }: { readonly nowMs: number; readonly rule: Pick<SourcingRule, 'filters'> },
): ArrivingStock | undefined {
  // Who stands in the shop takes what is there.
  if (placed.method === 'carry_out') return undefined;
  const terms = findPresale(stock.findPresale(placed.channel) ?? [], { sku, category: stock.categoryOf(sku) }, nowMs);
  if (!terms) return undefined;
  const scope = { channel: placed.channel, region: placed.destination?.region, onlyAt: onlyPlaceFor(placed) };
  const mayServe = servesAhead(placed, rule, nowMs);
  const places = stock
    .arrivingOf(sku, scope)
    .filter(
      ({ place: { location } }) => takesPlace(terms, location) && mayServe({ ...location, location: location.code }),
    )
    .map(({ place: { location }, units, arrivals }) => ({
      location: location.code,
      units,
      rank: RANK[location.type],
      ...(arrivals ? { arrivals } : {}),
    }))
    .sort((a, b) => a.rank - b.rank || firstAtMs(a) - firstAtMs(b) || (a.location < b.location ? -1 : 1));
  return { places, handlingDays: terms.handlingDays };
}

const firstAtMs = ({ arrivals }: Arriving): number => arrivals?.[0]?.atMs ?? Number.MAX_SAFE_INTEGER;
