import type { PlaceOrder } from '@shelfline/contracts/order';
import type { Refusal } from '../decision.js';
import { type CartOrder, type CartUnits, linesOf, type MemberCart } from './cart.js';

/** What decisions know of the world besides the cart. */
export interface CartContext {
  readonly atMs: number;
  readonly version: number;
  readonly keepForMs: number;
  readonly findChannel: (code: string) => { readonly active: boolean } | undefined;
  readonly knowsSku: (sku: string) => boolean;
}

export type CartDecided =
  | {
      readonly kind: 'applied';
      readonly cart: MemberCart;
      /** Of a guest's cart: what did not fit, or is sold no more. */
      readonly leftOut?: readonly CartUnits[];
      /** The order that is to be made of it. */
      readonly place?: PlaceOrder;
      /** An order of which it is known now what became of it. */
      readonly settled?: CartOrder;
    }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

export const refusedCart = (...refusals: Refusal[]): CartDecided => ({ kind: 'refused', refusals });

export const touched = (
  { memberId }: { readonly memberId: string },
  cart: MemberCart | undefined,
  changed: Partial<Pick<MemberCart, 'lines' | 'orders'>>,
  { atMs, version, keepForMs }: CartContext,
): MemberCart => ({
  memberId,
  lines: linesOf(cart),
  orders: cart?.orders ?? [],
  ...changed,
  changedAtMs: atMs,
  expiresAtMs: atMs + keepForMs,
  version,
});
