import { type Order, uncoveredLines } from '../order.js';
import { awaitedSkus } from './backorder-state.js';

/** Of which more is news to the order: nothing stands behind it, or only a delivery that has not come. */
export const skusWaitedFor = (order: Order): string[] => [
  ...new Set([
    ...(order.retryAtMs === undefined ? [] : uncoveredLines(order).map(({ sku }) => sku)),
    ...awaitedSkus(order),
  ]),
];
