// npm run bench -- sourcing [--orders N] [--mix NAME] [--json FILE]: what a decision about an order's places takes, ten
// lines over four hundred places, by CPU time of the process. The raw limit, in the same run: the best place by
// itself, that is the filters and charges alone, without looking at any set of places.
import { parseArgs } from 'node:util';
import { planSourcing } from '@shelfline/orders/domain/sourcing/plan-sourcing';
import { report, say } from './rig.ts';
import { drawOrders, LINES, MIXES, PLACES } from './sourcing/drawn-orders.ts';

const SEED = 7;
const WARM_UP = 400;

const { values } = parseArgs({
  options: { orders: { type: 'string', default: '1000' }, mix: { type: 'string' }, json: { type: 'string' } },
});
const orders = Number(values.orders);
const asked = MIXES.filter(({ name }) => values.mix === undefined || name === values.mix);
if (!Number.isSafeInteger(orders) || orders < 1 || asked.length === 0)
  throw new Error(`--orders takes a whole number above 0, --mix one of ${MIXES.map(({ name }) => name).join(', ')}.`);

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
const spread = (taken: readonly number[]) => {
  const sorted = taken.toSorted((a, b) => a - b);
  return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), maxMs: sorted.at(-1)! };
};

for (const mix of MIXES)
  for (const { request, candidates, rule } of drawOrders(mix, WARM_UP, SEED + 1))
    planSourcing(request, candidates, rule);

const results = asked.map((mix) => {
  const taken: number[] = [];
  const alone: number[] = [];
  let optimal = 0;
  let parcels = 0;
  for (const { request, candidates, rule } of drawOrders(mix, orders, SEED)) {
    let explanation = undefined as ReturnType<typeof planSourcing>['explanation'] | undefined;
    taken.push(cpuMs(() => ({ explanation } = planSourcing(request, candidates, rule))));
    const single = { ...request, lines: request.lines.slice(0, 1) };
    alone.push(cpuMs(() => planSourcing(single, candidates, rule)));
    if (explanation?.isOptimal) optimal++;
    parcels += explanation?.chosen?.locations.length ?? 0;
  }
  const result = {
    mix: mix.name,
    orders,
    ...spread(taken),
    exactShare: optimal / orders,
    parcelsAnOrder: parcels / orders,
    oneLine: spread(alone),
  };
  say(
    `${mix.name}: p50 ${result.p50Ms.toFixed(2)} ms, p99 ${result.p99Ms.toFixed(2)} ms, most ${result.maxMs.toFixed(2)} ms; ${(result.exactShare * 100).toFixed(2)} % exact`,
  );
  return result;
});
report({ bench: 'sourcing', lines: LINES, places: PLACES, mixes: results }, values.json);
