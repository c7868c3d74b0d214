import { z } from 'zod';
import { Instant, LocationCode, ReservationId } from './identifiers.js';
import { MAX_LINE_UNITS, messageFields } from './order.js';
import { LineId } from './order-id.js';
import { TransferId } from './transfer.js';

const ofLine = { transferId: TransferId, lineId: LineId, units: z.int().min(1).max(MAX_LINE_UNITS) };

/** Sound units have come to where the order is collected; the ledger has reserved them as it booked them in. */
export const TransferArrived = z.looseObject({
  type: z.literal('transfer_arrived'),
  ...messageFields,
  ...ofLine,
  location: LocationCode,
  reservationId: ReservationId.describe('Under which the ledger holds them'),
  expiresAt: Instant.describe('As it was said to the ledger, so that asking again asks for the same'),
});
export type TransferArrived = z.infer<typeof TransferArrived>;

/** What else becomes of goods that are brought to where an order is collected. */
export const TransferTold = z.looseObject({
  type: z.literal('transfer_told'),
  ...messageFields,
  ...ofLine,
  what: z
    .enum(['shipped', 'late', 'lost', 'refused'])
    .describe('lost = these units do not come; refused = there is no such transfer, and the order’s hold is its own'),
  level: z.int().min(1).optional().describe('Of what is late: the how-manieth reminder'),
  reason: z.string().min(1).max(200).optional(),
});
export type TransferTold = z.infer<typeof TransferTold>;
