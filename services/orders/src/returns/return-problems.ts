import type { OrderOutcome } from '@shelfline/contracts/order-view';
import { type ProblemError, problem } from '@shelfline/service-kit/problem';
import { type RefusalStatuses, refusedBecause } from '../order-problems.js';

const TITLES: RefusalStatuses = {
  unknown_order: [404, 'There is no such order'],
  unknown_return: [404, 'There is no such return'],
  return_exists: [409, 'There is such a return already'],
  out_of_state: [409, 'That cannot be done now'],
  received_elsewhere: [409, 'It lies in another store'],
  more_than_sold: [409, 'No more of it can come back'],
  too_many_units: [409, 'There are not so many'],
  after_period: [409, 'Its return period is over'],
  wrong_item: [409, 'It is another product than the one sold'],
  foreign_refused: [409, 'It was sold elsewhere'],
  disposition_not_allowed: [409, 'Its condition does not allow it'],
  address_erased: [409, 'Nobody knows where to send it'],
  may_not_override: [403, 'You may not take what the rules refuse'],
};

export const refusedReturn = (outcome: OrderOutcome): ProblemError =>
  refusedBecause(outcome, TITLES, 'The return cannot be taken as it is');

export const unknownReturn = (orderId: string, returnId: string): ProblemError =>
  problem(
    404,
    'unknown-return',
    'There is no such return',
    `No return ${returnId} of order ${orderId} is yours. Look for what may come back: /api/orders/returns/returnable?channelOrder=`,
  );

export const soldHere = (orderId: string, number: string): ProblemError =>
  problem(
    409,
    'sold-here',
    'Its order is known here',
    `${number} is order ${orderId}. Ask for a return of that one, without \`foreign\`. Nothing was changed.`,
    { allowed: [orderId] },
  );

export const orderIdMissing = (): ProblemError =>
  problem(
    400,
    'order-missing',
    'It is not said what comes back',
    'Give orderId, or, where another shop sold it, foreign with its channel and number, together 55 characters at most. Nothing was changed.',
  );

export const byOneNumber = (): never => {
  throw problem(
    400,
    'one-number',
    'An order is looked for by one number',
    'Give one of orderId (also the receipt’s number), channelOrder or member.',
  );
};
