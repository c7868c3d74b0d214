import { z } from 'zod';
import { EventId, LocationCode, ReservationId, Sku, SourceName } from './identifiers.js';
import { LineId, MAX_LINE_UNITS, MAX_LINES, OrderId } from './order.js';
import { Allocation } from './stock-outcome.js';

export const TransferId = OrderId.describe(
  'Identifier of a transfer, chosen by whoever asks for it; unique in the brand',
);
export const TransferPurpose = z.enum(['replenishment', 'pickup', 'endless_aisle', 'return', 'rebalancing']);
export type TransferPurpose = z.infer<typeof TransferPurpose>;

export const TransferState = z.enum([
  'REQUESTED',
  'RESERVING',
  'APPROVED',
  'IN_TRANSIT',
  'CLOSED',
  'REJECTED',
  'CANCELLED',
]);
export type TransferState = z.infer<typeof TransferState>;

const Units = z.int().min(0).max(MAX_LINE_UNITS);
const Reason = z.string().min(1).max(200);
const fields = {
  id: EventId,
  source: SourceName,
  transferId: TransferId,
  by: z.string().min(1).max(100).optional().describe('Who says so, as the place knows him'),
  place: LocationCode.optional().describe('For which place he speaks; absent = for the brand'),
};
const hasOneOfEachLine = ({ lines }: { lines?: readonly { lineId: string }[] | undefined }) =>
  lines === undefined || new Set(lines.map(({ lineId }) => lineId)).size === lines.length;
const ONE_EACH = { path: ['lines'], error: 'must each have a lineId of its own' };

/** Asks for goods to be brought from one place to another. Topic `transfers.intake`, key: transferId. */
export const RequestTransfer = z
  .looseObject({
    type: z.literal('request'),
    ...fields,
    from: LocationCode,
    to: LocationCode,
    purpose: TransferPurpose,
    orderId: OrderId.optional().describe('The order it is for, or of which it came back'),
    returnId: z.string().min(1).max(20).optional().describe('The return of that order that it brings to its place'),
    lines: z
      .array(
        z.looseObject({
          lineId: LineId,
          sku: Sku,
          quantity: Units.min(1),
          heldAs: ReservationId.optional().describe(
            'Reserved where it leaves already; it is the transfer’s from now on',
          ),
        }),
      )
      .min(1)
      .max(MAX_LINES),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'must be another place than from' })
  .refine(hasOneOfEachLine, ONE_EACH);
export type RequestTransfer = z.infer<typeof RequestTransfer>;

/** Without lines everything that is held leaves. */
export const ShipTransfer = z
  .looseObject({
    type: z.literal('ship'),
    ...fields,
    lines: z
      .array(z.looseObject({ lineId: LineId, quantity: Units }))
      .min(1)
      .max(MAX_LINES)
      .optional(),
    tracking: z.string().min(1).max(100).optional(),
  })
  .refine(hasOneOfEachLine, ONE_EACH);

export const ReceivedLine = z
  .looseObject({
    lineId: LineId,
    quantity: Units.describe('Pieces that came, damaged ones among them'),
    damaged: Units.default(0),
    reason: Reason.optional().describe('What is wrong with the damaged ones, or why there are more'),
  })
  .refine(({ quantity, damaged }) => damaged <= quantity, {
    path: ['damaged'],
    error: 'must not be more than quantity',
  });
export const ReceiveTransfer = z
  .looseObject({ type: z.literal('receive'), ...fields, lines: z.array(ReceivedLine).min(1).max(MAX_LINES) })
  .refine(hasOneOfEachLine, ONE_EACH);

const step = <T extends string>(type: T) =>
  z.looseObject({ type: z.literal(type), ...fields, reason: Reason.optional() });

/** The order does not want it any more: what has not left stays, what is under way comes as anybody's. */
export const WithdrawTransfer = z.looseObject({
  type: z.literal('withdraw'),
  ...fields,
  lines: z.array(LineId).min(1).max(MAX_LINES).describe('Which of its lines'),
});

/** Facts outran the ledger: what stood behind a line was sold by a till. */
export const TransferReservationEndangered = z.looseObject({
  type: z.literal('reservation_endangered'),
  ...fields,
  reservationId: ReservationId,
  sku: Sku,
  location: LocationCode,
  shortUnits: z.int().min(1),
});
export type TransferReservationEndangered = z.infer<typeof TransferReservationEndangered>;

/** The ledger's answer to what a transfer asked of it, brought to the transfer's partition. */
export const TransferReservationAnswered = z.looseObject({
  type: z.literal('reservation_answered'),
  ...fields,
  reservationId: ReservationId,
  command: z.string().min(1).max(20),
  result: z.enum(['accepted', 'partial', 'refused', 'unchanged']),
  allocations: z.array(Allocation).max(500),
  reason: z.string().max(200).optional(),
});
export type TransferReservationAnswered = z.infer<typeof TransferReservationAnswered>;

export const TransferMessage = z.discriminatedUnion('type', [
  RequestTransfer,
  step('approve'),
  step('reject'),
  ShipTransfer,
  ReceiveTransfer,
  step('close').describe('What has not come by now is missing'),
  step('cancel').describe('What has not left stays'),
  step('turn_back').describe('What is in transit is back at the place it left'),
  WithdrawTransfer,
  TransferReservationAnswered,
  TransferReservationEndangered,
]);
export type TransferMessage = z.infer<typeof TransferMessage>;
export type TransferRequestType = Exclude<
  TransferMessage['type'],
  'withdraw' | 'reservation_answered' | 'reservation_endangered'
>;

/** A transfer that one of these describes needs nobody's approval. What a rule leaves out, it does not ask for. */
export const ApprovalRule = z.strictObject({
  purposes: z.array(TransferPurpose).min(1).optional(),
  from: z.array(LocationCode).min(1).optional(),
  to: z.array(LocationCode).min(1).optional(),
  mostUnits: z.int().min(1).describe('Of all lines together'),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;
