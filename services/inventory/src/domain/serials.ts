import { MOST_SERIALS } from '@shelfline/contracts/lot';

/** A serial number that stands at a level, and its lot; '' where nobody told one. */
export type SerialAt = readonly [serial: string, lot: string];

export interface SerialsChange {
  readonly added?: readonly SerialAt[];
  readonly removed?: readonly string[];
}

/** In the order in which they came; of more than a level remembers, the last. */
export function serialsAfter(before: readonly SerialAt[], { added = [], removed = [] }: SerialsChange) {
  const replaced = new Set(removed);
  for (const [serial] of added) replaced.add(serial);
  const after = [...before.filter(([serial]) => !replaced.has(serial)), ...added];
  return after.length > MOST_SERIALS ? after.slice(after.length - MOST_SERIALS) : after;
}

/** No more than there are units, each once: a serial number names one piece. */
export const serialsNamed = (serials: readonly string[] | undefined, units: number): readonly string[] =>
  serials === undefined ? [] : [...new Set(serials)].slice(0, units);

/** What `known` holds, by serial number; looked at again and again as long as the list is the same. */
const indexed = new WeakMap<readonly SerialAt[], ReadonlyMap<string, string>>();
function indexOf(known: readonly SerialAt[]): ReadonlyMap<string, string> {
  let index = indexed.get(known);
  if (!index) indexed.set(known, (index = new Map(known)));
  return index;
}

/** Lots of serial numbers that stand there; others are left out. */
export function lotsOfSerials(known: readonly SerialAt[] | undefined, serials: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  if (known === undefined || known.length === 0) return found;
  for (const serial of serials) {
    const lot = indexOf(known).get(serial);
    if (lot !== undefined) found.set(serial, lot);
  }
  return found;
}

/** A lot that the level holds no more has no units there, so that no serial number brings it back. */
export function serialsOfLots(serials: readonly SerialAt[], lots: readonly { readonly lot: string }[]) {
  const names = new Set(lots.map(({ lot }) => lot)).add('');
  if (serials.every(([, lot]) => names.has(lot))) return serials;
  return serials.map((at): SerialAt => (names.has(at[1]) ? at : [at[0], '']));
}
