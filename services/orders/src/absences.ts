import type { Absence } from './domain/store/absence.js';

/** A tick comes each half second, and an idle checkpoint moves each ten: what is longer than this is no pause. */
const PAUSE_MS = 30_000;
/** Of a partition. Times of stores are minutes and hours, so older ones concern nobody any more. */
const MOST_KEPT = 20;

interface Watched {
  lastMs: number;
  absences: readonly Absence[];
}

/**
 * When nobody read a partition. Its owner appends a tick each half second, so a longer gap between ticks is an absence;
 * what was before this owner is known from the checkpoint.
 */
export class Absences {
  private readonly partitions = new Map<number, Watched>();

  /** Append time of the newest record of a partition that was applied. */
  constructor(private readonly findLastAppliedMs: (partition: number) => Promise<number | undefined>) {}

  /** Before anything of the batch is decided: a commit moves the checkpoint. */
  async see(partition: number, ticksMs: readonly number[]): Promise<void> {
    let watched = this.partitions.get(partition);
    if (!watched) {
      watched = { lastMs: (await this.findLastAppliedMs(partition)) ?? Number.POSITIVE_INFINITY, absences: [] };
      this.partitions.set(partition, watched);
    }
    for (const tickMs of ticksMs) {
      if (tickMs - watched.lastMs > PAUSE_MS)
        watched.absences = [...watched.absences, { fromMs: watched.lastMs, untilMs: tickMs }].slice(-MOST_KEPT);
      watched.lastMs = tickMs;
    }
  }

  of(partition: number): readonly Absence[] {
    return this.partitions.get(partition)?.absences ?? [];
  }

  released(partition: number): void {
    this.partitions.delete(partition);
  }
}
