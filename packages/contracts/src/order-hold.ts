import { z } from 'zod';
import { ChannelCode, LocationCode, Sku } from './identifiers.js';
import {
  Destination,
  FulfilmentMethod,
  hasItsStore,
  hasOneOfEachLine,
  LineId,
  MAX_LINE_UNITS,
  MAX_LINES,
  messageFields,
  NEEDS_LINE_IDS,
  NEEDS_STORE,
} from './order.js';

export const MIN_HOLD_SECONDS = 10;
/** Of a basket, counted from when it was first held, however often it is extended: held stock is sold to nobody else. */
export const MAX_HOLD_SECONDS = 86_400;
const DEFAULT_HOLD_SECONDS = 900;

export const HoldSeconds = z.int().min(MIN_HOLD_SECONDS).max(MAX_HOLD_SECONDS).describe('How long it is held from now');

export const HoldLine = z.looseObject({
  lineId: LineId,
  sku: Sku,
  quantity: z.int().min(1).max(MAX_LINE_UNITS),
});
export type HoldLine = z.infer<typeof HoldLine>;

/**
 * Holds a basket before it is ordered: reserves as the order will, and hands nothing to any place. `place` with the same
 * orderId takes over what is held. The same orderId under another id makes the basket what this one says.
 */
export const HoldOrder = z
  .looseObject({
    type: z.literal('hold'),
    ...messageFields,
    channel: ChannelCode,
    lines: z.array(HoldLine).min(1).max(MAX_LINES),
    ttlSeconds: HoldSeconds.default(DEFAULT_HOLD_SECONDS),
    method: FulfilmentMethod.default('courier').describe('As the order will ask; another one is reserved anew'),
    destination: Destination.optional().describe('Where it will go, as far as it is known'),
    store: LocationCode.optional().describe('Where it will be collected or carried out; needed for both'),
    soldAt: LocationCode.optional().describe('The store that is selling it'),
    memberId: z.string().min(1).max(64).optional(),
  })
  .refine(hasItsStore, NEEDS_STORE)
  .refine(hasOneOfEachLine, NEEDS_LINE_IDS);
export type HoldOrder = z.infer<typeof HoldOrder>;

export const ExtendHold = z.looseObject({ type: z.literal('hold_extend'), ...messageFields, ttlSeconds: HoldSeconds });
export type ExtendHold = z.infer<typeof ExtendHold>;

/** Gives back what is held for a basket; an order that was placed is cancelled, not released. */
export const ReleaseHold = z.looseObject({ type: z.literal('hold_release'), ...messageFields });
export type ReleaseHold = z.infer<typeof ReleaseHold>;
