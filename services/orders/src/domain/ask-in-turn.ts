import { isClosed, type Order } from './order.js';
import type { QueuedHold } from './order-events.js';
import { hasArriving } from './pickup-transfer/arriving.js';

export const isAllOrNothing = (order: Pick<Order, 'placed' | 'tasks' | 'holds'>): boolean =>
  order.placed.wish === 'wait_for_all' && order.tasks.every(isClosed) && !hasArriving(order);

/**
 * Two orders that each take one of two pieces both need are both refused, give back what they took, and begin again, for
 * ever. So an order for all or nothing that was refused before asks for one thing after the other, by SKU and place, the
 * same order for everybody: whoever is first with the first thing is not in anybody's way who waits for less.
 */
export const asksInTurn = (order: Order): boolean => isAllOrNothing(order) && (order.attempts > 0 || order.isDecided);

export const inTurn = (holds: readonly QueuedHold[]): QueuedHold[] =>
  holds.toSorted((a, b) => compare(a.sku, b.sku) || compare(a.locations[0]!, b.locations[0]!));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
