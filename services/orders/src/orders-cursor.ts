import { problem } from '@shelfline/service-kit/problem';
import type { Order } from './domain/order.js';

export const cursorAfter = ({ placedAtMs, orderId }: Pick<Order, 'placedAtMs' | 'orderId'>): string =>
  Buffer.from(`${placedAtMs} ${orderId}`).toString('base64url');

export function readCursor(cursor: string): { placedAtMs: number; orderId: string } {
  const [, ms, orderId] = /^(\d{1,15}) (.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (ms !== undefined && orderId !== undefined) return { placedAtMs: Number(ms), orderId };
  throw problem(400, 'invalid', 'The cursor cannot be read', 'Use the value of `next` of the page before, as it is.');
}
