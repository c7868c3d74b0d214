import type { OrderContext, OrderDraft } from '../decision.js';
import type { RefusedStock } from './refused-stock.js';

interface Refused {
  /** Absent = all of the order. */
  readonly skus?: readonly string[];
  readonly isSilent?: true;
}

/** The place is left out from now on, until it has news. */
export function refusePlace(
  draft: OrderDraft,
  location: string,
  { findStock, atMs }: OrderContext,
  { skus, isSilent }: Refused = {},
): void {
  const all = skus ?? [...new Set(draft.order.lines.map(({ sku }) => sku))];
  const had = all.map((sku): RefusedStock => {
    const units = findStock?.(sku, location)?.onHand ?? 0;
    return { location, sku, units, atMs, ...(isSilent ? { isSilent } : {}) };
  });
  draft.add({ type: 'place_refused', location, ...(skus ? { skus } : {}), had });
}
