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

/** Lots of serial numbers that stand there; others are left out. */
export function lotsOfSerials(known: readonly SerialAt[] | undefined, serials: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  if (known === undefined || serials.length === 0) return found;
  const wanted = new Set(serials);
  for (const [serial, lot] of known) if (wanted.has(serial)) found.set(serial, lot);
  return found;
}
