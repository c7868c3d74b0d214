import type { OrderState } from '@shelfline/contracts/order';
import type { OrderStanding, WhatBecame } from '@shelfline/contracts/order-view';

/** One word for how an order stands, whoever asked for it. */
export function whatBecame({
  state,
  waitingFor,
  awaitedUnits,
}: Pick<OrderStanding, 'waitingFor' | 'awaitedUnits'> & { readonly state?: OrderState | undefined }): WhatBecame {
  if (state === 'RESERVING') return 'pending';
  if (waitingFor === 'credit') return 'waiting_for_credit';
  if (state === 'WAITING' && awaitedUnits !== undefined) return 'backordered';
  return state === 'WAITING' || state === 'CANCELLED' ? 'out_of_stock' : 'placed';
}
