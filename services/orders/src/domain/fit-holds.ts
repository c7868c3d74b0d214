import type { OrderDraft } from './decision.js';
import { needsStore } from './needs-store.js';
import { type Hold, isCounted, type Order } from './order.js';
import type { Placed } from './placed.js';
import { dropTries } from './presale/drop-tries.js';

/**
 * What was held for the order as it was is given back where it does not fit the order as it is: another product, another
 * place or customer to serve, more than is wanted now. What fits stays held; what is missing is for `settle` to ask.
 */
export function fitHolds(draft: OrderDraft, before: Placed): void {
  const { lines, placed, holds } = draft.order;
  const isSameWay = isServedAlike(before, placed);
  // It was looked for as the order was; what it was to replace stands as before.
  if (!isSameWay) dropTries(draft, () => false);
  const left = new Map(lines.map((line) => [line.lineId, line.quantity - line.cancelledUnits]));
  const skus = new Map(lines.map(({ lineId, sku }) => [lineId, sku]));
  for (const hold of holds.filter(isGivenBackable)) {
    const wanted = left.get(hold.lineId) ?? 0;
    // What a transfer has taken over goes where the order was to be collected.
    const isBrought = hold.transfer !== undefined;
    const isFit = !isBrought && skus.get(hold.lineId) === hold.sku && (isSameWay || isAtItsStore(hold, placed));
    if (isFit && hold.quantity <= wanted) left.set(hold.lineId, wanted - hold.quantity);
    else if (isFit && wanted > 0 && hold.state === 'held') {
      draft.add({ type: 'hold_reduced', reservationId: hold.reservationId, quantity: wanted });
      left.set(hold.lineId, 0);
    } else draft.add({ type: 'hold_released', reservationId: hold.reservationId });
  }
}

const isGivenBackable = (hold: Hold): boolean => isCounted(hold) && hold.state !== 'fulfilled';

/** Channel, method, store and region say which places may serve it. */
export const isServedAlike = (before: Placed, now: Placed): boolean =>
  before.channel === now.channel &&
  before.method === now.method &&
  before.store === now.store &&
  before.destination?.region === now.destination?.region;

const isAtItsStore = ({ location }: Hold, { method, store }: Order['placed']): boolean =>
  needsStore(method) && location === store;
