import { z } from 'zod';
import { HandoverChange } from './handover.js';
import { CancelOrder, PlaceOrder, ReservationAnswered, ReservationEndangered, TaskStep } from './order.js';
import { ChangeOrder } from './order-change.js';
import { ExtendHold, HoldOrder, ReleaseHold } from './order-hold.js';
import { ReturnMessage } from './return.js';

/** Everything that changes an order. Topic `orders.intake`, key: orderId. */
export const OrderMessage = z.discriminatedUnion('type', [
  HoldOrder,
  ExtendHold,
  ReleaseHold,
  PlaceOrder,
  CancelOrder,
  ChangeOrder,
  TaskStep,
  ReservationAnswered,
  ReservationEndangered,
  ReturnMessage,
  HandoverChange,
]);
export type OrderMessage = z.infer<typeof OrderMessage>;
