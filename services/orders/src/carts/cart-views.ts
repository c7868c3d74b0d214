import type { StoredCart } from '@shelfline/contracts/cart';
import type { PromisableStock } from '../promisable-stock.js';
import type { CartQuery, CartView } from './cart-bodies.js';

/** The cart with what of it could be promised here and now. It never tells more than is in the cart. */
export function cartView(
  memberId: string,
  cart: StoredCart | undefined,
  stock: Pick<PromisableStock, 'stockOf' | 'sells'>,
  { channel, store, region }: CartQuery & { readonly channel: string },
): CartView {
  if (!cart) return { memberId, lines: [], orders: [], version: 0 };
  const { lines, orders, changedAt, expiresAt, version } = cart;
  const units = new Map<string, number>();
  const skus = lines.map(({ sku }) => sku);
  for (const place of stock.stockOf(skus, { channel, region, onlyAt: store }))
    for (const [sku, there] of place.units) units.set(sku, (units.get(sku) ?? 0) + there);
  return {
    memberId,
    lines: lines.map((line) => {
      const isSold = stock.sells(line.sku);
      const availableUnits = isSold ? Math.min(line.quantity, units.get(line.sku) ?? 0) : 0;
      const some = availableUnits === 0 ? ('no' as const) : ('some' as const);
      const available = !isSold ? ('not_sold' as const) : availableUnits === line.quantity ? ('yes' as const) : some;
      return { ...line, available, availableUnits };
    }),
    orders,
    changedAt,
    expiresAt,
    version,
  };
}
