import type { CoverCells } from './cover-cells.js';
import type { Rest } from './cover-prices.js';

/** What is left at one depth of a search by prices; made once and used for every branch that comes there. */
export interface Frame extends Rest {
  placesLeft: number;
  readonly options: Int32Array;
  /** As they were before a branch: what is left of the order, what it costs, the prices of a level. */
  readonly remainingBefore: Int32Array;
  readonly costBefore: Float64Array;
  readonly pricesBefore: Float64Array;
}

export const frameFor = (remaining: Int32Array, cost: Float64Array, places: number): Frame => ({
  remaining,
  cost,
  placesLeft: 0,
  alive: new Int32Array(places),
  count: 0,
  options: new Int32Array(places),
  remainingBefore: new Int32Array(remaining.length),
  costBefore: new Float64Array(cost.length),
  pricesBefore: new Float64Array(remaining.length + cost.length),
});

/** Of the first `count` places those that were not tried and have some of what is left. */
export function keepUseful(
  frame: Frame,
  { starts, articleAt }: CoverCells,
  isTried: Uint8Array,
  from: Int32Array,
  count: number,
): void {
  const { alive, remaining } = frame;
  let kept = 0;
  for (let k = 0; k < count; k++) {
    const p = from[k]!;
    if (isTried[p] === 1) continue;
    let i = starts[p]!;
    while (i < starts[p + 1]! && remaining[articleAt[i]!] === 0) i++;
    if (i < starts[p + 1]!) alive[kept++] = p;
  }
  frame.count = kept;
}

/** The lacking article that fewest places have; -1: one cannot be served any more. */
export function scarcestOf(
  { alive, count, remaining }: Frame,
  { starts, articleAt, unitsAt }: CoverCells,
  mayGiveUp: boolean,
): number {
  const places = new Int32Array(remaining.length);
  const units = new Int32Array(remaining.length);
  for (let k = 0; k < count; k++) {
    const p = alive[k]!;
    for (let i = starts[p]!; i < starts[p + 1]!; i++) {
      places[articleAt[i]!]!++;
      units[articleAt[i]!]! += unitsAt[i]!;
    }
  }
  let found = -1;
  for (let a = 0; a < remaining.length; a++) {
    if (remaining[a] === 0) continue;
    if (!mayGiveUp && units[a]! < remaining[a]!) return -1;
    if (found === -1 || places[a]! < places[found]!) found = a;
  }
  return found;
}

/** Those that have the article, the one charged least beyond its worth first; answers how many there are. */
export function layOptions(
  { alive, count, options }: Frame,
  article: number,
  units: readonly (readonly number[])[],
  reduced: Float64Array,
): number {
  let found = 0;
  for (let k = 0; k < count; k++) {
    const p = alive[k]!;
    if (units[p]![article] === 0) continue;
    let i = found++;
    for (; i > 0 && reduced[options[i - 1]!]! > reduced[p]!; i--) options[i] = options[i - 1]!;
    options[i] = p;
  }
  return found;
}
