import type { CreditRequest } from '@shelfline/contracts/credit';
import { ORDERS_SOURCE } from '../ledger-commands.js';
import type { Order } from '../order.js';
import type { OrderEvent } from '../order-events.js';

/** What the events of one decision ask of whoever gives credit. `order` is the order after them. */
export function creditRequests({ orderId, placed, credit }: Order, events: readonly OrderEvent[]): CreditRequest[] {
  // Of several sums of one decision the last one counts.
  const last = events.findLast((event) => event.type === 'credit_asked');
  if (last?.type !== 'credit_asked' || !credit) return [];
  const { account, holdMinor, revision } = last;
  const id = `credit/${orderId}/${revision}/${credit.asked}`;
  return [{ id, source: ORDERS_SOURCE, orderId, account, currency: placed.currency, holdMinor, revision }];
}
