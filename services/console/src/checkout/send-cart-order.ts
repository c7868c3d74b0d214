import type { MemberCart } from '@shelfline/client/storefront';
import { whyUnanswered } from '../unanswered.js';
import type { OrderBody } from './basket.js';
import type { Placed } from './send-order.js';

type Body = { readonly order?: MemberCart['orders'][number]; readonly detail?: string } | undefined;
type Answered = Exclude<Placed, { kind: 'taken' }> | { readonly kind: 'taken' };

export function readOrdered(status: number, body: Body): Answered {
  const result = body?.order?.result;
  if (status === 200 && result === 'out_of_stock') return { kind: 'nothing' };
  if (status === 200 && result !== undefined) return { kind: 'taken' };
  const kind = status === 200 || status === 429 || status >= 500 ? 'uncertain' : 'refused';
  return { kind, reason: body?.detail ?? String(status) };
}

const headersOf = (token: string) => ({ 'content-type': 'application/json', authorization: `Bearer ${token}` });

/** Orders out of a member's cart: what is ordered leaves it, so that no other screen can order it too. */
export const cartOrders =
  (member: string) =>
  async (token: string, { channel, ...order }: OrderBody): Promise<Placed> => {
    const { orderId } = order;
    try {
      const response = await fetch(`/api/orders/carts/${encodeURIComponent(member)}/order`, {
        method: 'POST',
        headers: headersOf(token),
        body: JSON.stringify({ channel, order }),
      });
      const answered = readOrdered(response.status, (await response.json().catch(() => undefined)) as Body);
      return answered.kind === 'taken'
        ? { kind: 'taken', orderId, trackingToken: await findTrackingToken(token, orderId) }
        : answered;
    } catch (error) {
      return { kind: 'uncertain', reason: whyUnanswered(error) };
    }
  };

const TRIES = 5;
const AGAIN_AFTER_MS = 1000;

/** A cart's answer says that the order is taken; the order itself may take a moment to be there. */
async function findTrackingToken(token: string, orderId: string): Promise<string | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const response = await fetch(`/api/orders/${encodeURIComponent(orderId)}/tracking-link`, {
      headers: headersOf(token),
    }).catch(() => undefined);
    if (response?.ok) return ((await response.json()) as { readonly token: string }).token;
    if (response && response.status !== 404) return undefined;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
  return undefined;
}
