import type { OrderStanding } from '@shelfline/contracts/order-view';
import { isPromised, type Order, uncoveredLines, unitsOf } from './domain/order.js';
import { backorderedOf } from './domain/presale/backorder-state.js';
import { waitingOf } from './waiting-for.js';

/** How an order stands, for whoever placed it: an order of five hundred of which twelve are there is not just placed. */
export function standingOf(order: Order): OrderStanding {
  const base = { ...waitingOf(order), ...backorderedOf(order) };
  if (order.cart) return base;
  const waitingUnits = unitsOf(uncoveredLines(order));
  const cancelledUnits = order.lines.reduce((sum, line) => sum + line.cancelledUnits, 0);
  return {
    ...base,
    promisedUnits: unitsOf(order.holds.filter(isPromised)),
    ...(waitingUnits === 0 ? {} : { waitingUnits }),
    ...(cancelledUnits === 0 ? {} : { cancelledUnits }),
  };
}
