import type { OrderContext, Share, WantedLine } from '../decision.js';
import type { Order } from '../order.js';
import { arrivedAtMs } from './arriving.js';
import { findAhead } from './ask-ahead.js';

/** Units that would be promised against deliveries to one place, of one day. */
export interface AheadPart extends Share {
  /** Undefined: nobody has told when they come. */
  readonly arrivesAtMs: number | undefined;
  readonly handlingDays: number;
}

/**
 * What an order that wishes a backorder would be promised ahead, and by when: the question that it would ask of the ledger,
 * with the day that the ledger would answer if it were asked now.
 */
export function findAheadParts(order: Order, wanted: readonly WantedLine[], context: OrderContext): AheadPart[] {
  const asked = new Map<string, number>();
  const parts = new Map<string, AheadPart & { readonly lines: WantedLine[] }>();
  for (const { lineId, sku, quantity, locations, ahead } of findAhead(order, wanted, context)) {
    const location = locations[0]!;
    const handlingDays = ahead?.handlingDays ?? 0;
    const key = `${sku}@${location}`;
    const units = (asked.get(key) ?? 0) + quantity;
    asked.set(key, units);
    const place = context.findArriving?.(order.placed, sku)?.places.find((one) => one.location === location);
    const arrivesAtMs = arrivedAtMs(place ?? {}, units);
    const line = { lineId, sku, quantity };
    const together = [location, arrivesAtMs, handlingDays].join('|');
    const part = parts.get(together);
    if (part) part.lines.push(line);
    else parts.set(together, { location, lines: [line], arrivesAtMs, handlingDays });
  }
  return [...parts.values()];
}
