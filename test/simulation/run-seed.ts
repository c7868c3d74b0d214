import { TOPICS } from '@shelfline/contracts/topics';
import { TICK_TYPE } from '@shelfline/streaming/batch-sorting';
import { History, type HistoryOptions } from './history.ts';
import { judgedIn } from './judged.ts';
import type { Appended } from './ledger-records.ts';
import { judge } from './oracle.ts';
import type { Plan } from './plan.ts';

export interface Verdict {
  readonly wrongs: readonly string[];
  readonly traceHash: string;
  readonly trace: readonly string[];
  readonly events: number;
  readonly commits: number;
  /** How often each kind of fault struck, and each rule of the oracle met something. */
  readonly strikes: ReadonlyMap<string, number>;
  readonly judged: ReadonlyMap<string, number>;
}

/** Runs a plan and judges what came of it. */
export async function runPlan(plan: Plan, options: HistoryOptions = { readsTrace: false }): Promise<Verdict> {
  const history = new History(plan, options);
  const appended = {
    deltas: keep(history, TOPICS.deltas.name),
    changes: keep(history, TOPICS.catalogChanges.name),
    observations: keep(history, TOPICS.feeds.name),
    intake: keep(history, TOPICS.orderIntake.name),
    transfers: keep(history, TOPICS.transferIntake.name),
  };
  await history.run();
  const wrongs = judge(history, appended);
  const { trace, scheduler, ledger, strikes } = history;
  const { events } = scheduler;
  const { commits } = ledger.database;
  return {
    wrongs,
    traceHash: trace.hash,
    trace: trace.lines,
    events,
    commits,
    strikes,
    judged: judgedIn(history),
  };
}

/** Whatever is appended to a topic, as it comes: retention takes it away. */
function keep(history: History, topic: string): Appended[] {
  const kept: Appended[] = [];
  for (const [partition, log] of history.kafka.logsOf(topic).entries()) {
    let next = 0;
    log.onAppend(() => {
      for (const { offset, timestampMs, headers, value } of log.read(next, Number.POSITIVE_INFINITY)) {
        const isTick = headers['ce_type'] === TICK_TYPE;
        kept.push({ partition, offset, timestampMs, isTick, text: value?.toString() ?? '' });
        next = offset + 1;
      }
    });
  }
  return kept;
}
