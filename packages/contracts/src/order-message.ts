import { z } from 'zod';
import { AppointmentNoted } from './appointment.js';
import { HandoverChange } from './handover.js';
import { CancelOrder, PlaceOrder, ReservationAnswered, ReservationEndangered, TaskStep } from './order.js';
import { ExtendHold, HoldOrder, ReleaseHold } from './order-hold.js';
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
  TaskStep,
  ReservationAnswered,
  ReservationEndangered,
  ReturnMessage,
  HandoverChange,
  ParcelChange,
  AppointmentNoted,
  PlanVisit,
]);
export type OrderMessage = z.infer<typeof OrderMessage>;
