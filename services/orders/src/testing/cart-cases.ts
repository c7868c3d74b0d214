import { type AskedOfCart, CartMessage, type CartOrderAnswered, type OrderCart } from '@shelfline/contracts/cart';
import type { MemberCart } from '../domain/carts/cart.js';
import type { CartContext, CartDecided } from '../domain/carts/cart-decision.js';
import { decideCart } from '../domain/carts/decide-cart.js';
import { NOW_MS, placing } from './order-cases.js';

export const MEMBER = 'm-1';
export const DAY_MS = 86_400_000;
type Units = Readonly<Record<string, number>>;
const linesOf = (units: Units) => Object.entries(units).map(([sku, quantity]) => ({ sku, quantity }));
const said = (type: AskedOfCart['type'], more: object): AskedOfCart =>
  CartMessage.parse({ type, id: type, source: 'test', memberId: MEMBER, channel: 'web', ...more }) as AskedOfCart;

export const putting = (units: Units, more: object = {}) => said('cart_put', { lines: linesOf(units), ...more });
export const adding = (units: Units, more: object = {}) =>
  said('cart_change', { changes: Object.entries(units).map(([sku, add]) => ({ sku, add })), ...more });
export const setting = (units: Units, more: object = {}) => said('cart_change', { changes: linesOf(units), ...more });
export const joining = (units: Units, more: object = {}) =>
  said('cart_join', { id: 'guest-1', lines: linesOf(units), ...more });
export const ordering = (units: Units, orderId = 'o-1', more: object = {}): OrderCart => {
  const { type: _t, id: _i, source: _s, channel: _c, memberId: _m, ...order } = placing(units, { orderId });
  return said('cart_order', { id: `order/${orderId}`, order, ...more }) as OrderCart;
};
export const becoming = (
  messageId: string,
  more: Partial<CartOrderAnswered> & { readonly orderId?: string } = {},
): CartOrderAnswered => ({
  type: 'cart_order_answered',
  id: `${messageId}/1`,
  source: 'orders',
  memberId: MEMBER,
  orderId: 'o-1',
  messageId,
  result: 'applied',
  state: 'ROUTED',
  ...more,
});

/** The cart of one member; SKUs of one letter are sold, through `web` and `app`. */
export class CartScene {
  cart: MemberCart | undefined;
  decided: CartDecided = { kind: 'unchanged' };
  nowMs = NOW_MS;
  version = 0;

  context(): CartContext {
    return {
      atMs: this.nowMs,
      version: ++this.version,
      keepForMs: 90 * DAY_MS,
      findChannel: (code) => (code === 'web' || code === 'app' ? { active: true } : undefined),
      knowsSku: (sku) => sku.length === 1,
    };
  }
  when(...messages: readonly CartMessage[]): this {
    for (const message of messages) {
      this.decided = decideCart(message, this.cart, this.context());
      if (this.decided.kind === 'applied') this.cart = this.decided.cart;
    }
    return this;
  }
  get units(): Units {
    return Object.fromEntries((this.cart?.lines ?? []).map(({ sku, quantity }) => [sku, quantity]));
  }
  get refusals(): string[] {
    return this.decided.kind === 'refused' ? this.decided.refusals.map(({ code }) => code) : [];
  }
  get placed() {
    return this.decided.kind === 'applied' ? this.decided.place : undefined;
  }
}
