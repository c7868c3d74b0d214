import type { CartOrderAnswered, CartOutcome, StoredCart, CartOrder as ToldOrder } from '@shelfline/contracts/cart';
import type { PlaceOrder } from '@shelfline/contracts/order';
import { type OrderOutcome, OrderStanding } from '@shelfline/contracts/order-view';
import { versionHeaders } from '@shelfline/contracts/record-headers';
import { TOPICS } from '@shelfline/contracts/topics';
import type { LedgerEntry, OutputRecord } from '@shelfline/streaming/stream';
import type { CartOrder, CartUnits, MemberCart } from '../domain/carts/cart.js';
import { CARTS_SOURCE, memberOfCartOrder } from '../domain/carts/order-cart.js';

/** What came of one message or time-out: deduplication, answer and outbox in one. */
export interface CartEntry extends LedgerEntry {
  readonly memberId: string;
  /** Absent of what nobody asked: time-outs, what became of orders. */
  readonly answer?: CartOutcome;
  /** To whoever ordered, where this made known what became of it. */
  readonly settled?: CartOutcome;
  /** Not for ever: it says where its customer lives. */
  readonly place?: PlaceOrder;
  /** With `place` alone. */
  readonly placedAtMs?: number;
}

export const entryOutputs = ({ answer, settled, place }: CartEntry): OutputRecord[] => [
  ...(place
    ? [
        {
          topic: TOPICS.orderIntake,
          key: place.orderId,
          partition: { by: place.orderId },
          type: 'shelfline.order.message',
          value: place,
        },
      ]
    : []),
  ...(answer ? [answerOutput(answer)] : []),
  ...(settled ? [answerOutput(settled)] : []),
];

export const answerOutput = (answer: CartOutcome): OutputRecord => ({
  topic: TOPICS.cartOutcomes,
  key: answer.memberId,
  partition: 'same',
  type: 'shelfline.cart.outcome',
  value: answer,
});

export const cartOutput = (cart: MemberCart): OutputRecord => ({
  topic: TOPICS.carts,
  key: cart.memberId,
  partition: 'same',
  type: 'shelfline.cart',
  value: cart.isExpired ? null : storedCart(cart),
  headers: versionHeaders(cart.version),
});

export const storedCart = ({ memberId, lines, orders, changedAtMs, expiresAtMs, version }: MemberCart): StoredCart => ({
  memberId,
  lines: lines.map(({ addedAtMs, ...line }) => ({ ...line, addedAt: new Date(addedAtMs).toISOString() })),
  orders: orders.map(toldOrder),
  changedAt: new Date(changedAtMs).toISOString(),
  expiresAt: new Date(expiresAtMs).toISOString(),
  version,
});

export const toldOrder = ({ orderId, atMs, result, became, stands, lines, errors }: CartOrder): ToldOrder => ({
  orderId,
  at: new Date(atMs).toISOString(),
  result,
  ...(result === 'under_way' ? { became: 'pending' as const } : became ? { became } : {}),
  ...stands,
  lines: toldUnits(lines),
  ...(errors ? { errors: [...errors] } : {}),
});

export const toldUnits = (lines: readonly CartUnits[]) => lines.map(({ sku, quantity }) => ({ sku, quantity }));

/** Of an answer to an order, and not only that it was taken. */
export const saysWhatBecame = ({ result, state }: Pick<OrderOutcome, 'result' | 'state'>): boolean =>
  result === 'refused' || state !== 'RESERVING';

/**
 * Of an answer to an order that a cart made: brought to the member's partition, once it says what became of it. Nothing
 * of any other answer, nor of one that says only that the order was taken.
 */
export function cartAnswer(answer: OrderOutcome): OutputRecord[] {
  const { id, source, orderId, result, state, errors, version } = answer;
  const memberId = source === CARTS_SOURCE ? memberOfCartOrder(id) : undefined;
  if (memberId === undefined || !saysWhatBecame(answer)) return [];
  const value: CartOrderAnswered = {
    type: 'cart_order_answered',
    // What is told twice, taken and settled, is two messages; a repeat of either is the same one.
    id: `${id}/${version}`,
    source: 'orders',
    memberId,
    orderId,
    messageId: id,
    result,
    ...(state ? { state } : {}),
    ...OrderStanding.parse(answer),
    ...(errors ? { errors } : {}),
  };
  return [
    { topic: TOPICS.cartIntake, key: memberId, partition: { by: memberId }, type: 'shelfline.cart.message', value },
  ];
}
