import type { LocationType } from '@shelfline/contracts/catalog';
import type { PoolMembership } from '@shelfline/contracts/channel-pools';

/** What decisions need to know of the catalog, as it stood when the batch began. Immutable. */
export interface Reference {
  findProduct(sku: string): ProductFacts | undefined;
  findLocation(code: string): LocationFacts | undefined;
  findChannel(code: string): ChannelFacts | undefined;
  /** Differs when places or channels differ: every SKU is looked at again then. Products are, one by one. */
  readonly fingerprint: string;
  /** The date in every zone that has a place, as one text: at its change lots expire and every SKU is looked at again. */
  daysAt(ms: number): string;
  /** From the moment of the decision on, a reservation may ask to be held no longer. */
  readonly longestHoldMs: number;
}

export interface ProductFacts {
  readonly brand: string | null;
  readonly safetyStock: number | null;
  readonly active: boolean;
}

export interface LocationFacts {
  readonly code: string;
  readonly type: LocationType;
  readonly active: boolean;
  /** IANA name: lots expire when their last day is over there. */
  readonly timeZone: string;
  readonly safetyStock: number | null;
  /** Its figure is promised only while it is younger than this; null = whatever its age. */
  readonly staleAfterMs: number | null;
  readonly serves: readonly PoolMembership[];
}

export interface ChannelFacts {
  readonly code: string;
  readonly active: boolean;
  readonly lowAtUnits: number;
}

/** An e-commerce warehouse is kept for online demand: what a customer carries out of a shop cannot come from it. */
export const isBarred = ({ type }: LocationFacts, demand: 'online' | 'carry_out' | null | undefined): boolean =>
  demand === 'carry_out' && type === 'ecommerce_dc';

/** Guaranteed places first (design: the order in which a channel's stock is taken). */
export const TYPE_RANK: Readonly<Record<LocationType, number>> = {
  ecommerce_dc: 0,
  regional_dc: 1,
  factory_dc: 2,
  store: 3,
  agent: 4,
};

export interface SafetyRule {
  readonly storeUnits: number;
  readonly warehouseUnits: number;
}

/** The product's own figure wins, then the location's, then the rule for its type. */
export function safetyStockOf(
  product: ProductFacts | undefined,
  location: LocationFacts | undefined,
  rule: SafetyRule,
): number {
  return (
    product?.safetyStock ??
    location?.safetyStock ??
    (location === undefined ? 0 : location.type === 'store' ? rule.storeUnits : rule.warehouseUnits)
  );
}
