import type { Plan } from './plan.ts';

/**
 * Makes a failing plan smaller (Zeller's ddmin, over faults first, then records): what can be left out while it still
 * fails is left out.
 */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>, maxRuns: number): Promise<Plan> {
  let runs = 0;
  let smallest = plan;
  const reduce = async <T>(items: readonly T[], withItems: (items: readonly T[]) => Plan): Promise<void> => {
    let kept = items;
    for (
      let size = Math.ceil(kept.length / 2);
      size >= 1 && runs < maxRuns;
      size = size === 1 ? 0 : Math.ceil(size / 2)
    )
      for (let from = 0; from < kept.length && runs < maxRuns; ) {
        const fewer = [...kept.slice(0, from), ...kept.slice(from + size)];
        const candidate = withItems(fewer);
        runs++;
        if (await fails(candidate)) {
          kept = fewer;
          smallest = candidate;
        } else from += size;
      }
  };
  await reduce(plan.faults, (faults) => ({ ...smallest, faults }));
  if (plan.orders) await reduce(plan.orders, (orders) => ({ ...smallest, orders }));
  if (plan.transfers) await reduce(plan.transfers, (transfers) => ({ ...smallest, transfers }));
  await reduce(plan.uploads, (uploads) => ({ ...smallest, uploads }));
  await reduce(plan.requests, (requests) => ({ ...smallest, requests }));
  await reduce(plan.records, (records) => ({ ...smallest, records }));
  return smallest;
}
