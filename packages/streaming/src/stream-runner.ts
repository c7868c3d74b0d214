import { type Clock, systemClock } from './clock.js';
import { DataLossError, FencedError, isPassing, MembershipLostError } from './errors.js';
import type { BatchVerdict, GroupConsumer, KafkaPort, PartitionBatch } from './kafka-port.js';
import type { Log } from './log.js';
import { OutputSender } from './output-sender.js';
import { PartitionWorker } from './partition-worker.js';
import { isLarge, nextTurn } from './slices.js';
import type { Batch, Decision, StreamDefinition } from './stream.js';
import type { StreamMetrics } from './stream-metrics.js';
import { TailWatch } from './tail-watch.js';
import { Ticker } from './ticker.js';
import { topicName } from './topics-setup.js';
import { WriteBehind } from './write-behind.js';

export interface StreamRunnerOptions<M, W> {
  readonly stream: StreamDefinition<M, W>;
  readonly decide: (batch: Batch<M>) => Promise<Decision<W>>;
  readonly kafka: KafkaPort;
  readonly prefix: string;
  /** By unprefixed topic name. */
  readonly partitions: ReadonlyMap<string, number>;
  readonly source: string;
  readonly clock?: Clock;
  readonly log: Log;
  readonly metrics: StreamMetrics;
  readonly sessionTimeoutMs: number;
  readonly concurrency?: number;
  /** The unexpected: the process must end, since going on could step over a record. */
  readonly onFatal: (error: Error) => void;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 3000;
const STALL_MS = 2000;
/** A stop must end though a server is away; what is left undone then, the next owner does. */
const DRAIN_TIMEOUT_MS = 15_000;
const WRITE_TIMEOUT_MS = 5000;

/** Runs one stream: its group membership, a worker per partition, ticks, and the watch over its compacted topics. */
export class StreamRunner<M, W> {
  private readonly workers = new Map<number, PartitionWorker<M, W>>();
  private readonly locks = new Map<number, Promise<void>>();
  private readonly sender: OutputSender;
  private readonly clock: Clock;
  private readonly topicName: string;
  private readonly ticker: Ticker;
  private readonly watches: readonly TailWatch[];
  private readonly behind: WriteBehind | undefined;
  private readonly stopping = new AbortController();
  private consumer: GroupConsumer | undefined;
  private assigned: readonly number[] = [];
  private joined = false;
  private dead = false;
  /** Batches of many records that are being worked on. */
  private large = 0;
  private readonly stalledSinceMs = new Map<number, number>();

  constructor(private readonly options: StreamRunnerOptions<M, W>) {
    const { stream, kafka, prefix, partitions, source, log, metrics } = options;
    this.clock = options.clock ?? systemClock;
    this.topicName = topicName(stream.topic, prefix);
    this.sender = new OutputSender({ kafka, prefix, partitions, source });
    this.ticker = new Ticker({
      kafka,
      topic: this.topicName,
      everyMs: stream.tickEveryMs,
      source,
      clock: this.clock,
      log,
    });
    this.watches = (stream.watched ?? []).map(
      (watched) =>
        new TailWatch({
          watched,
          kafka,
          prefix,
          log,
          epochOf: (partition) => this.workers.get(partition)?.epoch,
          supersede: (partition, versions) =>
            this.exclusively(partition, () => this.workers.get(partition)!.supersede(watched, versions)),
          onHealed: (count) => metrics.healed.inc({ topic: watched.topic.name }, count),
          onCrash: (error) => this.die(error),
        }),
    );
    this.behind = stream.behind && this.writeBehind(stream.behind);
  }

  private writeBehind({ unflushed, flush }: NonNullable<StreamDefinition<M, W>['behind']>): WriteBehind {
    const { stream, log, metrics } = this.options;
    const label = { topic: stream.topic.name };
    return new WriteBehind({
      unflushed,
      flush,
      forget: (ids) => stream.store.forgetImages(ids),
      publishing: (partition) => this.workers.get(partition)?.publishingNow(),
      clock: this.clock,
      log,
      onFlushed: (images, seconds) => {
        metrics.flushed.inc(label, images);
        metrics.flushSeconds.observe(label, seconds);
      },
      onSize: (images) => metrics.unflushed.set(label, images),
      onFatal: (error) => this.die(error),
    });
  }

  async start(): Promise<void> {
    const { stream, kafka, sessionTimeoutMs, concurrency } = this.options;
    // Watching begins before the first own record, so that a former owner's late one cannot slip in unseen.
    for (const watch of this.watches) await watch.start();
    this.behind?.start();
    this.consumer = await kafka.consume({
      groupId: stream.groupId,
      topic: this.topicName,
      sessionTimeoutMs,
      concurrency,
      onBatch: (batch) => this.onBatch(batch),
      onAssigned: (partitions) => this.onAssigned(partitions),
      onCrash: (error) => this.die(error),
    });
  }

  /**
   * In the right order: no new ticks, no new batches, what was begun is committed and published and its checkpoint
   * stored, what waits to be written is written, then the group is left, so that the next owner finds nothing to
   * repeat; last the watches.
   */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.ticker.stop();
    for (const partition of this.assigned) this.consumer?.pause(partition);
    const drained = Promise.all([...this.workers].map(([partition, worker]) => this.drain(partition, worker)));
    const patience = new AbortController();
    await Promise.race([drained, this.clock.sleep(DRAIN_TIMEOUT_MS, patience.signal)]);
    patience.abort();
    await this.behind?.stop(WRITE_TIMEOUT_MS);
    await this.consumer?.stop();
    for (const watch of this.watches) await watch.stop();
  }

  /** Joined, and every assigned partition claimed (which happens with its first tick) and not stalled. */
  state(): { ready: boolean; detail: string } {
    const unclaimed = this.assigned.filter((partition) => this.workers.get(partition)?.epoch === undefined);
    const nowMs = this.clock.now();
    const stalledMs = Math.max(0, ...[...this.stalledSinceMs.values()].map((sinceMs) => nowMs - sinceMs));
    const ready = this.joined && !this.dead && unclaimed.length === 0 && stalledMs < STALL_MS;
    const detail = `${this.topicName}: ${this.assigned.length} partitions, ${unclaimed.length} to claim${stalledMs > 0 ? `, stalled for ${stalledMs} ms` : ''}`;
    return { ready, detail };
  }

  /** Nothing is applied any more: an error that is not understood might step over a record. */
  private die(error: Error): void {
    if (this.dead) return;
    this.dead = true;
    for (const partition of this.assigned) this.consumer?.pause(partition);
    this.options.onFatal(error);
  }

  private async drain(partition: number, worker: PartitionWorker<M, W>): Promise<void> {
    try {
      await this.exclusively(partition, () => worker.drain());
    } catch (error) {
      this.options.log.warn(
        { partition, reason: (error as Error).message },
        'drain ended early; the next owner publishes the last batch again',
      );
    }
  }

  private onAssigned(partitions: readonly number[]): void {
    const { metrics, stream, log } = this.options;
    this.joined = true;
    this.assigned = partitions;
    for (const [partition, worker] of this.workers) {
      if (partitions.includes(partition)) continue;
      this.stalledSinceMs.delete(partition);
      for (const gauge of [metrics.lagRecords, metrics.lagSeconds, metrics.checkpointAge])
        gauge.remove({ topic: stream.topic.name, partition: String(partition) });
      this.exclusively(partition, () => Promise.resolve(worker.drop())).catch((error: Error) => this.die(error));
    }
    if (!this.stopping.signal.aborted) this.ticker.tick(partitions);
    log.info({ topic: this.topicName, partitions: partitions.length }, 'partitions assigned');
  }

  private workerOf(partition: number): PartitionWorker<M, W> {
    let worker = this.workers.get(partition);
    if (!worker) {
      const { stream, decide, kafka, partitions, log, metrics } = this.options;
      worker = new PartitionWorker<M, W>({
        stream,
        partition,
        partitions: partitions.get(stream.topic.name)!,
        topicName: this.topicName,
        decide,
        kafka,
        sender: this.sender,
        clock: this.clock,
        log,
        metrics,
        isFull: () => this.behind?.isFull(partition) ?? false,
        pause: () => this.pause(),
        heartbeatEveryMs: Math.max(200, Math.floor(this.options.sessionTimeoutMs / 5)),
        onClaimed: () => {
          for (const watch of this.watches) watch.onClaimed(partition);
        },
      });
      this.workers.set(partition, worker);
    }
    return worker;
  }

  /**
   * A rebalance can hand a partition back while its last batch is still being decided here: one at a time, or the
   * late one would put an older state into the cache.
   */
  private exclusively<T>(partition: number, work: () => Promise<T>): Promise<T> {
    const run = (this.locks.get(partition) ?? Promise.resolve()).then(work);
    this.locks.set(
      partition,
      run.then(
        () => {},
        () => {},
      ),
    );
    return run;
  }

  private onBatch(batch: PartitionBatch): Promise<BatchVerdict> {
    const current = {
      ...batch,
      heartbeat: () => batch.heartbeat(),
      isCurrent: () => !this.dead && !this.stopping.signal.aborted && batch.isCurrent(),
    };
    return this.exclusively(batch.partition, async () => {
      const large = isLarge(batch.records.length) ? 1 : 0;
      this.large += large;
      try {
        return await this.processUntilDone(current);
      } finally {
        this.large -= large;
      }
    });
  }

  /**
   * A transaction takes several exchanges with the database. Where one partition alone has work, deciding its next batch
   * in one go would hold up each of them; where several have, one's transaction fills the others' pauses, and batches
   * half decided would only fill the memory.
   */
  private pause(): Promise<void> | undefined {
    return this.large > 1 ? undefined : nextTurn();
  }

  private async processUntilDone(batch: PartitionBatch): Promise<BatchVerdict> {
    const { partition } = batch;
    let isLossSuspected = false;
    for (let delayMs = FIRST_RETRY_MS; batch.isCurrent(); delayMs = Math.min(LAST_RETRY_MS, delayMs * 2)) {
      const worker = this.workerOf(partition);
      try {
        const verdict = await worker.process(batch);
        this.stalledSinceMs.delete(partition);
        return verdict;
      } catch (error) {
        worker.drop();
        if (error instanceof MembershipLostError) throw error;
        if (error instanceof FencedError) await this.proveMembership(batch, error);
        else if (isPassing(error)) await this.waitOut(batch, error as Error, delayMs);
        else if (error instanceof DataLossError && !isLossSuspected) {
          // Compared with a checkpoint that another owner has moved on meanwhile, nothing need be missing: look again.
          isLossSuspected = true;
          await batch.heartbeat();
        } else this.die(error as Error);
      }
    }
    return { seekTo: batch.records[0]!.offset };
  }

  /**
   * Fenced: only a member the coordinator still knows may claim again, or two would fence each other for ever. A
   * heartbeat is really sent once its interval has passed; for a zombie it rejects, and kafkajs rejoins.
   */
  private async proveMembership(batch: PartitionBatch, error: FencedError): Promise<void> {
    const { log, metrics, sessionTimeoutMs, stream } = this.options;
    metrics.fenced.inc({ topic: stream.topic.name });
    log.warn(
      { topic: this.topicName, partition: error.partition, epoch: error.epoch },
      'commit refused: the partition has another owner',
    );
    await this.clock.sleep(Math.floor(sessionTimeoutMs / 10) + 50, this.stopping.signal);
    await batch.heartbeat();
  }

  private async waitOut(batch: PartitionBatch, error: Error, delayMs: number): Promise<void> {
    if (!this.stalledSinceMs.has(batch.partition)) this.stalledSinceMs.set(batch.partition, this.clock.now());
    this.options.metrics.retries.inc({ topic: this.options.stream.topic.name });
    this.options.log.warn(
      { topic: this.topicName, partition: batch.partition, reason: error.message },
      'a passing failure; the batch is begun again',
    );
    await this.clock.sleep(delayMs, this.stopping.signal);
    await batch.heartbeat();
  }
}
