import { OrderId, OrderState } from '@shelfline/contracts/order';
import { HoldSeconds } from '@shelfline/contracts/order-hold';
import { z } from 'zod';
import { isPromised, type Order, unitsOf } from '../domain/order.js';
import { RequestId } from '../order-bodies.js';
import { UnreadName } from '../unread-in.js';

export const ExtendBody = z.strictObject({ id: RequestId.optional(), ttlSeconds: HoldSeconds });
export const ReleaseBody = z.strictObject({ id: RequestId.optional() });

export const HoldView = z.object({
  orderId: OrderId,
  state: OrderState,
  heldUntil: z.iso.datetime().optional(),
  reason: z.string().optional().describe('Why nothing is held'),
  lines: z.array(
    z.object({
      lineId: z.string(),
      sku: z.string(),
      quantity: z.int(),
      heldUnits: z.int(),
      shortUnits: z.int().describe('Wanted and not to be had now'),
    }),
  ),
  unreadFields: z
    .array(UnreadName)
    .optional()
    .describe('Fields of the basket and its lines that nothing reads: without effect. The first twenty'),
});
export type HoldView = z.infer<typeof HoldView>;

export const holdView = ({ orderId, state, cart, reason, lines, holds }: Order): HoldView => ({
  orderId,
  state,
  ...(cart && state !== 'ENDED' ? { heldUntil: new Date(cart.untilMs).toISOString() } : {}),
  ...(state === 'ENDED' && reason !== undefined ? { reason } : {}),
  lines: lines.map(({ lineId, sku, quantity }) => {
    const heldUnits = unitsOf(holds.filter((hold) => hold.lineId === lineId && isPromised(hold)));
    return { lineId, sku, quantity, heldUnits, shortUnits: quantity - heldUnits };
  }),
});
