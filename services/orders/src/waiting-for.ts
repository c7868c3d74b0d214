import type { WaitingFor } from '@shelfline/contracts/order-view';
import { waitsForCredit } from './domain/credit/credit-state.js';
import { type Order, uncoveredLines } from './domain/order.js';

/** What an order waits for; nothing of one that does not wait. */
export function waitingOf(order: Order): { readonly waitingFor?: WaitingFor } {
  if (order.state !== 'WAITING') return {};
  if (waitsForCredit(order)) return { waitingFor: 'credit' };
  return { waitingFor: uncoveredLines(order).length > 0 ? 'stock' : 'delivery' };
}
