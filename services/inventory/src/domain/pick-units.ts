import type { Fulfil } from '@shelfline/contracts/stock-delta';
import type { Allocation } from '@shelfline/contracts/stock-outcome';
import type { PromiseContext } from './availability.js';
import { dayAt } from './calendar-day.js';
import { findLayer, type LotChange, type LotChanges, lotsAfter, type Moment } from './lots.js';
import { unitsOf } from './reserve-stock.js';
import { lotsOfSerials, type SerialsChange } from './serials.js';
import type { Level, Reservation, Stock, StockEvent } from './stock.js';
import { knownLots, traceUnits } from './trace-units.js';

/** What was picked and does not agree with what was known: the goods have left, so it is told and not refused. */
export type PickNote = 'lot_short' | 'picked_beyond_held' | 'serial_unknown';

/** What was promised leaves: units of the lots that were picked, the others as where nobody names a lot. */
export function shipUnits(
  { lots = [], serials }: Fulfil,
  { allocations }: Reservation,
  stock: Stock,
  { nowMs, reference }: PromiseContext,
): { readonly events: StockEvent[]; readonly note: PickNote | undefined } {
  const picks = spread(lots, allocations, stock);
  const events = allocations.map(({ location, quantity }, i): StockEvent => {
    const moved = {
      kind: 'stock_moved',
      location,
      change: { reserved: -quantity, onHand: -quantity },
      factAtMs: nowMs,
    } as const;
    const level = stock.levels.get(location);
    if (!level || (level.lots === undefined && lots.length === 0 && serials === undefined)) return moved;
    const moment = { atMs: nowMs, day: dayAt(reference.findLocation(location), nowMs) };
    return { ...moved, ...pick(level, quantity, picks[i] ?? new Map(), serials ?? [], moment) };
  });
  const levels = allocations.map(({ location }) => stock.levels.get(location));
  return { events, note: isLotShort(picks, levels) ? 'lot_short' : noteOf(lots, serials ?? [], allocations, levels) };
}

type Levels = readonly (Level | undefined)[];

const isLotShort = (picks: readonly Picks[], levels: Levels): boolean =>
  picks.some((ofPlace, i) =>
    [...ofPlace].some(([lot, units]) => units > (findLayer(levels[i] ?? { onHand: 0 }, lot)?.onHand ?? 0)),
  );

function noteOf(
  lots: NonNullable<Fulfil['lots']>,
  serials: readonly string[],
  allocations: readonly Allocation[],
  levels: Levels,
): PickNote | undefined {
  const held = unitsOf(allocations);
  const named = new Set(serials);
  if (unitsOf(lots) > held || named.size > held) return 'picked_beyond_held';
  const known = new Set(levels.flatMap((level) => [...lotsOfSerials(level?.serials, serials).keys()]));
  return known.size < named.size ? 'serial_unknown' : undefined;
}

/** Lots and how many units of them leave a place. */
type Picks = ReadonlyMap<string, number>;

/** Picked lots leave the places where they stand; what is picked beyond that leaves where units are left, in order. */
function spread(lots: NonNullable<Fulfil['lots']>, allocations: readonly Allocation[], stock: Stock): Picks[] {
  const asked = new Map<string, number>();
  for (const { lot, quantity } of lots) asked.set(lot, (asked.get(lot) ?? 0) + quantity);
  const picks = allocations.map(() => new Map<string, number>());
  if (asked.size === 0) return picks;
  const left = allocations.map(({ quantity }) => quantity);
  for (const isWhereItStands of [true, false])
    for (const [i, { location }] of allocations.entries()) {
      const { lots: layers = [] } = stock.levels.get(location) ?? {};
      const stands = new Map(layers.map(({ lot, onHand }) => [lot, onHand]));
      for (const [lot, units] of asked) {
        const taken = Math.min(left[i]!, units, isWhereItStands ? Math.max(0, stands.get(lot) ?? 0) : units);
        if (taken === 0) continue;
        picks[i]!.set(lot, (picks[i]!.get(lot) ?? 0) + taken);
        asked.set(lot, units - taken);
        left[i]! -= taken;
      }
    }
  return picks;
}

function pick(
  level: Level,
  units: number,
  picks: Picks,
  serials: readonly string[],
  moment: Moment,
): { readonly lots?: LotChanges; readonly serials?: SerialsChange } {
  const changes = [...picks].map(([lot, taken]): LotChange => ({ lot, onHand: -taken }));
  const left = [...picks.values()].reduce((rest, taken) => rest - taken, units);
  const remaining = {
    ...level,
    // Units are on their way out whatever a count says: a promise is fulfilled now, not when something occurred.
    countedAtMs: null,
    onHand: level.onHand - (units - left),
    ...(changes.length > 0 ? { lots: lotsAfter(level.lots ?? [], { atMs: moment.atMs, changes }) } : {}),
  };
  const { ofPicks, others } = divide(knownLots(level, serials), picks);
  const rest = left > 0 ? traceUnits(remaining, -left, others.length > 0 ? { serials: others } : {}, moment) : {};
  const all = [...changes, ...(rest.lots?.changes ?? [])];
  const removed = [...ofPicks, ...others].slice(0, units);
  return {
    ...(all.length > 0 ? { lots: { atMs: moment.atMs, changes: all } } : {}),
    ...(removed.length > 0 ? { serials: { removed } } : {}),
  };
}

/** Serial numbers whose units are among the picked ones of their lot already, and those that tell of further units. */
function divide(known: ReadonlyMap<string, string>, picks: Picks) {
  const uncovered = new Map(picks);
  const ofPicks: string[] = [];
  const others: string[] = [];
  for (const [serial, lot] of known) {
    const units = uncovered.get(lot) ?? 0;
    if (units > 0) uncovered.set(lot, units - 1);
    (units > 0 ? ofPicks : others).push(serial);
  }
  return { ofPicks, others };
}
