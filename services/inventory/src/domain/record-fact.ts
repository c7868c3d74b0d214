import type { StockFact } from '@shelfline/contracts/stock-delta';
import { dayAt } from './calendar-day.js';
import { detectShortfall } from './detect-shortfall.js';
import { FORGOTTEN_ONES, lowerExpectation, NAMELESS, raiseExpectation } from './expectations.js';
import type { FactContext } from './fact-context.js';
import { holdArrival } from './hold-arrival.js';
import { keepPromises, withdrawPromises } from './incoming-promises.js';
import { findLayer } from './lots.js';
import { movePromises } from './move-promises.js';
import { recordCount } from './record-count.js';
import { emptyLevel, type Level, type LevelChange, type Stock, type StockEvent } from './stock.js';
import { isCounted, leavingElsewhere, namedLot, namesUnits, traceHeld, traceUnits } from './trace-units.js';

/**
 * Decides what a fact does. Facts are never refused: a till sale happened. What occurred at or before a count that is
 * already in the ledger was counted with the rest, so it no longer moves onHand.
 */
export function recordFact(fact: StockFact, stock: Stock, context: FactContext): StockEvent[] {
  const events = decideFact(fact, stock, context);
  if (!tellsAnotherDay(fact, stock, events)) return events;
  // Units may be sold past their day by it: it is told before whatever else there is to tell.
  return [...events.filter(({ kind }) => kind !== 'noted'), { kind: 'noted', note: 'last_day_differs' }];
}

function tellsAnotherDay({ lot, expiresOn }: StockFact, stock: Stock, events: readonly StockEvent[]): boolean {
  if (lot === undefined || expiresOn === undefined) return false;
  const isHeard = events.some((event) => event.kind === 'stock_moved' && event.lots?.told?.expiresOn === expiresOn);
  return isHeard && [...stock.levels.values()].some((level) => isAnother(findLayer(level, lot)?.expiresOn, expiresOn));
}
const isAnother = (known: string | null | undefined, told: string): boolean => Boolean(known) && known !== told;

function decideFact(fact: StockFact, stock: Stock, context: FactContext): StockEvent[] {
  if (fact.type === 'count') return recordCount(fact, stock, context);
  const level = stock.levels.get(fact.location) ?? emptyLevel(fact.location);
  const moved = holdArrival(fact, stock, moves(fact, level, stock, context));
  const events = level.promisedIncoming === undefined ? moved : withPromises(fact, level, moved, stock);
  const shortfall = detectShortfall(stock, fact.location, level, events);
  return shortfall ? [...events, shortfall] : events;
}

const TELLS_OF_DELIVERIES: ReadonlySet<StockFact['type']> = new Set(['expect', 'receipt', 'transfer_in'] as const);

function withPromises(fact: StockFact, level: Level, moved: readonly StockEvent[], stock: Stock): StockEvent[] {
  if (!TELLS_OF_DELIVERIES.has(fact.type)) return [...moved];
  const events = [...moved, ...promisesAfter(fact, level, moved, stock)];
  return [...events, ...movePromises(level, events, stock)];
}

/** What comes in is given to who waits for it, and of what does not come any more nothing stays promised. */
function promisesAfter(fact: StockFact, level: Level, moved: readonly StockEvent[], stock: Stock): StockEvent[] {
  const { location, quantity } = fact;
  const sumOf = (bucket: 'incoming' | 'reserved') =>
    moved.reduce(
      (sum, event) =>
        sum + (event.kind === 'stock_moved' && event.location === location ? (event.change[bucket] ?? 0) : 0),
      0,
    );
  const incoming = level.incoming + sumOf('incoming');
  if (fact.type === 'expect') return withdrawPromises(location, incoming, stock);
  // What came for somebody is his, and nobody else's promise is kept with it.
  const units = quantity - sumOf('reserved');
  const isShort = (level.promisedIncoming ?? 0) - units > Math.max(0, incoming);
  return isShort ? withdrawPromises(location, incoming, stock) : keepPromises(location, units, stock);
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
      if ((fact as { withdrawn?: boolean }).withdrawn) {
        const { expected, lowered } = lowerExpectation(level.expected, reference, quantity, FORGOTTEN_ONES);
        return [{ kind: 'stock_moved', location, change: { incoming: -lowered }, expected }];
      }
      const { expectedAt } = fact as { expectedAt?: string };
      const atMs = expectedAt === undefined ? undefined : Date.parse(expectedAt);
      const expected = raiseExpectation(level.expected, reference, quantity, atMs);
      return [{ kind: 'stock_moved', location, change: { incoming: quantity }, expected }];
    }
    case 'receipt':
    case 'transfer_in': {
      // Transfers know what they told to expect: what one brings for somebody, or takes back, nobody expected.
      const otherwise = fact.type === 'receipt' ? NAMELESS : fact.heldFor ? [] : FORGOTTEN_ONES;
      const { expected, lowered } = lowerExpectation(level.expected, fact.reference, quantity, otherwise);
      return onHandMoves(fact, quantity, level, stock, context, lowered > 0 ? { incoming: -lowered } : {}, expected);
    }
    case 'sale':
      return onHandMoves(fact, -quantity, level, stock, context);
    case 'return':
      return onHandMoves(fact, quantity, level, stock, context);
    case 'adjustment':
      switch (fact.bucket ?? 'on_hand') {
        case 'on_hand':
          return onHandMoves(fact, quantity, level, stock, context);
        case 'damaged':
          return [held(fact, 'damaged', level, context)];
        case 'quality_control':
          return [held(fact, 'qualityControl', level, context)];
      }
    // falls through: every bucket has returned
    case 'damage':
      return [held(fact, 'damaged', level, context)];
    case 'transfer_out': {
      const out = onHandMoves(fact, -quantity, level, stock, context);
      const { toLocation } = fact as { toLocation?: string };
      if (toLocation === undefined) return out;
      const expected = raiseExpectation(stock.levels.get(toLocation)?.expected ?? [], reference, quantity);
      return [...out, { kind: 'stock_moved', location: toLocation, change: { incoming: quantity }, expected }];
    }
  }
}

function onHandMoves(
  fact: StockFact,
  units: number,
  level: Level,
  stock: Stock,
  { occurredAtMs, reference }: FactContext,
  other: LevelChange = {},
  expected?: Level['expected'],
): StockEvent[] {
  const absorbed = isCounted(level, namedLot(level, fact, units), occurredAtMs);
  const change = absorbed ? other : { onHand: units, ...other };
  const moved: StockEvent = {
    kind: 'stock_moved',
    location: level.location,
    change,
    ...(absorbed ? {} : { factAtMs: occurredAtMs }),
    ...(expected ? { expected } : {}),
  };
  if (level.lots === undefined && !namesUnits(fact)) return absorbed ? [moved, ABSORBED] : [moved];
  const day = dayAt(reference.findLocation(level.location), occurredAtMs);
  const named = units >= 0 ? withLastDay(fact, namedLot(level, fact, units), level, stock) : fact;
  const { note, ...traced } = traceUnits(level, units, named, { atMs: occurredAtMs, day });
  const elsewhere = [
    ...leavingElsewhere(stock, level.location, traced.serials?.added?.map(([serial]) => serial) ?? []),
  ];
  const said = elsewhere.length > 0 ? 'serial_repeated' : note;
  const events = [{ ...moved, ...traced }, ...elsewhere];
  if (absorbed) return [...events, ABSORBED];
  return said ? [...events, { kind: 'noted', note: said }] : events;
}

/** A lot has one last day wherever it stands: who moves it on without telling the day must not make it fresh. */
function withLastDay(fact: StockFact, lot: string | undefined, { location }: Level, stock: Stock): StockFact {
  if (lot === undefined || fact.expiresOn !== undefined) return fact;
  const here = stock.levels.get(location);
  if (here && findLayer(here, lot)?.expiresOn) return fact;
  for (const other of stock.levels.values()) {
    const expiresOn = findLayer(other, lot)?.expiresOn;
    if (expiresOn) return { ...fact, expiresOn };
  }
  return fact;
}

const ABSORBED: StockEvent = { kind: 'noted', note: 'absorbed_by_count' };

function held(
  fact: StockFact,
  bucket: 'damaged' | 'qualityControl',
  level: Level,
  { occurredAtMs }: FactContext,
): StockEvent {
  const { location, quantity } = fact;
  const moved: StockEvent = { kind: 'stock_moved', location, change: { [bucket]: quantity } };
  return namesUnits(fact) ? { ...moved, ...traceHeld(level, bucket, quantity, fact, occurredAtMs) } : moved;
}
