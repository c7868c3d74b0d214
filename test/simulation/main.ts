import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { JUDGED } from './judged.ts';
import type { Plan } from './plan.ts';
import { writeTable } from './readme-table.ts';
import { runHistories, sumOf } from './run-histories.ts';
import { partsOf, runPart } from './run-parts.ts';
import { runPlan, type Verdict } from './run-seed.ts';
import { shrink } from './shrink.ts';
import { STRIKES } from './strikes.ts';

const HELP = `npm run sim -- [--seeds N] [--from S] [--processes P] [--trace] [--first] [--table]
Runs N histories (default 300) of ledger, feeds, catalog, connect, storefront and (each eighth) orders with transfers over simulated servers, from seed S (default 1).
  --processes P  shares the seeds out among so many processes (default: one a core; with --trace or --first always one)
  --trace        prints what happened, step by step (best with --seeds 1)
  --first        ends at the first failing seed, without making it smaller
  --table        writes into the README how often each kind of fault struck
From 300 histories on, a kind of fault that never struck, or a rule that met nothing, is an error.`;
const SHRINK_RUNS = 400;
/** Printed of a failing history. */
const SHOWN_WRONGS = 10;
/** So many histories must have met everything. */
const MEETS_ALL_SEEDS = 300;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    processes: { type: 'string', default: String(availableParallelism()) },
    trace: { type: 'boolean', default: false },
    first: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    // Of a run that this is a process of: what was counted is told to it.
    part: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const wholeNumber = (name: 'seeds' | 'from' | 'processes'): number => {
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
  const { records, requests, uploads, orders, transfers, faults } = await shrink(plan, fails, SHRINK_RUNS);
  console.error(
    `  The least that still fails: ${records.length} records, ${requests.length} requests, ` +
      `${uploads.length} files, ${orders?.length ?? 0} messages to orders, ${transfers?.length ?? 0} transfers, ${faults.length} faults.`,
  );
  const file = `failing-seed-${plan.seed}.json`;
  const least = { seed: plan.seed, records, requests, uploads, orders, transfers, faults };
  writeFileSync(file, JSON.stringify(least, undefined, 1));
  console.error(`  They are in ${file}, as a plan for a regression spec.`);
  console.error(`  Again: npm run sim -- --from ${plan.seed} --seeds 1 --trace`);
}

if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const from = wholeNumber('from');
const seeds = wholeNumber('seeds');
const processes = values.trace || values.first || values.part ? 1 : wholeNumber('processes');
const startedMs = Date.now();
const parts = partsOf(from, seeds, processes);
const tally =
  parts.length > 1
    ? sumOf(await Promise.all(parts.map(runPart)))
    : await runHistories({ from, seeds, readsTrace: values.trace, endsAtFirst: values.first }, explain);
if (values.part) {
  process.send!(tally, () => process.exit(0));
  await new Promise(() => {});
}
const { done, failed, events, commits } = tally;
const met = new Map(Object.entries(tally.met));
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
