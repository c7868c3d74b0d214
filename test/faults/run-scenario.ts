import { TOPICS } from '@shelfline/contracts/topics';
import { SeededRandom } from '../seeded-random.ts';
import { until } from './awaiting.ts';
import { CommittedState } from './committed-state.ts';
import { DeltaLoad, TILLS } from './delta-load.ts';
import { byRest, straightToTopic } from './delta-senders.ts';
import { FaultRig } from './fault-rig.ts';
import { type Figure, hasMet } from './figures.ts';
import { AnnouncedMovements, LastLevels } from './output-readers.ts';
import type { FaultField, Scenario } from './scenario.ts';
import { isFaultless, judge, staleKeys, type Verdict } from './verdict.ts';

/** Late records are gathered for half a second before their owner supersedes them. */
const STALE_LIMIT_MS = 2000;
const SETTLE_LIMIT_MS = 240_000;

export interface RunOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly scenario: string;
  readonly seed: number;
  readonly skipped?: string;
  readonly seconds: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly acknowledged: number;
  readonly sentMoreThanOnce: number;
  readonly deadLetters: number;
  readonly verdict: Verdict;
  readonly figures: readonly Figure[];
  readonly longestPauseMs: { readonly acknowledged: number; readonly applied: number };
  readonly logs?: string;
}

export const hasPassed = (
  { verdict, skipped, figures }: RunResult,
  judging: { readonly strict: boolean } = { strict: false },
): boolean => skipped !== undefined || (isFaultless(verdict) && hasMet(figures, judging));

const NOTHING: Verdict = { lost: [], doubled: [], wrongLevels: [], staleRecords: [], unannounced: [] };

/** One scenario from empty servers to the verdict. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const { signal, seed } = options;
  const prepared = await scenario.prepare?.(signal);
  if (prepared && 'skip' in prepared) return skippedResult(scenario, seed, prepared.skip);
  try {
    const { name, ownServers, flood } = scenario;
    return await FaultRig.within(
      { name, ownServers, signal, skus: flood?.skus, stack: prepared?.stack },
      (rig) => runOn(rig, scenario, options),
      (result) => hasPassed(result),
    );
  } finally {
    await prepared?.dispose();
  }
}

async function runOn(rig: FaultRig, scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const run = new Run(rig, scenario, options);
  const startedMs = Date.now();
  try {
    await scenario.run(run);
    await run.settle();
    const verdict = await run.judge();
    return {
      scenario: scenario.name,
      seconds: Math.round((Date.now() - startedMs) / 1000),
      ...(await run.figures(verdict)),
    };
  } finally {
    await run.stop();
  }
}

class Run implements FaultField {
  readonly rig: FaultRig;
  readonly load: DeltaLoad;
  readonly state: CommittedState;
  readonly announced = new AnnouncedMovements();
  readonly lastLevels = new LastLevels();
  readonly random: SeededRandom;
  readonly signal: AbortSignal;
  private readonly options: RunOptions;
  private deadlineMs = 0;
  private readonly faults: Record<string, number> = {};
  private readonly notes: string[] = [];
  private readonly timings: Figure[] = [];
  private readonly staleWhileRunning = new Set<string>();

  constructor(rig: FaultRig, { flood }: Scenario, options: RunOptions) {
    this.rig = rig;
    this.options = options;
    this.signal = options.signal;
    this.random = new SeededRandom(options.seed);
    this.state = new CommittedState(rig.ledger);
    const random = new SeededRandom(options.seed + 1);
    this.load = new DeltaLoad({
      send: flood ? straightToTopic(rig) : byRest(rig),
      flow: flood ?? TILLS,
      applied: () => this.announced.ids.size,
      random,
      signal: options.signal,
    });
  }

  async begin(choice: Parameters<FaultField['begin']>[0] = {}): Promise<void> {
    const { rig } = this;
    await rig.startServices(choice);
    await this.announced.start(rig.kafka, rig.topic(TOPICS.movements));
    await this.lastLevels.start(rig.kafka, rig.topic(TOPICS.levels));
    this.load.start();
    this.deadlineMs = Date.now() + this.options.minutes * 60_000;
  }

  isOver(): boolean {
    this.load.check();
    return Date.now() >= this.deadlineMs;
  }

  count(fault: string, times = 1): void {
    this.faults[fault] = (this.faults[fault] ?? 0) + times;
  }

  note(text: string): void {
    this.notes.push(text);
  }

  figure(figure: Figure): void {
    this.timings.push(figure);
  }

  stale(key: string): void {
    this.staleWhileRunning.add(key);
  }

  /** Everything acknowledged, applied, committed and published. */
  async settle(): Promise<void> {
    await this.load.pause();
    const ends = await this.rig.kafka.offsets(this.rig.topic(TOPICS.deltas));
    await until(
      () => this.state.hasPublishedUpTo(ends),
      'everything applied and published',
      this.signal,
      SETTLE_LIMIT_MS,
    );
    const announcedEnds = await this.rig.kafka.offsets(this.rig.topic(TOPICS.movements));
    await until(() => this.announced.hasReached(announcedEnds), 'the movements topic read to its end', this.signal);
  }

  async judge(): Promise<Verdict> {
    const { state, load, announced } = this;
    const lastRecords = await this.readLevelsAnew();
    const levels = await state.levels();
    const verdict = judge({
      acknowledged: load.acknowledged,
      movements: await state.movementsById(),
      announced: announced.ids,
      levels,
      lastRecords,
    });
    return { ...verdict, staleRecords: [...new Set([...verdict.staleRecords, ...this.staleWhileRunning])] };
  }

  /** By a reader of its own, from the first record on; waits as long as late records may stand. */
  private async readLevelsAnew(): Promise<LastLevels['byKey']> {
    const { rig, signal } = this;
    const reader = new LastLevels();
    await reader.start(rig.kafka, rig.topic(TOPICS.levels));
    try {
      const ends = await rig.kafka.offsets(rig.topic(TOPICS.levels));
      await until(() => reader.hasReached(ends), 'the levels topic read to its end', signal);
      const levels = await this.state.levels();
      const isHealed = until(
        () => staleKeys(levels, reader.byKey).length === 0,
        'no stale record',
        signal,
        STALE_LIMIT_MS,
      );
      await isHealed.catch(() => signal.throwIfAborted());
      return reader.byKey;
    } finally {
      await reader.stop();
    }
  }

  async figures(verdict: Verdict): Promise<Omit<RunResult, 'scenario' | 'seconds'>> {
    const { load, announced, options, rig } = this;
    for (const { endsByItself } of rig.services) for (const how of endsByItself) this.note(how);
    if (load.unansweredRequests > 0) this.note(`${load.unansweredRequests} requests without an answer`);
    if (this.lastLevels.late > 0)
      this.note(`${this.lastLevels.late} late records of former owners on the levels topic`);
    return {
      seed: options.seed,
      faults: this.faults,
      notes: this.notes,
      acknowledged: load.acknowledged.size,
      sentMoreThanOnce: [...load.timesSent.values()].filter((times) => times > 1).length,
      deadLetters: await this.state.deadLetters(),
      verdict,
      figures: this.timings,
      longestPauseMs: { acknowledged: load.pauses.longestMs, applied: announced.pauses.longestMs },
    };
  }

  async stop(): Promise<void> {
    this.load.stop();
    await this.announced.stop();
    await this.lastLevels.stop();
  }
}

const skippedResult = (scenario: Scenario, seed: number, skipped: string): RunResult => ({
  scenario: scenario.name,
  seed,
  skipped,
  seconds: 0,
  faults: {},
  notes: [],
  acknowledged: 0,
  sentMoreThanOnce: 0,
  deadLetters: 0,
  verdict: NOTHING,
  figures: [],
  longestPauseMs: { acknowledged: 0, applied: 0 },
});
