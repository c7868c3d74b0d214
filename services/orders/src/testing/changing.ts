import type { ChangeOrder } from '@shelfline/contracts/order-change';
import { ORDER_ID } from './order-cases.js';

/** `{ A: 2 }`: two of `line-A` from now on. */
export const changing = (
  quantities: Readonly<Record<string, number>> = {},
  over: Partial<ChangeOrder> = {},
): ChangeOrder => {
  const lines = Object.entries(quantities).map(([sku, quantity]) => ({ lineId: `line-${sku}`, quantity }));
  return {
    type: 'change',
    id: `change/${JSON.stringify([quantities, over.method, over.store])}`,
    source: 'shop',
    orderId: ORDER_ID,
    ...(lines.length > 0 ? { lines } : {}),
    ...over,
  };
};
