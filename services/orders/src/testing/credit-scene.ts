import { BuyerTerms } from '@shelfline/contracts/buyer-terms';
import type { CreditAnswered, CreditRequest, CreditResult } from '@shelfline/contracts/credit';
import { placing } from './order-cases.js';
import { OrderScene, type Units } from './order-scene.js';

/** What is ordered on account; a piece costs 100. */
export const onAccount = (quantities: Readonly<Record<string, number>>, over: object = {}) =>
  placing(quantities, { buyer: 'school', payment: 'on_account', ...over });

export const creditScene = (units: Units): OrderScene =>
  Object.assign(new OrderScene(units), {
    buyers: { school: { active: true, terms: BuyerTerms.parse({ account: 'S-1' }) } },
  });

export const answerTo = ({ id, orderId, revision }: CreditRequest, result: CreditResult): CreditAnswered => ({
  type: 'credit_answered',
  id,
  source: 'credit',
  orderId,
  revision,
  result,
  ...(result === 'held' ? {} : { reason: `${result} for a reason` }),
});

/** The books of whoever gives credit, as much of them as orders ask for. */
export class CreditBook {
  readonly holds = new Map<string, { holdMinor: number; revision: number }>();

  constructor(public limitMinor: number) {}

  get heldMinor(): number {
    return [...this.holds.values()].reduce((sum, { holdMinor }) => sum + holdMinor, 0);
  }
  answer({ orderId, holdMinor, revision }: CreditRequest): CreditResult {
    const known = this.holds.get(orderId);
    if (known && known.revision > revision) return 'held';
    const before = known?.holdMinor ?? 0;
    if (holdMinor > before && this.heldMinor - before + holdMinor > this.limitMinor) return 'refused';
    this.holds.set(orderId, { holdMinor, revision });
    return 'held';
  }
}
