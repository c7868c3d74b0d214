import type { OpenExpectation } from './stock.js';

/** Documents a level remembers; beyond this the oldest are merged, and their names forgotten. */
export const MOST_OPEN = 200;
const UNNAMED = '';
const FORGOTTEN = '\u0001forgotten';

/** `atMs`: when they are expected, as the document tells now; what it told before stands where it tells nothing. */
export function raiseExpectation(
  open: readonly OpenExpectation[],
  reference: string,
  units: number,
  atMs?: number,
): readonly OpenExpectation[] {
  const same = open.findIndex((e) => e.reference === reference);
  const due = atMs === undefined ? {} : { atMs };
  if (same >= 0) return open.map((e, i) => (i === same ? { ...e, ...due, units: e.units + units } : e));
  if (units === 0) return open;
  const raised = [...open, { reference, units, ...due }];
  if (raised.length <= MOST_OPEN) return raised;
  const [oldest, second, ...rest] = raised as [OpenExpectation, OpenExpectation, ...OpenExpectation[]];
  return [merged(oldest, second), ...rest];
}

/** Expected by the later of both; nobody can tell where one has no date. */
function merged(a: OpenExpectation, b: OpenExpectation): OpenExpectation {
  const due = a.atMs === undefined || b.atMs === undefined ? {} : { atMs: Math.max(a.atMs, b.atMs) };
  return { reference: FORGOTTEN, units: a.units + b.units, ...due };
}

/** Whose document is not known may be one whose name was forgotten. */
export const FORGOTTEN_ONES: readonly string[] = [FORGOTTEN];
/** Or was told without a document; also where documents were merged by a former version. */
export const NAMELESS: readonly string[] = [FORGOTTEN, UNNAMED];

/**
 * What arrived is no longer expected: of its own document, or of the oldest ones where it names none. Of a document that
 * is not known it is one of `otherwise`: its own may have lost its name, and units that are here must not be expected too,
 * or they would be promised twice. More than was expected lowers no further than 0.
 */
export function lowerExpectation(
  open: readonly OpenExpectation[],
  reference: string | undefined,
  units: number,
  otherwise: readonly string[],
): { expected: readonly OpenExpectation[]; lowered: number } {
  let left = units;
  const isKnown = open.some((one) => one.reference === reference);
  const expected: OpenExpectation[] = [];
  for (const expectation of open) {
    const isOwn = isKnown ? expectation.reference === reference : otherwise.includes(expectation.reference);
    const mine = reference === undefined || isOwn;
    const taken = mine ? Math.min(left, expectation.units) : 0;
    left -= taken;
    if (expectation.units > taken) expected.push({ ...expectation, units: expectation.units - taken });
  }
  return { expected, lowered: units - left };
}

const inOrder = new WeakMap<readonly OpenExpectation[], readonly OpenExpectation[]>();

/** Of which nobody has told the day, last. Sorted once for each change of a list, and not for each sale beside it. */
export function earliestFirst(open: readonly OpenExpectation[]): readonly OpenExpectation[] {
  let sorted = inOrder.get(open);
  if (!sorted) inOrder.set(open, (sorted = open.toSorted((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity))));
  return sorted;
}

/** When the given number of expected units will be there, the earliest first; undefined where it is not told of them all. */
export function expectedBy(open: readonly OpenExpectation[], units: number): number | undefined {
  let there = 0;
  for (const { units: more, atMs } of earliestFirst(open)) {
    there += more;
    if (there >= units) return atMs;
  }
  return undefined;
}
