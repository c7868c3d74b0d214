import type { CoverProblem } from './cover-problem.js';

/** What places have, one place after another: of place `p` the cells from `starts[p]` to just before `starts[p + 1]`. */
export interface CoverCells {
  readonly starts: Int32Array;
  readonly articleAt: Int32Array;
  /** More than 0. */
  readonly unitsAt: Int32Array;
}

/** Most places have few of the articles: a search that looks at nothing else looks at these in a fraction of the time. */
export function cellsOf({ units, needs }: CoverProblem): CoverCells {
  const starts = new Int32Array(units.length + 1);
  const articleAt = new Int32Array(units.length * needs.length);
  const unitsAt = new Int32Array(units.length * needs.length);
  let cell = 0;
  for (let p = 0; p < units.length; p++) {
    const row = units[p]!;
    for (let a = 0; a < row.length; a++) {
      if (row[a] === 0) continue;
      articleAt[cell] = a;
      unitsAt[cell] = row[a]!;
      cell++;
    }
    starts[p + 1] = cell;
  }
  return { starts, articleAt, unitsAt };
}
