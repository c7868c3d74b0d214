import type { StockFact } from '@shelfline/contracts/stock-delta';
import { dayAt } from './calendar-day.js';
import { isOfOtherLot, serialsCounted, traceCount } from './count-units.js';
import { detectShortfall } from './detect-shortfall.js';
import type { FactContext } from './fact-context.js';
import { findLayer } from './lots.js';
import { emptyLevel, type Level, type Note, type Stock, type StockEvent } from './stock.js';
import { leavingElsewhere } from './trace-units.js';

/** Weight of the newest count in the running accuracy. */
const NEWEST_WEIGHT = 0.5;

/**
 * A count says what stood there when it was taken; facts that occurred after it stay on top. A count older than the
 * newest one changes nothing. With a lot it is a count of that lot and of nothing else.
 */
export function recordCount(count: StockFact, stock: Stock, context: FactContext): StockEvent[] {
  const level = stock.levels.get(count.location) ?? emptyLevel(count.location);
  const counted =
    count.lot === undefined ? countWhole(count, level, context) : countLot(count.lot, count, level, context);
  if (counted === undefined)
    return [
      { kind: 'stock_moved', location: level.location, change: {} },
      { kind: 'noted', note: 'superseded_count' },
    ];
  const { moved, note } = counted;
  const added = moved.serials?.added?.map(([serial]) => serial) ?? [];
  const events: StockEvent[] = [moved, ...leavingElsewhere(stock, level.location, added)];
  if (note) events.push({ kind: 'noted', note });
  const shortfall = detectShortfall(stock, level.location, level, events);
  return shortfall ? [...events, shortfall] : events;
}

type Moved = Extract<StockEvent, { kind: 'stock_moved' }>;
interface Counted {
  readonly moved: Moved;
  readonly note?: Note;
}

function countWhole(count: StockFact, level: Level, context: FactContext): Counted | undefined {
  const { location, quantity } = count;
  const countedAtMs = context.occurredAtMs;
  if (level.countedAtMs !== null && countedAtMs < level.countedAtMs) return undefined;
  const after = level.newestFactAtMs > countedAtMs ? context.onHandChangedAfter(location, countedAtMs) : 0;
  const expectedUnits = level.onHand - after;
  const difference = quantity + after - level.onHand;
  const moved: Moved = {
    kind: 'stock_moved',
    location,
    change: { onHand: difference },
    factAtMs: countedAtMs,
    counted: {
      atMs: countedAtMs,
      accuracy: nextAccuracy(level, expectedUnits, quantity),
    },
  };
  if (level.lots === undefined && level.serials === undefined && count.serials === undefined) return { moved };
  const day = dayAt(context.reference.findLocation(location), countedAtMs);
  const serials = serialsOf(count, level, context);
  const { note, ...traced } = traceCount(level, difference, serials, { atMs: countedAtMs, day });
  return { moved: { ...moved, ...traced }, ...(note ? { note } : {}) };
}

/** Neither time nor accuracy of the level change: the rest was not looked at. */
function countLot(lot: string, count: StockFact, level: Level, context: FactContext): Counted | undefined {
  const { location, quantity, expiresOn } = count;
  const countedAtMs = context.occurredAtMs;
  const layer = findLayer(level, lot);
  const last = Math.max(level.countedAtMs ?? 0, layer?.countedAtMs ?? 0);
  if (countedAtMs < last) return undefined;
  const after = level.newestFactAtMs > countedAtMs ? context.onHandChangedAfter(location, countedAtMs, lot) : 0;
  const difference = quantity + after - (layer?.onHand ?? 0);
  const serials = serialsOf(count, level, context);
  const moved: Moved = {
    kind: 'stock_moved',
    location,
    change: { onHand: difference },
    factAtMs: countedAtMs,
    lots: {
      atMs: countedAtMs,
      changes: [{ lot, onHand: difference }],
      told: { lot, countedAtMs, ...(expiresOn === undefined ? {} : { expiresOn }) },
    },
    ...(serials === undefined ? {} : { serials: serialsCounted(level, serials, lot) }),
  };
  return serials !== undefined && isOfOtherLot(level, serials, lot) ? { moved, note: 'serial_lot_differs' } : { moved };
}

/** A count that comes late cannot say which serial numbers stand there now. */
const serialsOf = ({ serials }: StockFact, level: Level, { occurredAtMs }: FactContext) =>
  level.newestFactAtMs > occurredAtMs ? undefined : serials;

/** A count that opens a level finds nothing wrong: nothing was known yet. */
function nextAccuracy(before: Level, expectedUnits: number, countedUnits: number): number {
  const first = before.countedAtMs === null;
  if (first && before.newestFactAtMs === 0) return 1;
  const wrong = Math.abs(countedUnits - expectedUnits) / Math.max(expectedUnits, countedUnits, 1);
  const now = Math.max(0, 1 - wrong);
  return first ? now : before.accuracy * (1 - NEWEST_WEIGHT) + now * NEWEST_WEIGHT;
}
