import { z } from 'zod';
import { ChannelCode, Sku } from './identifiers.js';
import { MAX_LINE_UNITS, MAX_LINES, MAX_PRICE_MINOR, OrderId } from './order.js';

/** `typ` of its header: a token of another kind is no quote. */
export const QUOTE_TYPE = 'quote+jwt';

/** What pricing signs (JWS in compact form, EdDSA): prices that hold until `exp`, for this channel and currency. */
export const Quote = z.looseObject({
  exp: z.int().min(0).describe('Seconds since 1970'),
  channel: ChannelCode,
  currency: z.string(),
  orderId: OrderId.optional().describe('Holds for this order alone'),
  lines: z
    .array(
      z.looseObject({
        sku: Sku,
        unitPriceMinor: z.int().min(0).max(MAX_PRICE_MINOR),
        quantity: z.int().min(1).max(MAX_LINE_UNITS).optional().describe('Holds for so many at most'),
      }),
    )
    .min(1)
    .max(MAX_LINES),
});
export type Quote = z.infer<typeof Quote>;
