/** Whoever gives business buyers credit: the books of the house, a bank, an insurer. */
export interface CreditPort {
  /**
   * Holds so much of the limit of an account for an order, all or nothing: more or less than before, nothing at 0. Of two
   * revisions the higher one counts, whichever comes last; the same again is answered again. Never throws.
   */
  hold(request: CreditHold): Promise<CreditAnswer>;
}

export interface CreditHold {
  readonly orderId: string;
  readonly account: string;
  readonly currency: string;
  readonly holdMinor: number;
  readonly revision: number;
}

export type CreditAnswer =
  | { readonly result: 'held' }
  /** The limit does not allow it, or there is no such account. */
  | { readonly result: 'refused'; readonly reason: string }
  /** Nobody answered in time, or it is not asked for the time being: it may or may not be held. */
  | { readonly result: 'unavailable'; readonly reason: string };
