import { TOPICS } from '@shelfline/contracts/topics';
import { TICK_TYPE } from '@shelfline/streaming/batch-sorting';
import { History } from './history.ts';
import type { Appended } from './ledger-model.ts';
import { judge } from './oracle.ts';
import { PARTITIONS, type Plan } from './plan.ts';

export interface Verdict {
  readonly wrongs: readonly string[];
  readonly traceHash: string;
  readonly trace: readonly string[];
  readonly events: number;
  readonly commits: number;
}

/** Runs a plan and judges what came of it. */
export async function runPlan(plan: Plan): Promise<Verdict> {
  const history = new History(plan);
  const appended: Appended[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const log = history.kafka.logsOf(TOPICS.deltas.name)[partition]!;
    let next = 0;
    // As they come: retention takes them away.
    log.onAppend(() => {
      for (const { offset, headers, value } of log.read(next, Number.POSITIVE_INFINITY)) {
        appended.push({ partition, offset, isTick: headers['ce_type'] === TICK_TYPE, text: value?.toString() ?? '' });
        next = offset + 1;
      }
    });
  }
  await history.run();
  const wrongs = judge(history, appended);
  const { traceHash, trace, scheduler, ledger } = history;
  return { wrongs, traceHash, trace, events: scheduler.events, commits: ledger.database.commits };
}
