import { askAgainAtMs } from './ask-again.js';
import { isFinal, isQuestion, type Order } from './order.js';
import { looksAtMs } from './presale/backorder-state.js';
import { taskDuesMs } from './store/handover-state.js';

/** The next moment at which time alone changes the order; undefined = never. */
export function dueAtMs(order: Order, askAgainAfterMs: number): number | undefined {
  const { cart, credit, holds, tasks, retryAtMs } = order;
  const trackedUntilMs = endOfTrackingMs(order);
  const { eraseAtMs, giveUpAtMs } = order;
  const lookAtMs = looksAtMs(order);
  const moments = [
    ...(trackedUntilMs === undefined ? [] : [trackedUntilMs]),
    ...(eraseAtMs === undefined ? [] : [eraseAtMs]),
    ...(cart && !isFinal(order) ? [cart.untilMs] : []),
    ...holds.filter(isQuestion).map((hold) => askAgainAtMs(hold, askAgainAfterMs)),
    ...tasks.flatMap(taskDuesMs),
    ...(retryAtMs === undefined ? [] : [retryAtMs, ...(giveUpAtMs === undefined ? [] : [giveUpAtMs])]),
    ...(lookAtMs === undefined ? [] : [lookAtMs]),
    ...(credit?.dueAtMs === undefined ? [] : [credit.dueAtMs]),
  ];
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** A customer looks after his parcel for some days more; undefined where it is not over, or nobody follows it any more. */
export const endOfTrackingMs = (order: Order): number | undefined =>
  isFinal(order) && !order.isUntracked ? order.changedAtMs + TRACKED_FOR_MS : undefined;
const TRACKED_FOR_MS = 7 * 24 * 60 * 60 * 1000;
