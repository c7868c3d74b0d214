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
  const has = new Int32Array(needs.length);
  for (const p of places) for (let a = 0; a < has.length; a++) has[a]! += units[p]![a]!;
  const lacking = new Int32Array(needs.length);
  const lacks = new Int32Array(needs.length);
  for (let i = places.length - 1; i >= 0; i--) {
    const out = places[i]!;
    const row = units[out]!;
    let articles = 0;
    let enough = -cost[0]!;
    for (let a = 0; a < has.length; a++) {
      const lack = needs[a]! - has[a]! + row[a]!;
      if (lack <= 0) continue;
      lacking[articles] = a;
      lacks[articles++] = lack;
      enough += lack;
    }
    const end = cost[0] === 0 ? out : units.length;
    for (let p = 0; p < end; p++) {
      const adds = addedBy(units[p]!, lacking, lacks, articles);
      if (adds < enough || (adds === enough && p >= out) || places.includes(p)) continue;
      return coverOf(problem, [...places.filter((one) => one !== out), p]);
    }
  }
  return undefined;
}

function addedBy(row: readonly number[], lacking: Int32Array, lacks: Int32Array, articles: number): number {
  let adds = 0;
  for (let k = 0; k < articles; k++) {
    const lack = lacks[k]!;
    const has = row[lacking[k]!]!;
    adds += has < lack ? has : lack;
  }
  return adds;
}
