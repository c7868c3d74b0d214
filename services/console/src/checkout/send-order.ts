import { whyUnanswered } from '../unanswered.js';
import type { OrderBody } from './basket.js';

export type Placed =
  | { readonly kind: 'taken'; readonly orderId: string; readonly trackingToken: string | undefined }
  | { readonly kind: 'refused'; readonly reason: string }
  /** It is over: nothing of it could be had, and it is in the cart again. */
  | { readonly kind: 'nothing' }
  /** It may or may not be taken: the same order again does no harm. */
  | { readonly kind: 'uncertain'; readonly reason: string };

interface PlacedItem {
  readonly result: 'placed' | 'backordered' | 'waiting_for_credit' | 'out_of_stock' | 'pending' | 'refused';
  readonly trackingToken?: string;
  readonly errors?: readonly { readonly code: string; readonly detail: string }[];
}
type Body = { readonly items?: readonly PlacedItem[]; readonly detail?: string } | undefined;

export function readPlaced(orderId: string, status: number, body: Body): Placed {
  const [item] = body?.items ?? [];
  if (status >= 500 || status === 429 || (status === 200 && !item))
    return { kind: 'uncertain', reason: body?.detail ?? String(status) };
  if (!item) return { kind: 'refused', reason: body?.detail ?? String(status) };
  if (item.result !== 'refused') return { kind: 'taken', orderId, trackingToken: item.trackingToken };
  const [error] = item.errors ?? [];
  return { kind: error?.code === 'unavailable' ? 'uncertain' : 'refused', reason: error?.detail ?? item.result };
}

export async function sendOrder(token: string, order: OrderBody): Promise<Placed> {
  try {
    const response = await fetch('/api/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(order),
    });
    return readPlaced(order.orderId, response.status, (await response.json().catch(() => undefined)) as Body);
  } catch (error) {
    return { kind: 'uncertain', reason: whyUnanswered(error) };
  }
}
