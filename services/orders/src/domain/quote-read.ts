import type { Quote } from '@shelfline/contracts/order-quote';

/** What the signature says; whether it fits the order is decided here. `no_keys` = nobody can tell. */
export type QuoteRead =
  | { readonly kind: 'signed'; readonly quote: Quote }
  | { readonly kind: 'forged'; readonly why: string }
  | { readonly kind: 'no_keys' };
