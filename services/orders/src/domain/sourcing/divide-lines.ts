import type { SourcingLine } from './filter-places.js';

export interface Share {
  readonly location: string;
  readonly lines: readonly SourcingLine[];
}

export interface Divided {
  readonly shares: readonly Share[];
  readonly unplaced: readonly SourcingLine[];
}

interface Stock {
  readonly location: string;
  readonly units: ReadonlyMap<string, number>;
}

/**
 * Which place gives what, the places of the plan being chosen, best first. A line comes whole from the best place that
 * has all of it; where none has, from as few as possible: most units first. Large lines choose before small ones.
 * Every place of a plan gives something, since a plan holds none that adds nothing.
 */
export function divideLines(lines: readonly SourcingLine[], places: readonly Stock[]): Divided {
  const left = places.map(({ units }) => new Map(units));
  const given = places.map(() => new Map<string, number>());
  const missing = new Map<string, number>();
  const largestFirst = [...lines].sort((a, b) => b.quantity - a.quantity);
  for (const { lineId, sku, quantity } of largestFirst) {
    let wanted = quantity;
    while (wanted > 0) {
      const p = giverOf(sku, wanted, left);
      if (p === -1) break;
      const has = left[p]!.get(sku)!;
      const units = Math.min(has, wanted);
      left[p]!.set(sku, has - units);
      given[p]!.set(lineId, (given[p]!.get(lineId) ?? 0) + units);
      wanted -= units;
    }
    if (wanted > 0) missing.set(lineId, wanted);
  }
  const linesOf = (units: ReadonlyMap<string, number>): SourcingLine[] =>
    lines.flatMap((line) => {
      const quantity = units.get(line.lineId);
      return quantity === undefined ? [] : [{ lineId: line.lineId, sku: line.sku, quantity }];
    });
  const shares = places.map(({ location }, p) => ({ location, lines: linesOf(given[p]!) }));
  return { shares: shares.filter((share) => share.lines.length > 0), unplaced: linesOf(missing) };
}

function giverOf(sku: string, wanted: number, left: readonly ReadonlyMap<string, number>[]): number {
  const whole = left.findIndex((units) => (units.get(sku) ?? 0) >= wanted);
  if (whole !== -1) return whole;
  let most = -1;
  left.forEach((units, p) => {
    const has = units.get(sku) ?? 0;
    if (has > 0 && (most === -1 || has > left[most]!.get(sku)!)) most = p;
  });
  return most;
}
