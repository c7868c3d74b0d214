import type { BuyerTerms } from '@shelfline/contracts/buyer-terms';

/** What is known of whoever buys in bulk. */
export interface Buyer {
  readonly active: boolean;
  /** Absent where it has no terms to buy on. */
  readonly terms?: BuyerTerms;
}
