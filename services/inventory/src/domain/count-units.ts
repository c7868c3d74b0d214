import { findLayer, findUnits, type LotChange, lotsAfter, type Moment } from './lots.js';
import { seenByLot, takeMissing } from './missing-units.js';
import type { SerialAt, SerialsChange } from './serials.js';
import type { Level } from './stock.js';
import { knownLots, namesOtherLot, type Traced } from './trace-units.js';

/** What a count of the whole found more or less; with serial numbers, these are the ones that stand there. */
export function traceCount(
  level: Level,
  difference: number,
  serials: readonly string[] | undefined,
  moment: Moment,
): Traced {
  const changes = difference < 0 ? takeMissing(level, -difference, serials, moment) : findUnits(level, difference);
  return {
    ...(changes.length > 0 ? { lots: { atMs: moment.atMs, changes } } : {}),
    ...(serials === undefined ? {} : { serials: serialsCounted(level, serials, undefined) }),
    ...(serials !== undefined && isMoreSeenThanLeft(level, serials, changes, moment)
      ? { note: 'serial_lot_differs' as const }
      : {}),
  };
}

/** Of a lot that was counted, or of the whole. */
export function serialsCounted(level: Level, serials: readonly string[], lot: string | undefined): SerialsChange {
  const known = knownLots(level, serials);
  const counted = new Set(serials);
  const gone = (level.serials ?? []).filter(
    ([serial, of]) => !counted.has(serial) && (lot === undefined || of === lot),
  );
  return {
    added: [...counted].map((serial): SerialAt => [serial, lot ?? known.get(serial) ?? '']),
    removed: gone.map(([serial]) => serial),
  };
}

/** The numbers say that more of a lot stands there than the lots do, which a count of the whole does not set. */
function isMoreSeenThanLeft(
  level: Level,
  serials: readonly string[],
  changes: readonly LotChange[],
  { atMs }: Moment,
): boolean {
  const stock = { onHand: level.onHand, lots: lotsAfter(level.lots ?? [], { atMs, changes }) };
  return [...seenByLot(level, serials)].some(
    ([lot, seen]) => lot !== '' && seen > (findLayer(stock, lot)?.onHand ?? 0),
  );
}

/** A piece of another lot was found in one that was counted: it is of this one from now on. */
export const isOfOtherLot = (level: Level, serials: readonly string[], lot: string): boolean =>
  namesOtherLot(knownLots(level, serials), lot);
