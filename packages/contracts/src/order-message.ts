import { z } from 'zod';
import { AppointmentNoted } from './appointment.js';
import { CreditAnswered } from './credit.js';
import { EraseCustomer } from './erasure.js';
import { HandoverChange } from './handover.js';
import { DeliveryFellShort, DeliveryMoved, GoodsArrived } from './incoming.js';
import { CancelOrder, PlaceOrder, ReservationAnswered, ReservationEndangered, TaskStep } from './order.js';
import { ChangeOrder } from './order-change.js';
import { ExtendHold, HoldOrder, ReleaseHold } from './order-hold.js';
import { TransferArrived, TransferTold } from './order-transfer.js';
import { ParcelChange } from './parcel.js';
import { ReturnMessage } from './return.js';
import { PlanVisit } from './visit.js';

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
  GoodsArrived,
  DeliveryFellShort,
  DeliveryMoved,
  CreditAnswered,
  ReturnMessage,
  HandoverChange,
  TransferArrived,
  TransferTold,
  EraseCustomer,
  ParcelChange,
  AppointmentNoted,
  PlanVisit,
]);
export type OrderMessage = z.infer<typeof OrderMessage>;
