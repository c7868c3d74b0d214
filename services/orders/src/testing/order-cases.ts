import type { HandoverChange } from '@shelfline/contracts/handover';
import type { PlaceOrder, TaskAction } from '@shelfline/contracts/order';
import type { ExtendHold, HoldOrder, ReleaseHold } from '@shelfline/contracts/order-hold';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { RejectedLines } from '@shelfline/contracts/task-lines';
import type { DeliveryProof } from '@shelfline/contracts/visit';
import type { StoreTerms } from '../domain/store/store-terms.js';

/** The moment of the specs. */
export const NOW_MS = Date.UTC(2026, 5, 1, 12);
/** Not six digits: it is seen whose it is. */
export const STORE_TERMS: StoreTerms = {
  handoverCode: (taskId, round) => `code-${taskId}-${round}`,
  pickupRemindAfterMs: 172_800_000,
  pickupKeepMs: 604_800_000,
};
export const TIMES = {
  holdForMs: 600_000,
  acceptWithinMs: 900_000,
  askAgainAfterMs: 5000,
  retryAfterMs: 30_000,
  store: STORE_TERMS,
};
export const ORDER_ID = 'web-1';

/** `{ A: 2 }` is a line `line-A` of two pieces of A. */
export const placing = (
  quantities: Readonly<Record<string, number>> = { A: 1 },
  over: Partial<PlaceOrder> = {},
): PlaceOrder => ({
  type: 'place',
  id: `place/${over.orderId ?? ORDER_ID}`,
  source: 'shop',
  orderId: ORDER_ID,
  channel: 'web',
  placedAt: '2026-06-01T12:00:00Z',
  currency: 'CNY',
  method: 'courier',
  destination: { city: 'Shanghai' },
  wish: 'split',
  payment: 'paid',
  lines: Object.entries(quantities).map(([sku, quantity]) => ({
    lineId: `line-${sku}`,
    sku,
    quantity,
    unitPriceMinor: 100,
  })),
  ...over,
});

export const cancelling = (orderId = ORDER_ID, reason?: string): Extract<OrderMessage, { type: 'cancel' }> => ({
  type: 'cancel',
  id: `cancel/${orderId}`,
  source: 'shop',
  orderId,
  ...(reason ? { reason } : {}),
});

export const doing = (
  action: TaskAction,
  { number = 1, store = 'shop-1', orderId = ORDER_ID, ...more }: TaskCase = {},
): Extract<OrderMessage, { type: 'task' }> => ({
  type: 'task',
  id: `task/${orderId}/${number}/${action}`,
  source: 'screen',
  orderId,
  taskId: `${orderId}/${number}`,
  store,
  action,
  ...(action === 'hand_over' ? { code: STORE_TERMS.handoverCode(`${orderId}/${number}`, 1) } : {}),
  ...more,
});
export interface TaskCase {
  readonly number?: number;
  readonly store?: string;
  readonly orderId?: string;
  readonly reason?: string;
  readonly tracking?: string;
  readonly by?: string;
  readonly proof?: DeliveryProof;
  /** With `reject`: only these. */
  readonly lines?: RejectedLines;
  /** The customer's unless told. */
  readonly code?: string | undefined;
  readonly id?: string;
}

export const holding = (
  quantities: Readonly<Record<string, number>> = { A: 1 },
  over: Partial<HoldOrder> = {},
): HoldOrder => ({
  type: 'hold',
  id: `hold/${over.orderId ?? ORDER_ID}`,
  source: 'shop',
  orderId: ORDER_ID,
  channel: 'web',
  method: 'courier',
  ttlSeconds: 900,
  lines: Object.entries(quantities).map(([sku, quantity]) => ({ lineId: `line-${sku}`, sku, quantity })),
  ...over,
});
export const extending = (ttlSeconds: number, id = 'extend', orderId = ORDER_ID): ExtendHold => ({
  type: 'hold_extend',
  id,
  source: 'shop',
  orderId,
  ttlSeconds,
});
export const releasing = (orderId = ORDER_ID): ReleaseHold => ({
  type: 'hold_release',
  id: `release/${orderId}`,
  source: 'shop',
  orderId,
});
export const changingHandover = (change: HandoverChange['change'], number = 1): HandoverChange => ({
  type: 'handover',
  id: `handover/${change}/${number}`,
  source: 'desk',
  orderId: ORDER_ID,
  taskId: `${ORDER_ID}/${number}`,
  change,
  by: 'Chen',
  reason: 'passport shown',
});
