import { TOPICS, type TopicDefinition } from '@shelfline/contracts/topics';
import { SeededRandom } from '../seeded-random.ts';
import { until } from './awaiting.ts';
import { CommittedState } from './committed-state.ts';
import { DeltaLoad, TILLS } from './delta-load.ts';
import { byRest, straightToTopic } from './delta-senders.ts';
import { FaultRig } from './fault-rig.ts';
import { type Figure, hasMet } from './figures.ts';
import { ImportLoad } from './import-load.ts';
import { PROMISED_SKUS } from './made-promises.ts';
import { AnnouncedMovements, LastLevels, type WholeTopic } from './output-readers.ts';
import { PromiseLoad } from './promise-load.ts';
import { RunRecord } from './run-record.ts';
import type { FaultField, Scenario } from './scenario.ts';
import { LastAvailability } from './sockets/last-availability.ts';
import { isFaultless, judge, staleKeys, staleSkus, type Verdict } from './verdict.ts';
import type { WorkInPieces } from './work-in-pieces.ts';

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
  /** Reservations, and commands about them that were answered. */
  readonly promises: number;
  readonly commands: number;
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

const NOTHING: Verdict = {
  lost: [],
  doubled: [],
  wrongLevels: [],
  staleRecords: [],
  staleAvailability: [],
  wrongPromises: [],
  oversold: [],
  unannounced: [],
};

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
  readonly promises: PromiseLoad | undefined;
  private readonly imports: ImportLoad | undefined;
  private readonly works: readonly WorkInPieces[] = [];
  readonly state: CommittedState;
  readonly announced = new AnnouncedMovements();
  readonly lastLevels = new LastLevels();
  readonly random: SeededRandom;
  readonly signal: AbortSignal;
  private readonly options: RunOptions;
  private deadlineMs = 0;
  readonly record = new RunRecord();
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
    if (flood) return;
    const address = () => rig.service('gateway').address;
    const shared = { address, token: rig.token, load: this.load, signal: options.signal };
    this.promises = new PromiseLoad({ ...shared, random: new SeededRandom(options.seed + 2) });
    this.imports = new ImportLoad({ ...shared, random: new SeededRandom(options.seed + 3) });
    this.works = [this.promises.work, this.imports.work];
  }

  async begin(choice: Parameters<FaultField['begin']>[0] = {}): Promise<void> {
    const { rig } = this;
    await rig.startServices(choice);
    await this.announced.start(rig.kafka, rig.topic(TOPICS.movements));
    await this.lastLevels.start(rig.kafka, rig.topic(TOPICS.levels));
    this.load.start();
    this.promises?.start();
    this.imports?.start();
    this.deadlineMs = Date.now() + this.options.minutes * 60_000;
  }

  isOver(): boolean {
    this.load.check();
    for (const work of this.works) work.check();
    return Date.now() >= this.deadlineMs;
  }

  stale(key: string): void {
    this.staleWhileRunning.add(key);
  }

  async pauseWork(): Promise<void> {
    // Before the deltas: what they end with is sent with these.
    for (const work of this.works) await work.pause();
    await this.load.pause();
  }

  resumeWork(): void {
    this.announced.pauses.forget();
    this.load.resume();
    for (const work of this.works) work.resume();
  }

  /** Everything acknowledged, applied, committed and published. */
  async settle(): Promise<void> {
    await this.pauseWork();
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
    const { state, load, announced, promises } = this;
    const lastRecords = await this.readLevelsAnew();
    const lastAvailability = await this.readAvailabilityAnew();
    const levels = await state.levels();
    const verdict = judge({
      acknowledged: load.acknowledged,
      movements: await state.movementsById(),
      announced: announced.ids,
      levels,
      lastRecords,
      lastAvailability,
      promises: {
        answered: promises?.answered ?? new Map(),
        answeredOtherwise: promises?.answeredOtherwise ?? [],
        stored: await state.reservations(),
        movements: await state.movementsOf(PROMISED_SKUS),
      },
    });
    return { ...verdict, staleRecords: [...new Set([...verdict.staleRecords, ...this.staleWhileRunning])] };
  }

  private async readLevelsAnew(): Promise<LastLevels['byKey']> {
    const reader = new LastLevels();
    const levels = await this.state.levels();
    await this.readAnew(TOPICS.levels, reader, () => staleKeys(levels, reader.byKey).length === 0);
    return reader.byKey;
  }

  private async readAvailabilityAnew(): Promise<LastAvailability['bySku']> {
    const reader = new LastAvailability();
    const levels = await this.state.levels();
    await this.readAnew(TOPICS.availability, reader, () => staleSkus(levels, reader.bySku).length === 0);
    return reader.bySku;
  }

  /** By a reader of its own, from the first record on; waits as long as late records may stand. */
  private async readAnew(topic: TopicDefinition, reader: WholeTopic, isRight: () => boolean): Promise<void> {
    const { rig, signal } = this;
    await reader.start(rig.kafka, rig.topic(topic));
    try {
      const ends = await rig.kafka.offsets(rig.topic(topic));
      await until(() => reader.hasReached(ends), `${topic.name} read to its end`, signal);
      const isHealed = until(isRight, 'no stale record', signal, STALE_LIMIT_MS);
      await isHealed.catch(() => signal.throwIfAborted());
    } finally {
      await reader.stop();
    }
  }

  async figures(verdict: Verdict): Promise<Omit<RunResult, 'scenario' | 'seconds'>> {
    const { load, announced, options, rig, promises, imports, record } = this;
    if (imports) record.note(`${imports.files} files of receipts imported`);
    for (const { endsByItself } of rig.services) for (const how of endsByItself) record.note(how);
    if (load.unansweredRequests > 0) record.note(`${load.unansweredRequests} requests without an answer`);
    if (this.lastLevels.late > 0)
      record.note(`${this.lastLevels.late} late records of former owners on the levels topic`);
    return {
      seed: options.seed,
      faults: record.faults,
      notes: record.notes,
      acknowledged: load.acknowledged.size,
      promises: promises?.answered.size ?? 0,
      commands: promises?.commands ?? 0,
      sentMoreThanOnce: [...load.timesSent.values()].filter((times) => times > 1).length,
      deadLetters: await this.state.deadLetters(),
      verdict,
      figures: record.figures,
      longestPauseMs: { acknowledged: load.pauses.longestMs, applied: announced.pauses.longestMs },
    };
  }

  async stop(): Promise<void> {
    for (const work of this.works) work.stop();
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
  promises: 0,
  commands: 0,
  sentMoreThanOnce: 0,
  deadLetters: 0,
  verdict: NOTHING,
  figures: [],
  longestPauseMs: { acknowledged: 0, applied: 0 },
});
