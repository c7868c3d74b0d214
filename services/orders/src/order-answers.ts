import type { OrderOutcome } from '@shelfline/contracts/order-view';
import { kindIn } from './tries.js';

/** Of whom the answers are read by the desk. */
export const DESK_SOURCE = 'orders-api';

/** What is told a second time. */
const TOLD_TWICE: ReadonlySet<string> = new Set(['place', 'hold']);
/** A first answer says only that an order was taken: whoever placed it waits for what becomes of it. */
export const isUnsettled = ({ id, result, state }: OrderOutcome): boolean =>
  result === 'applied' && state === 'RESERVING' && TOLD_TWICE.has(kindIn(id));
/** Told to who asks a second time: only that it was taken, so whoever waits for what becomes of it waits on. */
export const isHeardAgain = ({ id, result, state }: OrderOutcome): boolean =>
  result === 'applied' && state === undefined && TOLD_TWICE.has(kindIn(id));
