import type { ReturnView } from '@shelfline/contracts/return';
import type { z } from 'zod';
import type { Order } from '../domain/order.js';
import type { OrderReturn } from '../domain/returns/order-return.js';
import { returnableUnits } from '../domain/returns/request-return.js';
import type { ReturnableView } from './return-bodies.js';

export function returnView({ orderId, placed, foreign }: Order, found: OrderReturn): ReturnView {
  const { returnId, state, store, lines, refundMinor, exchangeOrderId, history, version } = found;
  return {
    orderId,
    returnId,
    state,
    channel: placed.channel,
    ...(placed.channelOrder === undefined ? {} : { channelOrder: placed.channelOrder }),
    ...(placed.memberId === undefined ? {} : { memberId: placed.memberId }),
    ...(store === undefined ? {} : { store }),
    lines: lines.map(({ lineId, sku, requestedUnits, receivedUnits, acceptedUnits, declinedUnits, disposedUnits }) => ({
      lineId,
      sku,
      requestedUnits,
      receivedUnits,
      acceptedUnits,
      declinedUnits,
      disposedUnits,
    })),
    ...(foreign ? {} : { refundMinor, currency: placed.currency }),
    ...(exchangeOrderId === undefined ? {} : { exchangeOrderId }),
    history: history.map(({ atMs, ...step }) => ({ ...step, at: new Date(atMs).toISOString() })),
    version,
  };
}

/** What any store may see of any order, so as to take something back: nothing of the customer. */
export const returnableView = (order: Order): z.infer<typeof ReturnableView>['items'][number] => ({
  orderId: order.orderId,
  channel: order.placed.channel,
  ...(order.placed.channelOrder === undefined ? {} : { channelOrder: order.placed.channelOrder }),
  placedAt: order.placed.placedAt,
  lines: order.lines.map(({ lineId, sku }) => ({
    lineId,
    sku,
    returnableUnits: Math.max(0, returnableUnits(order, lineId)),
  })),
  returns: (order.returns ?? []).map(({ returnId, state, store }) => ({
    returnId,
    state,
    ...(store === undefined ? {} : { store }),
  })),
});
