import type { PoolMembership } from '@shelfline/contracts/channel-pools';
import type { StockStatus } from '@shelfline/contracts/stock-level';
import { expiredUnits } from './calendar-day.js';
import { confidenceOf } from './confidence.js';
import { type LocationFacts, type ProductFacts, type Reference, type SafetyRule, safetyStockOf } from './reference.js';
import type { Level, Stock } from './stock.js';

/** Time, trust and rules at the moment of a decision. */
export interface PromiseContext {
  readonly reference: Reference;
  readonly safety: SafetyRule;
  readonly nowMs: number;
  /** When a feed last said that this location's figures hold; 0 = never. */
  readonly confirmedAtMs: (location: string) => number;
}

/** Never below 0. */
export const availableOf = (level: Level, safetyStock: number, expired: number): number =>
  Math.max(0, level.onHand - level.reserved - level.damaged - level.qualityControl - safetyStock - expired);

export function isStale(level: Level, location: LocationFacts, { nowMs, confirmedAtMs }: PromiseContext): boolean {
  if (location.staleAfterMs === null) return false;
  return nowMs - Math.max(level.asOfMs, confirmedAtMs(level.location)) > location.staleAfterMs;
}

/** Units that may be promised from a level by name: no buffer, no discount for trust, but nothing fenced for others. */
export function promisableOf(
  level: Level,
  location: LocationFacts,
  product: ProductFacts,
  channel: string | null,
  context: PromiseContext,
): number {
  if (!location.active || !product.active || isStale(level, location, context)) return 0;
  const expired = expiredUnits(level, location, context.nowMs);
  const available = availableOf(level, safetyStockOf(product, location, context.safety), expired);
  return Math.max(0, available - fencedForOthers(level, channel));
}

/** Units a channel may show and take from a level: floor((available − buffer) × confidence). */
export function channelUnitsOf(
  level: Level,
  location: LocationFacts,
  product: ProductFacts,
  membership: PoolMembership,
  context: PromiseContext,
): number {
  if (membership.brands !== null && (product.brand === null || !membership.brands.has(product.brand))) return 0;
  const promisable = promisableOf(level, location, product, membership.channel, context);
  if (promisable <= membership.bufferUnits) return 0;
  return Math.floor((promisable - membership.bufferUnits) * confidenceOf(level, location, context.nowMs));
}

function fencedForOthers(level: Level, channel: string | null): number {
  let units = 0;
  for (const fencedFor in level.ringFences) if (fencedFor !== channel) units += level.ringFences[fencedFor]!;
  return units;
}

export interface Shown {
  readonly channel: string;
  readonly region: string;
  readonly available: number;
  readonly status: StockStatus;
}

/**
 * What each channel shows of a SKU, by `channel|region`. Empty while the catalog does not know the SKU: it is neither
 * promised nor pushed.
 */
export function availabilityOf(stock: Stock, context: PromiseContext): Map<string, Shown> {
  const shown = new Map<string, Shown>();
  const product = context.reference.findProduct(stock.sku);
  if (!product) return shown;
  const sums = new Map<string, { membership: PoolMembership; units: number }>();
  stock.levels.forEach((level) => {
    const location = context.reference.findLocation(level.location);
    if (!location) return;
    for (const membership of location.serves) {
      const { key } = membership;
      const units = channelUnitsOf(level, location, product, membership, context);
      const sum = sums.get(key);
      if (sum) sum.units += units;
      else sums.set(key, { membership, units });
    }
  });
  for (const [key, { membership, units }] of sums) {
    const channel = context.reference.findChannel(membership.channel);
    const available = channel?.active === false ? 0 : units;
    const lowAt = channel?.lowAtUnits ?? 0;
    const status = available === 0 ? 'out' : available <= lowAt ? 'low' : 'in_stock';
    shown.set(key, { channel: membership.channel, region: membership.region, available, status });
  }
  return shown;
}

/** The figures that are stored and published with a level; `expired` is absent where no unit is. */
export interface ShownFigures {
  readonly safetyStock: number;
  readonly available: number;
  readonly confidence: number;
  readonly unreferenced: boolean;
  readonly expired?: number;
}

export function shownFigures(
  sku: string,
  level: Level,
  reference: Reference,
  safety: SafetyRule,
  nowMs: number,
): ShownFigures {
  const product = reference.findProduct(sku);
  const location = reference.findLocation(level.location);
  const safetyStock = safetyStockOf(product, location, safety);
  const expired = expiredUnits(level, location, nowMs);
  const figures = {
    safetyStock,
    available: availableOf(level, safetyStock, expired),
    confidence: confidenceOf(level, location, nowMs),
    unreferenced: !product || !location,
  };
  return expired > 0 ? { ...figures, expired } : figures;
}
