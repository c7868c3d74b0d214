import { type Cover, type CoverProblem, coverOf } from './cover-problem.js';

/** The plan, after exchanging its places one by one for cheaper ones that do, or for such as place more. */
export function withSwaps(problem: CoverProblem, cover: Cover): Cover {
  let best = cover;
  for (let next = findSwap(problem, best); next; next = findSwap(problem, best)) best = next;
  return best;
}

/** Places are in the order of their charges, so the first that does is the cheapest. */
function findSwap(problem: CoverProblem, { places, cost }: Cover): Cover | undefined {
  const { needs, units } = problem;
  const lacks = new Int32Array(needs.length);
  for (let i = places.length - 1; i >= 0; i--) {
    const out = places[i]!;
    let lacking = 0;
    for (let a = 0; a < lacks.length; a++) {
      let lack = needs[a]!;
      for (const p of places) if (p !== out) lack -= units[p]![a]!;
      lacks[a] = Math.max(0, lack);
      lacking += lacks[a]!;
    }
    const enough = lacking - cost[0]!;
    const end = cost[0] === 0 ? out : units.length;
    for (let p = 0; p < end; p++) {
      const adds = addedBy(units[p]!, lacks);
      if (adds < enough || (adds === enough && p >= out) || places.includes(p)) continue;
      return coverOf(problem, [...places.filter((one) => one !== out), p]);
    }
  }
  return undefined;
}

function addedBy(row: readonly number[], lacks: Int32Array): number {
  let adds = 0;
  for (let a = 0; a < lacks.length; a++) {
    const lack = lacks[a]!;
    const has = row[a]!;
    adds += has < lack ? has : lack;
  }
  return adds;
}
