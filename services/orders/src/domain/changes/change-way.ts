import type { ChangeOrder } from '@shelfline/contracts/order-change';
import type { OrderContext, OrderDraft, Refusal } from '../decision.js';
import { fitHolds, isServedAlike } from '../fit-holds.js';
import { needsStore } from '../needs-store.js';
import { hasGoneOut, isClosed, type Order } from '../order.js';
import { destinationOf } from '../place-order.js';
import type { Placed } from '../placed.js';
import { isUntouched } from './untouched.js';
import { withdraw } from './withdraw-task.js';

/** Undefined where neither method nor where it goes is another. */
export function placedAfter(message: ChangeOrder, before: Placed): Placed | undefined {
  const { method = before.method, store = before.store } = message;
  const destination = message.destination ? destinationOf(message.destination) : before.destination;
  const { store: _store, destination: _destination, promisedBy, ...rest } = before;
  const after: Placed = {
    ...rest,
    method,
    ...(destination ? { destination } : {}),
    ...(store ? { store } : {}),
  };
  const isSame = JSON.stringify(wayOf(after)) === JSON.stringify(wayOf(before));
  // What was promised was promised for the way it was to go.
  return isSame
    ? undefined
    : promisedBy !== undefined && isServedAlike(before, after)
      ? { ...after, promisedBy }
      : after;
}
const wayOf = ({ method, store, destination }: Placed) => [
  method,
  store ?? null,
  Object.entries(destination ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)),
];

export function wayRefusals(placed: Placed, order: Order, { findLocation }: OrderContext): Refusal[] {
  const { method, store, destination } = placed;
  const begun = order.tasks.find((task) => (!isClosed(task) || hasGoneOut(task)) && !isUntouched(task));
  if (begun)
    return [
      {
        code: 'out_of_state',
        field: 'method',
        detail: `${begun.location} is picking it or has sent some of it, so it cannot go another way; change its lines, or cancel it and order anew`,
      },
    ];
  if (needsStore(method) ? store === undefined : destination === undefined)
    return [
      {
        code: 'place_missing',
        field: needsStore(method) ? 'store' : 'destination',
        detail: `${method} needs ${needsStore(method) ? 'the store where it is collected or carried out' : 'a destination'}; send it with the change`,
      },
    ];
  if (store !== undefined && store !== order.placed.store && !findLocation(store)?.active)
    return [
      {
        code: 'unknown_store',
        field: 'store',
        detail: `no place ${store} is open; add it to the catalog, or give another one`,
      },
    ];
  return [];
}

/**
 * Where another way asks for other places, the tasks are withdrawn, and what does not fit is given back to be planned anew.
 * What lies at the store that is to hand it over stays held there.
 */
export function redirect(draft: OrderDraft, before: Order): void {
  if (isServedAlike(before.placed, draft.order.placed)) return;
  for (const task of draft.order.tasks) if (!isClosed(task)) withdraw(draft, task);
  fitHolds(draft, before.placed);
}
