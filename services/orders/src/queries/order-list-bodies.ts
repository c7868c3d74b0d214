import { ChannelCode } from '@shelfline/contracts/identifiers';
import { OrderState } from '@shelfline/contracts/order';
import { OrderView } from '@shelfline/contracts/order-view';
import { z } from 'zod';

const MAX_PAGE_ITEMS = 200;
const MAX_EXPORTED_ORDERS = 50_000;

const word = z.string().min(1).max(100).optional();
const instant = z.iso.datetime({ offset: true }).optional();
const filters = {
  store: word.describe('Orders with a task there'),
  member: word,
  channelOrder: word.describe('The number the customer knows, e.g. of a marketplace'),
  state: OrderState.optional(),
  channel: ChannelCode.optional().describe('Of the token, where it names one'),
  placedAfter: instant.describe('Placed then or later'),
  placedBefore: instant.describe('Placed earlier: with `state` it tells what is older than it should be'),
  cursor: z.string().min(1).max(400).optional(),
};

export const OrdersQuery = z.strictObject({
  ...filters,
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_ITEMS).default(50),
  cursor: filters.cursor.describe('`next` of the page before'),
});
export const OrdersPage = z.object({ items: z.array(OrderView), next: z.string().nullable() });

export const ExportQuery = z.strictObject({
  ...filters,
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_EXPORTED_ORDERS)
    .default(MAX_EXPORTED_ORDERS)
    .describe('Most orders; go on with the last `cursor`'),
  cursor: filters.cursor.describe('The last `cursor` of the export before'),
  bom: z.stringbool().default(false).describe('With it Excel reads UTF-8'),
});
