import type { OrderOutcome } from '@shelfline/contracts/order-view';
import type { Answer } from './order-desk.js';
import {
  conflicting,
  notConfirmed,
  notYetKnown,
  refusedMeanwhile,
  refusedMessage,
  tooLarge,
} from './order-problems.js';

/** What was decided; throws the problem that says why nothing was, or why it is not known yet. */
export function settledOutcome(
  answer: Answer,
  orderId: string,
  refusalOf: (outcome: OrderOutcome) => Error = refusedMessage,
  what = 'This id',
): OrderOutcome {
  switch (answer.kind) {
    case 'answered':
      if (answer.outcome.result === 'refused') throw refusalOf(answer.outcome);
      return answer.outcome;
    case 'conflict':
      throw answer.ofRefusal ? refusedMeanwhile(what) : conflicting(what);
    case 'pending':
      throw notYetKnown(orderId);
    case 'too_large':
      throw tooLarge();
    case 'unavailable':
      throw notConfirmed();
  }
}
