import type { Plan } from './plan.ts';
import { planOf } from './plan.ts';
import { runPlan, type Verdict } from './run-seed.ts';

const SAY_EVERY_MS = 5000;

export interface HistoryRange {
  readonly from: number;
  readonly seeds: number;
  readonly readsTrace: boolean;
  readonly endsAtFirst: boolean;
}

export interface Tally {
  readonly done: number;
  readonly failed: number;
  readonly events: number;
  readonly commits: number;
  /** How often each kind of fault struck, and each rule met something. */
  readonly met: Readonly<Record<string, number>>;
}

type Explain = (plan: Plan, verdict: Verdict) => Promise<void>;

/** One history after another. */
export async function runHistories(
  { from, seeds, readsTrace, endsAtFirst }: HistoryRange,
  explain: Explain,
): Promise<Tally> {
  const startedMs = Date.now();
  let saidMs = startedMs;
  let tally: Tally = { done: 0, failed: 0, events: 0, commits: 0, met: {} };
  for (let seed = from; seed < from + seeds; seed++) {
    const plan = planOf(seed);
    const verdict = await runPlan(plan, { readsTrace });
    const { wrongs, events, commits, strikes, judged } = verdict;
    const failed = wrongs.length > 0 ? 1 : 0;
    tally = sumOf([tally, { done: 1, failed, events, commits, met: Object.fromEntries([...strikes, ...judged]) }]);
    if (readsTrace) console.log(`${verdict.trace.join('\n')}\nseed ${seed} trace ${verdict.traceHash}`);
    if (failed > 0) await explain(plan, verdict);
    if (failed > 0 && endsAtFirst) break;
    if (Date.now() - saidMs > SAY_EVERY_MS) {
      saidMs = Date.now();
      const perMinute = Math.round((tally.done / (saidMs - startedMs)) * 60_000);
      console.log(`  ${tally.done} of ${seeds} histories from ${from}, ${perMinute} a minute, ${tally.failed} failed`);
    }
  }
  return tally;
}

export function sumOf(tallies: readonly Tally[]): Tally {
  const met: Record<string, number> = {};
  for (const tally of tallies)
    for (const [what, times] of Object.entries(tally.met)) met[what] = (met[what] ?? 0) + times;
  const sum = (figure: (tally: Tally) => number): number => tallies.reduce((all, tally) => all + figure(tally), 0);
  return {
    done: sum(({ done }) => done),
    failed: sum(({ failed }) => failed),
    events: sum(({ events }) => events),
    commits: sum(({ commits }) => commits),
    met,
  };
}
