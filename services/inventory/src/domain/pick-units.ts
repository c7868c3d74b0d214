import type { Fulfil } from '@shelfline/contracts/stock-delta';
import type { PromiseContext } from './availability.js';
import { dayAt } from './calendar-day.js';
import { type LotChange, type LotChanges, lotsAfter, type Moment } from './lots.js';
import type { SerialsChange } from './serials.js';
import type { Level, Reservation, Stock, StockEvent } from './stock.js';
import { traceUnits } from './trace-units.js';

/** What was promised leaves: units of the lots that were picked, the others as where nobody names a lot. */
export function shipUnits(
  { lots = [], serials }: Fulfil,
  { allocations }: Reservation,
  stock: Stock,
  { nowMs, reference }: PromiseContext,
): StockEvent[] {
  const picked = lots.map(({ lot, quantity }) => ({ lot, units: quantity }));
  return allocations.map(({ location, quantity }): StockEvent => {
    const moved = {
      kind: 'stock_moved',
      location,
      change: { reserved: -quantity, onHand: -quantity },
      factAtMs: nowMs,
    } as const;
    const level = stock.levels.get(location);
    if (!level || (level.lots === undefined && picked.length === 0 && serials === undefined)) return moved;
    const moment = { atMs: nowMs, day: dayAt(reference.findLocation(location), nowMs) };
    return { ...moved, ...pick(level, quantity, picked, serials, moment) };
  });
}

interface Picked {
  readonly lot: string;
  units: number;
}

/** Takes from what was picked, so that another place of the same reservation gets what is left of it. */
function pick(
  level: Level,
  units: number,
  picked: readonly Picked[],
  serials: readonly string[] | undefined,
  moment: Moment,
): { readonly lots?: LotChanges; readonly serials?: SerialsChange } {
  const changes: LotChange[] = [];
  let left = units;
  for (const one of picked) {
    const taken = Math.min(left, one.units);
    if (taken === 0) continue;
    changes.push({ lot: one.lot, onHand: -taken });
    one.units -= taken;
    left -= taken;
  }
  const remaining = {
    ...level,
    // Units are on their way out whatever a count says: a promise is fulfilled now, not when something occurred.
    countedAtMs: null,
    onHand: level.onHand - (units - left),
    ...(changes.length > 0 ? { lots: lotsAfter(level.lots ?? [], { atMs: moment.atMs, changes }) } : {}),
  };
  const known = new Set((level.serials ?? []).map(([serial]) => serial));
  const here = serials?.filter((serial) => known.has(serial));
  const rest = left > 0 ? traceUnits(remaining, -left, here ? { serials: here } : {}, moment) : {};
  const all = [...changes, ...(rest.lots?.changes ?? [])];
  const removed = here ?? [];
  return {
    ...(all.length > 0 ? { lots: { atMs: moment.atMs, changes: all } } : {}),
    ...(removed.length > 0 ? { serials: { removed } } : {}),
  };
}
