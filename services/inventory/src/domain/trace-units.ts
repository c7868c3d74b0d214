import type { LotBucket } from '@shelfline/contracts/lot';
import {
  bring,
  findLayer,
  type LotChange,
  type LotChanges,
  lotsAfter,
  type Moment,
  summed,
  takeUnnamed,
} from './lots.js';
import { lotsOfSerials, type SerialAt, type SerialsChange, serialsNamed } from './serials.js';
import type { Level, Note, Stock, StockEvent } from './stock.js';

/** What a record says of the units it moves. */
export interface Named {
  readonly lot?: string;
  readonly expiresOn?: string;
  readonly serials?: readonly string[];
}
/** What a move does to lots and serial numbers, beside what it does to the level. */
export interface Traced {
  readonly lots?: LotChanges;
  readonly serials?: SerialsChange;
  readonly note?: Note;
}

export const namesUnits = ({ lot, serials }: Named): boolean => lot !== undefined || serials !== undefined;

/** The lot that a record is about: told, or that of all its serial numbers. */
export function namedLot(level: Level, { lot, serials }: Named, units: number): string | undefined {
  if (lot !== undefined || serials === undefined) return lot;
  const named = serialsNamed(serials, Math.abs(units));
  const found = knownLots(level, named);
  const [first = ''] = found.values();
  const isOne = found.size === Math.abs(units) && [...found.values()].every((other) => other === first);
  return isOne && first !== '' ? first : undefined;
}

/** Of serial numbers that stand there, the lots; '' where there is none, or none any more. */
export function knownLots(level: Level, serials: readonly string[]): Map<string, string> {
  const found = lotsOfSerials(level.serials, serials);
  for (const [serial, lot] of found) if (lot !== '' && !findLayer(level, lot)) found.set(serial, '');
  return found;
}

/** A piece is known to be of another lot than is told. */
export const namesOtherLot = (known: ReadonlyMap<string, string>, lot: string): boolean =>
  [...known.values()].some((other) => other !== '' && other !== lot);

/** A count has seen what occurred before it: one of the whole level, or one of the lot. */
export const isCounted = (level: Level, lot: string | undefined, atMs: number): boolean =>
  (level.countedAtMs !== null && atMs <= level.countedAtMs) || (lot !== undefined && isLotCounted(level, lot, atMs));
function isLotCounted(level: Level, lot: string, atMs: number): boolean {
  const { countedAtMs = null } = findLayer(level, lot) ?? {};
  return countedAtMs !== null && atMs <= countedAtMs;
}

/** Units come (above 0) or leave. */
export function traceUnits(level: Level, units: number, named: Named, moment: Moment): Traced {
  const lot = namedLot(level, named, units);
  if (isCounted(level, lot, moment.atMs)) return traceCounted(level, units, lot, named, moment);
  return units >= 0 ? traceInflow(level, units, lot, named, moment) : traceOutflow(level, -units, lot, named, moment);
}

/**
 * A count of the whole has seen the units, but it named no lot: which lot they are of is learnt now. Never more than
 * is there without a lot, nor of what left more than is there of the lot. Where a count of the lot has seen them, nothing
 * is learnt. Which serial numbers stood there at the count nobody can say.
 */
function traceCounted(level: Level, units: number, lot: string | undefined, named: Named, { atMs }: Moment): Traced {
  if (lot === undefined || isLotCounted(level, lot, atMs)) return {};
  if (units >= 0) return { lots: { atMs, changes: bring(level, lot, units, 0), told: { ...told(named), lot } } };
  const left = Math.min(-units, Math.max(0, findLayer(level, lot)?.onHand ?? 0));
  return left > 0 ? { lots: { atMs, changes: [{ lot, onHand: -left }] } } : {};
}

function traceInflow(level: Level, units: number, lot: string | undefined, named: Named, { atMs }: Moment): Traced {
  const serials = serialsNamed(named.serials, units);
  const isRepeated = lotsOfSerials(level.serials, serials).size > 0;
  return {
    ...(lot === undefined
      ? {}
      : { lots: { atMs, changes: bring(level, lot, units, units), told: { ...told(named), lot } } }),
    ...(serials.length > 0 ? { serials: { added: serials.map((serial): SerialAt => [serial, lot ?? '']) } } : {}),
    ...(isRepeated ? { note: 'serial_repeated' } : {}),
  };
}

function traceOutflow(level: Level, units: number, lot: string | undefined, named: Named, moment: Moment): Traced {
  const serials = serialsNamed(named.serials, units);
  const known = knownLots(level, serials);
  const changes = lot === undefined ? takeBySerials(level, units, known, moment) : [{ lot, onHand: -units }];
  const isShort = lot !== undefined && (findLayer(level, lot)?.onHand ?? 0) < units;
  const isOfOther = lot !== undefined && namesOtherLot(known, lot);
  const note = isShort
    ? 'lot_short'
    : isOfOther
      ? 'serial_lot_differs'
      : known.size < serials.length
        ? 'serial_unknown'
        : undefined;
  return {
    ...(changes.length > 0
      ? { lots: { atMs: moment.atMs, changes, ...(lot === undefined ? {} : { told: { ...told(named), lot } }) } }
      : {}),
    ...(known.size > 0 ? { serials: { removed: [...known.keys()] } } : {}),
    ...(note ? { note } : {}),
  };
}

/** Units whose serial numbers are known leave their lots; the others as where nobody names any. */
function takeBySerials(level: Level, units: number, known: ReadonlyMap<string, string>, moment: Moment): LotChange[] {
  if (known.size === 0) return takeUnnamed(level, units, moment);
  const changes: LotChange[] = [...known.values()].filter((lot) => lot !== '').map((lot) => ({ lot, onHand: -1 }));
  const lots = lotsAfter(level.lots ?? [], { atMs: moment.atMs, changes });
  const rest = takeUnnamed({ onHand: level.onHand - known.size, lots }, units - known.size, moment);
  return summed([...changes, ...rest]);
}

/** Units stay, and are damaged or held: those of a lot that is told, or known by serial numbers. */
export function traceHeld(
  level: Level,
  bucket: Exclude<LotBucket, 'onHand'>,
  units: number,
  named: Named,
  atMs: number,
): Traced {
  const lot = namedLot(level, named, units);
  if (lot === undefined) return {};
  return {
    lots: { atMs, changes: [{ lot, [bucket]: units }], told: { ...told(named), lot } },
  };
}

/** A serial number stands in one place: what comes here is, whatever was said before, no longer elsewhere. */
export function* leavingElsewhere(stock: Stock, location: string, serials: readonly string[]): Generator<StockEvent> {
  if (serials.length === 0) return;
  for (const level of stock.levels.values()) {
    if (level.location === location) continue;
    const removed = [...lotsOfSerials(level.serials, serials).keys()];
    if (removed.length > 0) yield { kind: 'stock_moved', location: level.location, change: {}, serials: { removed } };
  }
}

const told = ({ expiresOn }: Named) => (expiresOn === undefined ? {} : { expiresOn });
