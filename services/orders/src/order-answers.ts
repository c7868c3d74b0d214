import type { OrderOutcome } from '@shelfline/contracts/order-view';
import { kindIn } from './tries.js';

/** Of whom the answers are read by the desk. */
export const DESK_SOURCE = 'orders-api';

/** What is told a second time. */
const TOLD_TWICE: ReadonlySet<string> = new Set(['place', 'hold']);
const isTaken = ({ id, result }: OrderOutcome): boolean => result === 'applied' && TOLD_TWICE.has(kindIn(id));

/** A first answer says only that an order was taken: whoever placed it waits for what becomes of it. */
export const isUnsettled = (answer: OrderOutcome): boolean => isTaken(answer) && answer.state === 'RESERVING';

/**
 * The answer, told once more. What was said of an order when it was taken is long past; without its state the desk hears
 * it, where it passes over the first one until the order is settled.
 */
export function heardAgain(answer: OrderOutcome): OrderOutcome {
  if (answer.source !== DESK_SOURCE || !isUnsettled(answer)) return answer;
  const { state: _, ...rest } = answer;
  return rest;
}
/** Told to who asks a second time: only that it was taken, so whoever waits for what becomes of it waits on. */
export const isHeardAgain = (answer: OrderOutcome): boolean => isTaken(answer) && answer.state === undefined;
