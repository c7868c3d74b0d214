import type { MemberCart } from '@shelfline/client/storefront';
import { countdownTo } from '../inbox/countdown.js';
import { dayIn, type Language, textIn } from '../language.js';
import type { TextKey } from '../texts.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long the cart is kept unless it is changed: its day, and on the last day the time that is left. */
export function keptWords({ expiresAt }: Pick<MemberCart, 'expiresAt'>, nowMs: number, language: Language): string {
  const say = textIn(language);
  const untilMs = Date.parse(expiresAt);
  if (untilMs - nowMs >= DAY_MS) return say('cartKeptUntil', { day: dayIn(language, expiresAt) });
  const { text, tone } = countdownTo(untilMs, nowMs);
  return tone === 'over' ? say('cartKeptNoMore') : say('cartKeptFor', { time: text });
}

/** Why there is nothing in it; undefined where there is something. */
export function emptyWords(cart: MemberCart | undefined, language: Language): string | undefined {
  if (cart && cart.lines.length > 0) return undefined;
  return textIn(language)(cart?.expired ? 'cartExpired' : 'cartEmpty');
}

/** What became of the last order that was made of it, while that is news. */
export function lastOrderWords(cart: MemberCart | undefined, language: Language): string | undefined {
  const order = cart?.orders.at(-1);
  if (!order) return undefined;
  const waits = order.result === 'ordered' && order.became ? WAITING_TEXTS[order.became] : undefined;
  return textIn(language)(waits ?? ORDER_TEXTS[order.result], { id: order.orderId });
}
/** Of an order that stands, though nothing of it could be promised of what is there. */
const WAITING_TEXTS: Partial<Record<NonNullable<MemberCart['orders'][number]['became']>, TextKey>> = {
  out_of_stock: 'cartOrderWaits',
  backordered: 'cartOrderBackordered',
};
const ORDER_TEXTS = {
  under_way: 'cartOrderUnderWay',
  ordered: 'cartOrdered',
  out_of_stock: 'cartOrderNothing',
  refused: 'cartOrderRefused',
} as const;
