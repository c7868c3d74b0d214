import { LocationCode } from '@shelfline/contracts/identifiers';
import { OrderId } from '@shelfline/contracts/order-id';
import {
  DisposeReturn,
  ExchangeWish,
  ForeignSale,
  InspectReturn,
  ReceiveReturn,
  RequestReturn,
  ReturnId,
  ReturnState,
  ReturnView,
} from '@shelfline/contracts/return';
import { z } from 'zod';

const MAX_PAGE_ITEMS = 200;
const word = z.string().min(1).max(100).optional();
const id = z.string().min(1).max(40).optional().describe('Send it again under the same id where no answer came');
const by = z.string().min(1).max(100).optional().describe('Who does it; of the token unless told');
const store = LocationCode.optional().describe('Where it is done; of the token unless told');
const override = z
  .strictObject({ reason: z.string().min(1).max(200) })
  .optional()
  .describe('Take it in spite of the rule; only of those whom the rule names');

export const RequestBody = z.strictObject({
  id,
  orderId: OrderId.optional().describe('Absent of goods sold elsewhere'),
  returnId: ReturnId,
  lines: RequestReturn.shape.lines,
  by,
  store,
  receivedHere: z.boolean().default(false),
  foreign: ForeignSale.optional(),
  exchange: ExchangeWish.optional(),
  override,
});
export const ReceiveBody = z.strictObject({ id, by, store, lines: ReceiveReturn.shape.lines });
export const InspectBody = z.strictObject({ id, by, store, lines: InspectReturn.shape.lines, override });
export const DisposeBody = z.strictObject({ id, by, store, lines: DisposeReturn.shape.lines });
export const ApproveBody = z.strictObject({ id, by });
export const CancelReturnBody = z.strictObject({ id, by, reason: z.string().min(1).max(200).optional() });

export const ReturnsQuery = z.strictObject({
  store: word.describe('Received there, or asked for there'),
  member: word,
  orderId: word,
  state: ReturnState.optional(),
  channel: word.describe('Which sold it; a token with a channel is shown that one alone'),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_ITEMS).default(50),
  cursor: z.string().min(1).max(400).optional().describe('`next` of the page before'),
});
export const ReturnsPage = z.object({ items: z.array(ReturnView), next: z.string().nullable() });

export const ReturnableQuery = z.strictObject({
  orderId: word.describe('Number of the order, or of the receipt'),
  channelOrder: word.describe('Number of a marketplace or another shop'),
  member: word,
});
export const ReturnableView = z.object({
  items: z.array(
    z.object({
      orderId: OrderId,
      channel: z.string(),
      channelOrder: z.string().optional(),
      placedAt: z.string(),
      lines: z.array(
        z.object({
          lineId: z.string(),
          sku: z.string(),
          returnableUnits: z.int().describe('Has left the house, and is not on its way back'),
        }),
      ),
      returns: z.array(z.object({ returnId: ReturnId, state: ReturnState, store: z.string().optional() })),
    }),
  ),
});
