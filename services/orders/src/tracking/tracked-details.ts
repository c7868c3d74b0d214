import { Sku } from '@shelfline/contracts/identifiers';
import { z } from 'zod';
import type { Order } from '../domain/order.js';
import type { StoreTerms } from '../domain/store/store-terms.js';
import { HandoverView, handoverView } from '../handover/handover-views.js';

/** What a link shows beside the order's live states: nothing of it is on a topic. */
export const TrackedDetails = z.object({
  orderId: z.string(),
  promisedBy: z.iso.datetime({ offset: true }).optional().describe('The customer was promised to have it by then'),
  products: z.array(z.object({ sku: Sku, name: z.string(), nameZh: z.string().optional() })),
  waiting: HandoverView.shape.waiting.describe('What waits to be collected, with what the customer shows to get it'),
});
export type TrackedDetails = z.infer<typeof TrackedDetails>;

export interface ProductNames {
  findProductNames(sku: string): { readonly name: string; readonly nameZh?: string } | undefined;
}

export function trackedDetails(order: Order, names: ProductNames, terms: StoreTerms): TrackedDetails {
  const { promisedBy } = order.placed;
  const skus = [...new Set(order.lines.map(({ sku }) => sku))];
  return {
    orderId: order.orderId,
    ...(promisedBy === undefined ? {} : { promisedBy }),
    products: skus.flatMap((sku) => {
      const known = names.findProductNames(sku);
      return known ? [{ sku, ...known }] : [];
    }),
    waiting: handoverView(order, terms).waiting,
  };
}
