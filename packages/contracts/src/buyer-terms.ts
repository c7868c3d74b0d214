import { z } from 'zod';
import { CreditAccount } from './credit.js';
import { productChoice } from './product-choice.js';

const units = z.int().min(1).max(1_000_000);

/** How much of a product is sold at a time. */
export const QuantityRule = z.looseObject({
  ...productChoice,
  minUnits: units.default(1).describe('So many of a product at least in an order'),
  packUnits: units.default(1).describe('Only whole packs of so many'),
});
export type QuantityRule = z.infer<typeof QuantityRule>;

/** On which terms an organisation buys in bulk. Of several quantities the first that names a product counts. */
export const BuyerTerms = z.looseObject({
  quantities: z.array(QuantityRule).max(500).default([]),
  account: CreditAccount.optional().describe('He may pay on account, of this one; absent = he may not'),
});
export type BuyerTerms = z.infer<typeof BuyerTerms>;
