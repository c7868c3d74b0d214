import type { RoutingPlan, WantedLine } from '../domain/decision.js';
import type { Order } from '../domain/order.js';

/**
 * Plans from what `seenUnits` says is there: one place that has it all, or each line from the places in turn, divided where
 * no place has enough. A single line's other places are named too. Places that refused the order are left out.
 */
export function planByHand(
  places: readonly string[],
  seenUnits: (sku: string, location: string) => number,
): (order: Pick<Order, 'refusedBy' | 'lacking'>, wanted: readonly WantedLine[]) => RoutingPlan {
  return ({ refusedBy, lacking = [] }, wanted) => {
    const unitsOf = (sku: string, location: string): number =>
      lacking.some((one) => one.sku === sku && one.location === location) ? 0 : seenUnits(sku, location);
    const asked = places.filter((place) => !refusedBy.includes(place));
    const whole = asked.filter((place) => hasAll(wanted, (sku) => unitsOf(sku, place)));
    const [best, ...others] = whole;
    if (best !== undefined)
      return {
        shares: [{ location: best, lines: wanted }],
        ...(wanted.length === 1 ? { alternatives: others } : {}),
      };
    return { shares: divided(asked, wanted, unitsOf) };
  };
}

function hasAll(wanted: readonly WantedLine[], unitsOf: (sku: string) => number): boolean {
  const needed = new Map<string, number>();
  for (const { sku, quantity } of wanted) needed.set(sku, (needed.get(sku) ?? 0) + quantity);
  return [...needed].every(([sku, units]) => unitsOf(sku) >= units);
}

function divided(
  places: readonly string[],
  wanted: readonly WantedLine[],
  unitsOf: (sku: string, location: string) => number,
): RoutingPlan['shares'] {
  const rest = new Map(wanted.map((line) => [line, line.quantity]));
  const shares = places.map((location) => {
    const left = new Map<string, number>();
    const lines = wanted.flatMap((line) => {
      const there = left.get(line.sku) ?? Math.max(0, unitsOf(line.sku, location));
      const quantity = Math.min(there, rest.get(line)!);
      left.set(line.sku, there - quantity);
      rest.set(line, rest.get(line)! - quantity);
      return quantity > 0 ? [{ ...line, quantity }] : [];
    });
    return { location, lines };
  });
  return shares.filter(({ lines }) => lines.length > 0);
}
