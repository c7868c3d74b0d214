import type { StockFact } from '@shelfline/contracts/stock-delta';
import { detectShortfall } from './detect-shortfall.js';
import type { FactContext } from './fact-context.js';
import { emptyLevel, type Level, type Stock, type StockEvent } from './stock.js';

/** Weight of the newest count in the running accuracy. */
const NEWEST_WEIGHT = 0.5;

/**
 * A count says what stood there when it was taken; facts that occurred after it stay on top. A count older than the
 * newest one changes nothing.
 */
export function recordCount(count: StockFact, stock: Stock, context: FactContext): StockEvent[] {
  const { location, quantity } = count;
  const countedAtMs = context.occurredAtMs;
  const level = stock.levels.get(location) ?? emptyLevel(location);
  if (level.countedAtMs !== null && countedAtMs < level.countedAtMs)
    return [
      { kind: 'stock_moved', location, change: {} },
      { kind: 'noted', note: 'superseded_count' },
    ];
  const after = level.newestFactAtMs > countedAtMs ? context.onHandChangedAfter(location, countedAtMs) : 0;
  const expectedUnits = level.onHand - after;
  const counted: StockEvent = {
    kind: 'stock_moved',
    location,
    change: { onHand: quantity + after - level.onHand },
    factAtMs: countedAtMs,
    counted: {
      atMs: countedAtMs,
      accuracy: nextAccuracy(level, expectedUnits, quantity),
    },
  };
  const shortfall = detectShortfall(stock, location, level, [counted]);
  return shortfall ? [counted, shortfall] : [counted];
}

/** A count that opens a level finds nothing wrong: nothing was known yet. */
function nextAccuracy(before: Level, expectedUnits: number, countedUnits: number): number {
  const first = before.countedAtMs === null;
  if (first && before.newestFactAtMs === 0) return 1;
  const wrong = Math.abs(countedUnits - expectedUnits) / Math.max(expectedUnits, countedUnits, 1);
  const now = Math.max(0, 1 - wrong);
  return first ? now : before.accuracy * (1 - NEWEST_WEIGHT) + now * NEWEST_WEIGHT;
}
