import type { SeededRandom } from '../seeded-random.ts';
import { moment, until } from './awaiting.ts';
import type { CommittedState } from './committed-state.ts';
import type { DeltaLoad, LoadFlow } from './delta-load.ts';
import type { FaultRig, RigOptions, ServiceChoice } from './fault-rig.ts';
import type { AnnouncedMovements, LastLevels } from './output-readers.ts';
import type { PromiseLoad } from './promise-load.ts';
import type { RunRecord } from './run-record.ts';

/** What a scenario has in its hands while it runs. */
export interface FaultField {
  readonly rig: FaultRig;
  readonly load: DeltaLoad;
  /** Absent where the ledger stands alone. */
  readonly promises: PromiseLoad | undefined;
  readonly state: CommittedState;
  readonly announced: AnnouncedMovements;
  readonly lastLevels: LastLevels;
  readonly random: SeededRandom;
  readonly signal: AbortSignal;
  readonly record: RunRecord;
  /** Starts services and the load. */
  begin(choice?: ServiceChoice): Promise<void>;
  /** Resolves when everything that was begun is acknowledged and answered. */
  pauseWork(): Promise<void>;
  resumeWork(): void;
  /** Whether the minutes are over: begin nothing new. */
  isOver(): boolean;
  /** A key whose last record stayed stale longer than it may. */
  stale(key: string): void;
}

export type Prepared =
  | { readonly stack: RigOptions['stack']; dispose(): void | Promise<void> }
  | { readonly skip: string };

export interface Scenario {
  readonly name: string;
  readonly what: string;
  /** It kills servers, so it never takes those that the environment names. */
  readonly ownServers: boolean;
  /** Deltas straight on the topic, as many as the ledger takes, instead of those of some tills. */
  readonly flood?: LoadFlow;
  /** Says why it cannot run on this machine, if so. */
  prepare?(signal: AbortSignal): Prepared | Promise<Prepared>;
  run(field: FaultField): Promise<void>;
}

/** Resolves when so many more deltas were acknowledged and applied. */
export async function untilProgress(
  { load, announced, signal }: FaultField,
  deltas: number,
  what: string,
): Promise<void> {
  const acknowledged = load.acknowledged.size + deltas;
  const applied = announced.ids.size + deltas;
  await until(
    () => {
      load.check();
      return load.acknowledged.size >= acknowledged && announced.ids.size >= applied;
    },
    `${deltas} deltas acknowledged and applied ${what}`,
    signal,
  );
}

/** A moment that chance chose, so that faults meet every phase of a batch. */
export const randomMoment = ({ random, signal }: FaultField, fromMs: number, toMs: number): Promise<void> =>
  moment(random.between(fromMs, toMs), signal);
