// npm run bench -- sourcing [--orders N] [--mix NAME] [--json FILE]: how long a caller waits for a decision about an
// order's places, ten lines over four hundred places: p50Ms, p99Ms and maxMs by the clock on the wall, which is right on
// a core of one's own alone; beside them, in threadCpu, the CPU time of the thread that decides, which leaves out what
// other programs took of the core, and the collector's and the compiler's threads, for which nobody waits. The raw limit,
// in the same run: the best place by itself, that is the filters and charges alone, without looking at any set of places.
import { parseArgs } from 'node:util';
import { planSourcing } from '@shelfline/orders/domain/sourcing/plan-sourcing';
import { report, say } from './rig.ts';
import { type DrawnOrder, drawOrders, LINES, MIXES, PLACES } from './sourcing/drawn-orders.ts';

const SEED = 7;
/** Orders of each mix; so many that nothing is compiled while it is measured. */
const WARM_UP = 1000;

const { values } = parseArgs({
  options: { orders: { type: 'string', default: '1000' }, mix: { type: 'string' }, json: { type: 'string' } },
});
const orders = Number(values.orders);
const asked = MIXES.filter(({ name }) => values.mix === undefined || name === values.mix);
if (!Number.isSafeInteger(orders) || orders < 1 || asked.length === 0)
  throw new Error(`--orders takes a whole number above 0, --mix one of ${MIXES.map(({ name }) => name).join(', ')}.`);

interface Taken {
  readonly wallMs: number;
  readonly threadMs: number;
}

/** Linux brings a thread's account up to date where the process's is read; by itself it may lag by milliseconds. */
function threadCpuMs(): number {
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
function timed(work: () => void): Taken {
  const threadBefore = threadCpuMs();
  const before = process.hrtime.bigint();
  work();
  const wallMs = Number(process.hrtime.bigint() - before) / 1e6;
  return { wallMs, threadMs: threadCpuMs() - threadBefore };
}
const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
const spreadOf = (taken: readonly number[]) => {
  const sorted = taken.toSorted((a, b) => a - b);
  return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), maxMs: sorted.at(-1)! };
};
const sumOf = (taken: readonly number[]): number => taken.reduce((sum, ms) => sum + ms, 0);
function spread(taken: readonly Taken[]) {
  const [wall, thread] = [taken.map(({ wallMs }) => wallMs), taken.map(({ threadMs }) => threadMs)];
  return { ...spreadOf(wall), threadCpu: spreadOf(thread), coreShare: Math.min(1, sumOf(thread) / sumOf(wall)) };
}
const ms = (figure: number): string => figure.toFixed(2);

const firstLineOf = ({ request, ...order }: DrawnOrder): DrawnOrder => ({
  ...order,
  request: { ...request, lines: request.lines.slice(0, 1) },
});
const plan = ({ request, candidates, rule }: DrawnOrder) => planSourcing(request, candidates, rule);

for (const mix of MIXES)
  for (const order of drawOrders(mix, WARM_UP, SEED + 1)) {
    plan(order);
    plan(firstLineOf(order));
  }

const results = asked.map((mix) => {
  const taken: Taken[] = [];
  const alone: Taken[] = [];
  let optimal = 0;
  let parcels = 0;
  for (const order of drawOrders(mix, orders, SEED)) {
    let explanation = undefined as ReturnType<typeof planSourcing>['explanation'] | undefined;
    taken.push(timed(() => ({ explanation } = plan(order))));
    const single = firstLineOf(order);
    alone.push(timed(() => plan(single)));
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
  const { p50Ms, p99Ms, maxMs, threadCpu, coreShare } = result;
  say(
    `${mix.name}: waited p50 ${ms(p50Ms)} ms, p99 ${ms(p99Ms)} ms, most ${ms(maxMs)} ms, of which the thread had a core ${(coreShare * 100).toFixed(0)} % of the time: its CPU time p50 ${ms(threadCpu.p50Ms)} ms, p99 ${ms(threadCpu.p99Ms)} ms, most ${ms(threadCpu.maxMs)} ms; ${(result.exactShare * 100).toFixed(2)} % exact`,
  );
  return result;
});
report({ bench: 'sourcing', lines: LINES, places: PLACES, mixes: results }, values.json);
