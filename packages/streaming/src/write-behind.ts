import type { Clock } from './clock.js';
import { isPassing, PassingError } from './errors.js';
import { halvedUntilItFits } from './halving.js';
import type { Image } from './image.js';
import type { Log } from './log.js';
import type { FlushRound, UnflushedImages } from './unflushed-images.js';

export interface WriteBehindOptions {
  readonly unflushed: UnflushedImages;
  /** Writes each image unless its document has the same or a higher version. May be repeated. */
  readonly flush: (images: readonly Image[]) => Promise<void>;
  /** The stored copies are needed no more. */
  readonly forget: (storedIds: readonly string[]) => Promise<void>;
  /**
   * Undefined: what is committed of the partition is published. Else it resolves when that is so, or with false when it
   * will have to be published again.
   */
  readonly publishing?: (partition: number) => Promise<boolean> | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFlushed?: (images: number, seconds: number) => void;
  /** How many wait. */
  readonly onSize?: (images: number) => void;
  readonly onFatal: (error: Error) => void;
}

/**
 * Images written in one transaction: few, so that commits need not wait for it long, unless much waits. An image costs
 * the same in a transaction of 25 as of 100; the hundred kept commits, and so screens, waiting for tens of ms.
 */
const CHUNK = 25;
const HURRIED_CHUNK = 500;
/** What is committed waits so long for changes of the same document to come. */
const GATHER_MS = 5000;
const LOOK_EVERY_MS = 250;
/** Of the time, so much is left to the commits: writing is paced unless too much waits, or nothing is committed. */
const REST_PER_WORK = 4;
/** From here on writing is not paced, and at twice as much a partition's commits wait. */
export const HURRY_FROM_IMAGES = 20_000;
const MOST_IMAGES = 2 * HURRY_FROM_IMAGES;
const AGAIN_MS = 500;
const QUIET_AFTER_MS = 500;

interface PartitionRound {
  readonly partition: number;
  readonly round: FlushRound;
}

/**
 * Writes committed images to their collections, in the background and in bulk: a document that changed ten times is
 * written once. Nothing depends on when it happens, or whether twice: a new owner begins with the stored copies. These
 * are kept until what they say is published, too: of a state that changed without an entry, nothing else tells a new
 * owner to tell it.
 */
export class WriteBehind {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private readonly failed = new Map<number, { readonly round: FlushRound; readonly againAtMs: number }>();
  /** Written, and to be forgotten once they are published. */
  private readonly kept = new Set<Promise<void>>();

  constructor(private readonly options: WriteBehindOptions) {}

  start(): void {
    this.running ??= this.run().catch((error: Error) => {
      // The connection may be closed under a round that outlasted the stop: the next owner writes it.
      if (!this.stopping.signal.aborted) this.options.onFatal(error);
    });
  }

  /** Writes what is left; whatever is not written in time, the next owner writes. */
  async stop(timeoutMs: number): Promise<void> {
    const { clock } = this.options;
    this.stopping.abort();
    const patience = new AbortController();
    await Promise.race([this.running, clock.sleep(timeoutMs, patience.signal)]);
    patience.abort();
  }

  /** Too much waits: the caller's commits must wait as well. */
  isFull(partition: number): boolean {
    return this.options.unflushed.sizeOf(partition) >= MOST_IMAGES;
  }

  private async run(): Promise<void> {
    const { clock, unflushed, onSize } = this.options;
    const { signal } = this.stopping;
    for (;;) {
      onSize?.(unflushed.size);
      const next = this.nextRound();
      if (next) await this.attempt(next);
      else if (signal.aborted) {
        await Promise.all(this.kept);
        return;
      } else await clock.sleep(LOOK_EVERY_MS, signal);
    }
  }

  private nextRound(): PartitionRound | undefined {
    const { clock, unflushed } = this.options;
    const nowMs = clock.now();
    for (const [partition, { round, againAtMs }] of this.failed) {
      if (againAtMs > nowMs) continue;
      this.failed.delete(partition);
      if (round.isCurrent()) return { partition, round };
    }
    const due = unflushed.due(this.stopping.signal.aborted ? Number.POSITIVE_INFINITY : nowMs - GATHER_MS);
    // Commits may be waiting for it.
    const partition = due.find((one) => unflushed.sizeOf(one) >= HURRY_FROM_IMAGES) ?? due[0];
    const round = partition === undefined ? undefined : unflushed.beginRound(partition);
    return round && { partition: partition!, round };
  }

  /** What fails is tried again in its turn, so that one partition's documents keep no other's from being written. */
  private async attempt(due: PartitionRound): Promise<void> {
    try {
      await this.write(due);
    } catch (error) {
      this.again(due, error);
    }
  }

  private again({ partition, round }: PartitionRound, error: unknown): void {
    const { clock, log } = this.options;
    if (!isPassing(error)) throw error;
    log.warn({ partition, reason: (error as Error).message }, 'committed images could not be written; tried again');
    if (!this.stopping.signal.aborted) this.failed.set(partition, { round, againAtMs: clock.now() + AGAIN_MS });
  }

  private async write(due: PartitionRound): Promise<void> {
    const { partition, round } = due;
    const most = this.isHurried() ? HURRIED_CHUNK : CHUNK;
    let chunk: Image[] = [];
    for (const image of round.images()) {
      chunk.push(image);
      if (chunk.length < most) continue;
      await this.writeChunk(chunk);
      chunk = [];
      if (!round.isCurrent()) return;
    }
    if (chunk.length > 0) await this.writeChunk(chunk);
    const publishing = this.options.publishing?.(partition);
    if (publishing) this.keepUntil(publishing, due);
    else await this.forget(round);
  }

  private async forget(round: FlushRound): Promise<void> {
    await this.options.forget(round.storedIds);
    round.ended();
  }

  /** Beside the rounds of other partitions, which need not wait for this one's outputs. */
  private keepUntil(publishing: Promise<boolean>, due: PartitionRound): void {
    const kept = this.forgetOncePublished(publishing, due)
      .catch((error: unknown) => this.again(due, error))
      .catch((error: Error) => {
        if (!this.stopping.signal.aborted) this.options.onFatal(error);
      })
      .finally(() => this.kept.delete(kept));
    this.kept.add(kept);
  }

  private async forgetOncePublished(publishing: Promise<boolean>, { round }: PartitionRound): Promise<void> {
    const isPublished = await publishing;
    if (!round.isCurrent()) return;
    if (!isPublished) throw new PassingError('what they say is not published yet');
    await this.forget(round);
  }

  private async writeChunk(images: readonly Image[]): Promise<void> {
    const { clock, flush, unflushed, onFlushed } = this.options;
    const startedMs = clock.now();
    await halvedUntilItFits(images, (part) => flush(part));
    const tookMs = clock.now() - startedMs;
    onFlushed?.(images.length, tookMs / 1000);
    const isQuiet = clock.now() - unflushed.lastCommitMs > QUIET_AFTER_MS;
    if (isQuiet || this.isHurried()) return;
    await clock.sleep(tookMs * REST_PER_WORK, this.stopping.signal);
  }

  /** A partition that is nearly full must not wait for the others to be written slowly. */
  private isHurried(): boolean {
    return this.stopping.signal.aborted || this.options.unflushed.largest >= HURRY_FROM_IMAGES;
  }
}
