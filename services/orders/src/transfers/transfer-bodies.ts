import { LocationCode, Sku } from '@shelfline/contracts/identifiers';
import { LineId, MAX_LINE_UNITS, MAX_LINES, OrderId } from '@shelfline/contracts/order';
import { ReceivedLine, TransferId, TransferPurpose, TransferState } from '@shelfline/contracts/transfer';
import { TransferView } from '@shelfline/contracts/transfer-view';
import { z } from 'zod';

const MAX_PAGE_ITEMS = 200;
const Quantity = z.int().min(0).max(MAX_LINE_UNITS);
const By = z.string().min(1).max(100).optional().describe('Who says so, as the place knows him');
const Id = z
  .string()
  .min(1)
  .max(64)
  .optional()
  .describe('Names this request, so that it can be sent again without being done again');

export const RequestBody = z.strictObject({
  transferId: TransferId,
  from: LocationCode,
  to: LocationCode,
  purpose: TransferPurpose,
  orderId: OrderId.optional(),
  lines: z
    .array(z.strictObject({ lineId: LineId, sku: Sku, quantity: Quantity.min(1) }))
    .min(1)
    .max(MAX_LINES),
  by: By,
});
export const DecideBody = z.strictObject({ id: Id, by: By, reason: z.string().min(1).max(200).optional() });
export const ShipBody = z.strictObject({
  id: Id,
  by: By,
  lines: z
    .array(z.strictObject({ lineId: LineId, quantity: Quantity }))
    .min(1)
    .max(MAX_LINES)
    .optional()
    .describe('What leaves; everything that is reserved unless told'),
  tracking: z.string().min(1).max(100).optional(),
});
export const ReceiveBody = z.strictObject({ id: Id, by: By, lines: z.array(ReceivedLine).min(1).max(MAX_LINES) });

const place = LocationCode.optional();
const limit = z.coerce.number().int().min(1).max(MAX_PAGE_ITEMS).default(50);
const cursor = z.string().min(1).max(400).optional().describe('`next` of the page before');
export const TransfersQuery = z.strictObject({
  from: place,
  to: place,
  state: TransferState.optional(),
  order: OrderId.optional().describe('For this order, or of what came back of it'),
  overdue: z.literal('true').optional().describe('Only what nobody has gone on with in time'),
  requestedBefore: z.iso.datetime({ offset: true }).optional(),
  limit,
  cursor,
});
export const TransfersPage = z.object({ items: z.array(TransferView), next: z.string().nullable() });

export const OnTheirWayQuery = z.strictObject({
  sku: Sku.optional(),
  location: place.describe('Where they go'),
  limit,
  cursor,
});
export const OnTheirWayPage = z.object({
  items: z.array(
    z.object({ sku: Sku, from: LocationCode, to: LocationCode, transferId: TransferId, units: z.int().min(1) }),
  ),
  next: z.string().nullable(),
});
