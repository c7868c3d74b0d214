import type { StockFact } from '@shelfline/contracts/stock-delta';
import { detectShortfall } from './detect-shortfall.js';
import { lowerExpectation, raiseExpectation } from './expectations.js';
import type { FactContext } from './fact-context.js';
import { recordCount } from './record-count.js';
import { emptyLevel, type Level, type LevelChange, type Stock, type StockEvent } from './stock.js';

/**
 * Decides what a fact does. Facts are never refused: a till sale happened. What occurred at or before a count that is
 * already in the ledger was counted with the rest, so it no longer moves onHand.
 */
export function recordFact(fact: StockFact, stock: Stock, context: FactContext): StockEvent[] {
  if (fact.type === 'count') return recordCount(fact, stock, context);
  const level = stock.levels.get(fact.location) ?? emptyLevel(fact.location);
  const events = moves(fact, level, stock, context);
  const shortfall = detectShortfall(stock, fact.location, level, events);
  return shortfall ? [...events, shortfall] : events;
}

function moves(
  fact: Exclude<StockFact, { type: 'count' }>,
  level: Level,
  stock: Stock,
  context: FactContext,
): StockEvent[] {
  const { quantity, location, reference = '' } = fact;
  switch (fact.type) {
    case 'expect': {
      const expected = raiseExpectation(level.expected, reference, quantity);
      return [{ kind: 'stock_moved', location, change: { incoming: quantity }, expected }];
    }
    case 'receipt':
    case 'transfer_in': {
      const { expected, lowered } = lowerExpectation(level.expected, fact.reference, quantity);
      return onHandMoves(level, quantity, context, lowered > 0 ? { incoming: -lowered } : {}, expected);
    }
    case 'sale':
      return onHandMoves(level, -quantity, context);
    case 'return':
      return onHandMoves(level, quantity, context);
    case 'adjustment':
      switch (fact.bucket ?? 'on_hand') {
        case 'on_hand':
          return onHandMoves(level, quantity, context);
        case 'damaged':
          return [{ kind: 'stock_moved', location, change: { damaged: quantity } }];
        case 'quality_control':
          return [{ kind: 'stock_moved', location, change: { qualityControl: quantity } }];
      }
    // falls through: every bucket has returned
    case 'damage':
      return [{ kind: 'stock_moved', location, change: { damaged: quantity } }];
    case 'transfer_out': {
      const out = onHandMoves(level, -quantity, context);
      const { toLocation } = fact as { toLocation?: string };
      if (toLocation === undefined) return out;
      const expected = raiseExpectation(stock.levels.get(toLocation)?.expected ?? [], reference, quantity);
      return [...out, { kind: 'stock_moved', location: toLocation, change: { incoming: quantity }, expected }];
    }
  }
}

function onHandMoves(
  level: Level,
  units: number,
  { occurredAtMs }: FactContext,
  other: LevelChange = {},
  expected?: Level['expected'],
): StockEvent[] {
  const absorbed = level.countedAtMs !== null && occurredAtMs <= level.countedAtMs;
  const change = absorbed ? other : { onHand: units, ...other };
  const moved: StockEvent = {
    kind: 'stock_moved',
    location: level.location,
    change,
    ...(absorbed ? {} : { factAtMs: occurredAtMs }),
    ...(expected ? { expected } : {}),
  };
  return absorbed ? [moved, { kind: 'noted', note: 'absorbed_by_count' }] : [moved];
}
