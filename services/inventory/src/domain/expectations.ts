import type { OpenExpectation } from './stock.js';

/** Documents a level remembers; beyond this the oldest are merged into one without a name. */
const MOST_OPEN = 200;

export function raiseExpectation(
  open: readonly OpenExpectation[],
  reference: string,
  units: number,
): readonly OpenExpectation[] {
  if (units === 0) return open;
  const same = open.findIndex((e) => e.reference === reference);
  if (same >= 0) return open.map((e, i) => (i === same ? { reference, units: e.units + units } : e));
  const raised = [...open, { reference, units }];
  if (raised.length <= MOST_OPEN) return raised;
  const [oldest, second, ...rest] = raised as [OpenExpectation, OpenExpectation, ...OpenExpectation[]];
  return [{ reference: '', units: oldest.units + second.units }, ...rest];
}

/**
 * What arrived is no longer expected: of its own document, or of the oldest ones where it names none. More than was
 * expected lowers no further than 0.
 */
export function lowerExpectation(
  open: readonly OpenExpectation[],
  reference: string | undefined,
  units: number,
): { expected: readonly OpenExpectation[]; lowered: number } {
  let left = units;
  const expected: OpenExpectation[] = [];
  for (const expectation of open) {
    const mine = reference === undefined || expectation.reference === reference;
    const taken = mine ? Math.min(left, expectation.units) : 0;
    left -= taken;
    if (expectation.units > taken) expected.push({ ...expectation, units: expectation.units - taken });
  }
  return { expected, lowered: units - left };
}
