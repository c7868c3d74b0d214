import type { OrderContext, WantedLine } from '../decision.js';
import type { Order } from '../order.js';
import type { QueuedHold } from '../order-events.js';

/**
 * Of what is nowhere on hand, what may be asked of deliveries: one place for all of a line, where one expects enough, else
 * as much as each expects. Tables lag, so this is a proposal too: the ledger alone promises.
 */
export function findAhead(order: Order, wanted: readonly WantedLine[], context: OrderContext): QueuedHold[] {
  if (order.placed.wish !== 'backorder' || order.cart || !context.findArriving) return [];
  const taken = new Map<string, number>();
  return wanted.flatMap((line) => holdsOf(line, order, context, taken));
}

function holdsOf(line: WantedLine, order: Order, context: OrderContext, taken: Map<string, number>): QueuedHold[] {
  const arriving = context.findArriving?.(order.placed, line.sku);
  if (!arriving) return [];
  const { lineId, sku, quantity } = line;
  const ahead = { handlingDays: arriving.handlingDays };
  const keyOf = (location: string) => `${sku}@${location}`;
  const left = arriving.places.flatMap(({ location, units }) => {
    const more = Math.min(units, refusedAbove(order, sku, location)) - (taken.get(keyOf(location)) ?? 0);
    return more > 0 ? [{ location, units: more }] : [];
  });
  const take = (location: string, units: number) =>
    taken.set(keyOf(location), (taken.get(keyOf(location)) ?? 0) + units);
  const whole = left.filter(({ units }) => units >= quantity);
  if (whole[0]) {
    take(whole[0].location, quantity);
    return [{ lineId, sku, quantity, locations: whole.map(({ location }) => location), ahead }];
  }
  let rest = quantity;
  return left.flatMap(({ location, units }) => {
    const share = Math.min(rest, units);
    if (share === 0) return [];
    rest -= share;
    take(location, share);
    return [{ lineId, sku, quantity: share, locations: [location], ahead }];
  });
}

/** What the ledger refused in this round stands over what the tables show. */
const refusedAbove = ({ shortAt = [] }: Order, sku: string, location: string): number =>
  shortAt.reduce(
    (most, short) =>
      short.isAhead && short.sku === sku && short.locations.includes(location) ? Math.min(most, short.units) : most,
    Number.POSITIVE_INFINITY,
  );
