import type { Order } from './domain/order.js';

/**
 * An order lies in its document as JSON text: to write and to read it costs both sides half of what the same fields cost
 * as a document of documents. Whatever is asked for stands beside it. Those of former versions lie as documents.
 */
export type StoredOrder = string | Order;

export const storedOrderOf = (order: Order): string => JSON.stringify(order);
export const orderOf = (stored: StoredOrder): Order =>
  (typeof stored === 'string' ? JSON.parse(stored) : stored) as Order;
