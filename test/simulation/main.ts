import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { JUDGED } from './judged.ts';
import { type Plan, planOf } from './plan.ts';
import { writeTable } from './readme-table.ts';
import { runPlan, type Verdict } from './run-seed.ts';
import { shrink } from './shrink.ts';
import { STRIKES } from './strikes.ts';

const HELP = `npm run sim -- [--seeds N] [--from S] [--trace] [--first] [--table]
Runs N histories (default 300) of ledger, feeds, catalog, connect, storefront and (each third) orders over simulated servers, from seed S (default 1).
  --trace   prints what happened, step by step (best with --seeds 1)
  --first   ends at the first failing seed, without making it smaller
  --table   writes into the README how often each kind of fault struck
From 300 histories on, a kind of fault that never struck, or a rule that met nothing, is an error.`;
const SHRINK_RUNS = 400;
const SAY_EVERY_MS = 5000;
/** Printed of a failing history. */
const SHOWN_WRONGS = 10;
/** So many histories must have met everything. */
const MEETS_ALL_SEEDS = 300;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    first: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const wholeNumber = (name: 'seeds' | 'from'): number => {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  console.error(`--${name} must be a whole number from 1 on, not "${values[name]}".\n\n${HELP}`);
  process.exit(2);
};

const kindOf = (wrong: string): string => wrong.replaceAll(/\d+/g, '#').slice(0, 40);

async function explain(plan: Plan, verdict: Verdict): Promise<void> {
  console.error(`\n✗ seed ${plan.seed}:`);
  for (const wrong of verdict.wrongs.slice(0, SHOWN_WRONGS)) console.error(`    ${wrong}`);
  if (values.first) return;
  const kinds = new Set(verdict.wrongs.map(kindOf));
  const fails = async (candidate: Plan) => (await runPlan(candidate)).wrongs.some((wrong) => kinds.has(kindOf(wrong)));
  const { records, requests, uploads, orders, faults } = await shrink(plan, fails, SHRINK_RUNS);
  console.error(
    `  The least that still fails: ${records.length} records, ${requests.length} requests, ` +
      `${uploads.length} files, ${orders?.length ?? 0} messages to orders, ${faults.length} faults.`,
  );
  const file = `failing-seed-${plan.seed}.json`;
  writeFileSync(file, JSON.stringify({ seed: plan.seed, records, requests, uploads, orders, faults }, undefined, 1));
  console.error(`  They are in ${file}, as a plan for a regression spec.`);
  console.error(`  Again: npm run sim -- --from ${plan.seed} --seeds 1 --trace`);
}

if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const from = wholeNumber('from');
const seeds = wholeNumber('seeds');
const startedMs = Date.now();
let saidMs = startedMs;
let failed = 0;
let events = 0;
let commits = 0;
const met = new Map<string, number>();
let seed = from;
for (; seed < from + seeds; seed++) {
  const plan = planOf(seed);
  const verdict = await runPlan(plan, { readsTrace: values.trace });
  events += verdict.events;
  commits += verdict.commits;
  for (const [what, times] of [...verdict.strikes, ...verdict.judged]) met.set(what, (met.get(what) ?? 0) + times);
  if (values.trace) console.log(`${verdict.trace.join('\n')}\nseed ${seed} trace ${verdict.traceHash}`);
  if (verdict.wrongs.length > 0) {
    failed++;
    await explain(plan, verdict);
    if (values.first) break;
  }
  if (Date.now() - saidMs > SAY_EVERY_MS) {
    saidMs = Date.now();
    const perMinute = Math.round(((seed - from + 1) / (saidMs - startedMs)) * 60_000);
    console.log(`  ${seed - from + 1} of ${seeds} histories, ${perMinute} a minute, ${failed} failed`);
  }
}
const done = Math.min(seed - from + 1, seeds);
console.log(
  `${done} histories (seeds ${from}–${from + done - 1}), ${commits} transactions, ${events} steps, ` +
    `${((Date.now() - startedMs) / 1000).toFixed(1)} s: ${failed === 0 ? 'nothing wrong' : `${failed} FAILED`}`,
);
if (values.table) {
  const row = (kind: string): string[] => [kind, String(met.get(kind) ?? 0)];
  writeTable('strikes:', ['fault', `times in ${done} histories`], STRIKES.map(row));
  writeTable('judged:', ['what a rule judges', `times in ${done} histories`], JUDGED.map(row));
}
const unmet = done < MEETS_ALL_SEEDS || values.first ? [] : [...STRIKES, ...JUDGED].filter((kind) => !met.has(kind));
if (unmet.length > 0)
  console.error(`These never happened, so nothing is proven of them; widen the plan: ${unmet.join('; ')}`);
// Not at once: a long trace may still be on its way through a pipe.
process.exitCode = failed > 0 || unmet.length > 0 ? 1 : 0;
