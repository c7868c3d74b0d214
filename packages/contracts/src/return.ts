import { z } from 'zod';
import { ChannelCode, EventId, LocationCode, Sku, SourceName } from './identifiers.js';
import { LineId, OrderId } from './order-id.js';
import { Version } from './stock-level.js';

export const ReturnId = OrderId.max(20).describe(
  'Identifier of a return within its order, chosen by whoever asks for it',
);
export const ReturnState = z.enum(['HELD', 'REQUESTED', 'RECEIVED', 'CLOSED', 'CANCELLED']);
export type ReturnState = z.infer<typeof ReturnState>;

/** As the store finds the piece. Which of them are paid back and put on sale again is a rule. */
export const ReturnCondition = z.enum(['as_new', 'opened', 'damaged', 'faulty', 'wrong_item']);
export type ReturnCondition = z.infer<typeof ReturnCondition>;
export const Disposition = z.enum(['restock', 'transfer', 'quality_control', 'write_off', 'hand_back']);
export type Disposition = z.infer<typeof Disposition>;

const MAX_RETURN_LINES = 50;
const MAX_UNITS_A_LINE = 10_000;
const ReturnUnits = z.int().min(1).max(MAX_UNITS_A_LINE);
const text = (max: number) => z.string().min(1).max(max);
const By = text(100).describe('Who did it, as the store or the system knows him');
const messageFields = { id: EventId, source: SourceName, orderId: OrderId, returnId: ReturnId };

/** Goods of a shop whose orders are not known here. Its channel is told to pay back what it took. */
export const ForeignSale = z.strictObject({
  channel: ChannelCode.describe('Who sold it'),
  number: z
    .string()
    .max(50)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, { error: 'may hold letters, digits and . _ - only' })
    .describe('The order number of that shop, as its customer knows it'),
});
export type ForeignSale = z.infer<typeof ForeignSale>;
/** A number holds no `:`, so the last one divides: no two sales share an id. */
export const foreignOrderId = ({ channel, number }: ForeignSale): string => `foreign:${channel}:${number}`;

export const ReturnLine = z.strictObject({
  lineId: LineId,
  units: ReturnUnits,
  sku: Sku.optional().describe('Needed of goods sold elsewhere; otherwise it must be the line’s own'),
  reason: text(200).optional(),
});
export type ReturnLine = z.infer<typeof ReturnLine>;
const oneOfEach = (lines: readonly { readonly lineId: string }[]) =>
  new Set(lines.map(({ lineId }) => lineId)).size === lines.length;
const listOf = <T extends z.ZodType<{ lineId: string }>>(line: T) =>
  z.array(line).min(1).max(MAX_RETURN_LINES).refine(oneOfEach, { error: 'must name each line once' });

/** The order of an exchange is placed once the inspection has accepted what it replaces. */
export const ExchangeWish = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        lineId: LineId,
        sku: Sku,
        quantity: ReturnUnits,
        unitPriceMinor: z.int().min(0).max(100_000_000),
      }),
    )
    .min(1)
    .max(MAX_RETURN_LINES)
    .refine(oneOfEach, { error: 'must name each line once' }),
  store: LocationCode.optional().describe('Where it is collected; sent to the order’s destination unless told'),
});
export type ExchangeWish = z.infer<typeof ExchangeWish>;

/** A member of head office (or whom the rule names) takes it in spite of the rule; both are kept. */
export const Override = z.strictObject({ by: By, role: text(20), reason: text(200) });

export const RequestReturn = z.looseObject({
  type: z.literal('return_requested'),
  ...messageFields,
  lines: listOf(ReturnLine),
  by: By,
  store: LocationCode.optional().describe('Who asks, where it is a store'),
  receivedHere: z.boolean().default(false).describe('The pieces lie on the counter of `store`: received at once'),
  foreign: ForeignSale.optional(),
  exchange: ExchangeWish.optional(),
  override: Override.optional(),
});
export type RequestReturn = z.infer<typeof RequestReturn>;

export const ReceiveReturn = z.looseObject({
  type: z.literal('return_received'),
  ...messageFields,
  store: LocationCode,
  by: By,
  lines: listOf(ReturnLine.omit({ reason: true })),
});
export type ReceiveReturn = z.infer<typeof ReceiveReturn>;

export const InspectedLine = z.strictObject({
  lineId: LineId,
  units: ReturnUnits,
  condition: ReturnCondition,
  photos: z.array(text(300)).max(20).optional().describe('References to photos, as the store of photos names them'),
  note: text(500).optional(),
});
export type InspectedLine = z.infer<typeof InspectedLine>;
export const InspectReturn = z.looseObject({
  type: z.literal('return_inspected'),
  ...messageFields,
  store: LocationCode,
  by: By,
  lines: listOf(InspectedLine),
  override: Override.optional(),
});
export type InspectReturn = z.infer<typeof InspectReturn>;

export const DisposedLine = z.strictObject({
  lineId: LineId,
  units: ReturnUnits,
  to: Disposition,
  location: LocationCode.optional().describe('Where a transfer goes'),
});
export type DisposedLine = z.infer<typeof DisposedLine>;
export const DisposeReturn = z.looseObject({
  type: z.literal('return_disposed'),
  ...messageFields,
  store: LocationCode,
  by: By,
  lines: listOf(DisposedLine),
});
export type DisposeReturn = z.infer<typeof DisposeReturn>;

/** Head office lets a held one go on. */
export const ApproveReturn = z.looseObject({ type: z.literal('return_approved'), ...messageFields, by: By });
export type ApproveReturn = z.infer<typeof ApproveReturn>;
/** Ends what has not been received; what has is inspected and disposed. */
export const CancelReturn = z.looseObject({
  type: z.literal('return_cancelled'),
  ...messageFields,
  by: By,
  reason: text(200).optional(),
});
export type CancelReturn = z.infer<typeof CancelReturn>;

export const ReturnMessage = z.discriminatedUnion('type', [
  RequestReturn,
  ReceiveReturn,
  InspectReturn,
  DisposeReturn,
  ApproveReturn,
  CancelReturn,
]);
export type ReturnMessage = z.infer<typeof ReturnMessage>;

export const ReturnLineView = z.looseObject({
  lineId: z.string(),
  sku: Sku,
  requestedUnits: z.int().min(0),
  receivedUnits: z.int().min(0),
  acceptedUnits: z.int().min(0).describe('Inspected and paid back'),
  declinedUnits: z.int().min(0).describe('Inspected and not paid back'),
  disposedUnits: z.int().min(0),
});
export const ReturnStep = z.looseObject({
  type: z.enum(['requested', 'held', 'approved', 'received', 'inspected', 'disposed', 'cancelled']),
  at: z.iso.datetime(),
  by: z.string(),
  store: LocationCode.optional(),
  reason: z.string().optional(),
});
export const ReturnView = z.looseObject({
  orderId: OrderId,
  returnId: ReturnId,
  state: ReturnState,
  channel: ChannelCode,
  channelOrder: z.string().optional(),
  memberId: z.string().optional(),
  store: LocationCode.optional().describe('Where it was received'),
  lines: z.array(ReturnLineView),
  refundMinor: z.int().optional().describe('So far; absent where the selling channel reckons it'),
  currency: z.string().optional(),
  exchangeOrderId: OrderId.optional(),
  history: z.array(ReturnStep).describe('Who did what, oldest first'),
  version: Version,
});
export type ReturnView = z.infer<typeof ReturnView>;

/** One step of a return. Topic `orders.returns`, key: orderId. Members reverse points and commission by it. */
export const ReturnEvent = z.looseObject({
  orderId: OrderId,
  returnId: ReturnId,
  type: ReturnStep.shape.type,
  at: z.iso.datetime(),
  by: z.string(),
  version: Version,
  state: ReturnState,
  channel: ChannelCode,
  memberId: z.string().optional(),
  store: LocationCode.optional(),
  lines: z.array(
    z.looseObject({
      lineId: z.string(),
      sku: Sku,
      units: z.int().min(1),
      unitPriceMinor: z.int().min(0).optional(),
      condition: ReturnCondition.optional(),
      isAccepted: z.boolean().optional().describe('It is paid back'),
      photos: z.array(z.string()).optional(),
      disposition: Disposition.optional(),
      location: LocationCode.optional().describe('Where a transfer is to bring it'),
    }),
  ),
});
export type ReturnEvent = z.infer<typeof ReturnEvent>;

/**
 * To whoever took the money. Topic `orders.refunds`, key: orderId; the same `instructionId` again is the same payment.
 * Amounts are absent of goods sold elsewhere: their shop knows what it took.
 */
export const RefundInstruction = z.looseObject({
  instructionId: z.string().min(1).max(160),
  orderId: OrderId,
  returnId: ReturnId,
  channel: ChannelCode,
  channelOrder: z.string().optional(),
  memberId: z.string().optional(),
  currency: z.string().optional(),
  lines: z.array(
    z.looseObject({
      lineId: z.string(),
      sku: Sku,
      units: z.int().min(1),
      goodsMinor: z.int().optional(),
      feeMinor: z.int().optional(),
    }),
  ),
  goodsMinor: z.int().min(0).optional(),
  feeMinor: z.int().min(0).optional().describe('Kept back by rule'),
  exchangeMinor: z.int().min(0).optional().describe('Price of what it is exchanged for'),
  refundMinor: z.int().min(0).optional().describe('To be paid back'),
  chargeMinor: z.int().min(0).optional().describe('To be paid on top, where the exchange costs more'),
  exchangeOrderId: OrderId.optional(),
  at: z.iso.datetime(),
  version: Version,
});
export type RefundInstruction = z.infer<typeof RefundInstruction>;

const ReturnTerms = {
  periodDays: z.int().min(0).max(3650).optional().describe('Days since it was placed; 0 = not taken back'),
  feeBasisPoints: z.int().min(0).max(10_000).optional().describe('Kept back of the price where it is not as new'),
};
/** Rules of returns, as data. Of periods and fees the product’s own come before the channel’s, and those before the standard. */
export const ReturnRules = z.strictObject({
  standard: z.strictObject({ periodDays: z.int().min(0).max(3650), feeBasisPoints: z.int().min(0).max(10_000) }),
  channels: z.record(z.string(), z.strictObject(ReturnTerms)).default({}),
  categories: z.record(z.string(), z.strictObject(ReturnTerms)).default({}).describe('By the product’s category'),
  acceptedConditions: z.array(ReturnCondition).describe('Paid back'),
  restockedConditions: z.array(ReturnCondition).describe('May be put on sale again'),
  overrideRoles: z.array(text(20)).describe('Who may take what the rule refuses'),
  foreign: z.enum(['accept', 'hold', 'refuse']).describe('Goods of a sale that is not known here'),
});
export type ReturnRules = z.infer<typeof ReturnRules>;
