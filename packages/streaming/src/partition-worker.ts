import { idsOf } from './batch-sorting.js';
import { FencedError, takenByNobody } from './errors.js';
import { halvedUntilItFits } from './halving.js';
import type { BatchVerdict, PartitionBatch, ReceivedRecord } from './kafka-port.js';
import { type Decided, PartDecider, partsOf, withAhead } from './part-decider.js';
import { type Outcome, PartPipeline } from './part-pipeline.js';
import { PartitionLog } from './partition-log.js';
import { PartitionMeter } from './partition-meter.js';
import type { PartitionWorkerOptions } from './partition-worker-options.js';
import { PublishQueue } from './publish-queue.js';
import { republish } from './republish.js';
import type { Claim, WatchedTopic } from './stream.js';
import { waitWithHeartbeats } from './wait-with-heartbeats.js';

/** A checkpoint that only ticks moved is stored at least this often. */
const IDLE_CHECKPOINT_EVERY_MS = 10_000;
/** Batches that are committed and not acknowledged by Kafka yet; the next commit waits for the first of them. */
const MOST_UNPUBLISHED = 2;
/** How often it is looked whether what waits to be written has become less. */
const FULL_FOR_MS = 50;
/** A key that is taken, yet no entry has it, is somebody's defect: trying on would never end. */
const FRUITLESS_LOOK_UPS = 3;

/**
 * Owns one partition: batch → decide → one transaction → publish. Of a batch that takes several transactions the next
 * part is decided while the one before is being committed, and a few parts' outputs may be on their way. Every failure
 * ends the same way: forget everything, claim anew, read the checkpoint.
 */
export class PartitionWorker<M, W> {
  private claim: Claim | undefined;
  /** First offset not applied; runs ahead of the stored checkpoint only by records that changed nothing. */
  private next = 0;
  private storedNext = 0;
  private storedPublished = 0;
  /** Append time of the newest record below `next`. */
  private newestMs = -1;
  /** Of this claim. */
  private publishing = new PublishQueue(0);
  /** What the owner before left is published before anything of this one is committed. */
  private hasCommitted = false;
  private storedAtMs = 0;
  private heartbeat: () => Promise<void> = () => Promise.resolve();

  private readonly log: PartitionLog;
  private readonly meter: PartitionMeter;
  private readonly decider: PartDecider<M, W>;
  private readonly pipeline: PartPipeline<M, W>;

  constructor(private readonly options: PartitionWorkerOptions<M, W>) {
    this.log = new PartitionLog(options.kafka, options.topicName, options.partition);
    this.meter = new PartitionMeter(options.metrics, options.stream.topic.name, options.partition, options.clock);
    this.decider = new PartDecider(options);
    this.pipeline = new PartPipeline(this.decider, {
      claim: () => this.claim!,
      commit: (decided) => this.commit(decided),
      applyInParts: (records) => this.applyInParts(records),
      drop: () => this.drop(),
      claimAnew: () => this.claimAnew(),
    });
  }

  get epoch(): number | undefined {
    return this.claim?.epoch;
  }

  async process(batch: PartitionBatch): Promise<BatchVerdict> {
    this.heartbeat = () => batch.heartbeat();
    const isTakenOver = !this.claim;
    // Nothing need follow it: a tick is enough to have it published again.
    if (!isTakenOver && this.publishing.failure) throw this.publishing.failure;
    if (isTakenOver) await this.takeOver();
    const misplaced = await this.log.checkPosition(batch, this.next, this.newestMs);
    if (misplaced !== undefined) return { seekTo: misplaced };
    const fresh = batch.records.filter(({ offset }) => offset >= this.next);
    const isDone = await this.pipeline.applyAll(
      batch,
      partsOf(fresh, this.options.stream.maxBatchRecords, isTakenOver),
    );
    if (!isDone) return { seekTo: this.next };
    this.meter.lag(batch, this.next);
    return { commitTo: this.next };
  }

  /** For records that this claim has not committed. */
  private async claimAnew(): Promise<void> {
    // Only a member claims.
    await this.heartbeat();
    const { storedNext } = this;
    this.drop();
    await this.takeOver();
    // Another owner has been at these records: whoever begins anew looks which of them are left.
    if (this.storedNext === storedNext) return;
    const { stream, partition } = this.options;
    throw new FencedError(stream.topic.name, partition, this.claim!.epoch);
  }

  /** Forgets claim and caches: after a failure, or when the partition went to somebody else. */
  drop(): void {
    if (this.claim) this.forgetState();
    this.claim = undefined;
    this.publishing.giveUp();
  }

  private forgetState(): void {
    const { stream, partition } = this.options;
    stream.released(partition);
    stream.behind?.unflushed.released(partition);
  }

  /** Undefined when all that is committed is published; else resolves with whether it is when its sending has ended. */
  publishingNow(): Promise<boolean> | undefined {
    const { claim, publishing } = this;
    if (claim && publishing.length === 0 && !publishing.failure) return undefined;
    return publishing.all().then(() => claim !== undefined && this.claim === claim && !publishing.failure);
  }

  /** Waits for what is on its way and stores how far it got, so that the next owner repeats nothing. */
  async drain(): Promise<void> {
    const { claim, publishing } = this;
    await publishing.all();
    if (!claim || publishing.failure || this.claim !== claim) return;
    if (this.next > this.storedNext || publishing.published > this.storedPublished) await this.storeCheckpoint();
  }

  /**
   * Sends the committed records of these keys again where the topic's last one is older. Only between two batches and
   * after their outputs, or the committed state read here could itself come after a newer one.
   */
  async supersede(watched: WatchedTopic, lastVersions: ReadonlyMap<string, number>): Promise<number> {
    const { partition, sender } = this.options;
    await this.publishing.all();
    const { claim } = this;
    if (!claim || this.publishing.failure) throw new Error('the partition is being claimed anew');
    const committed = await watched.committed([...lastVersions.keys()], partition, this.newestMs);
    const stale = committed
      .filter(({ key, version }) => version > (lastVersions.get(key) ?? Number.POSITIVE_INFINITY))
      .map(({ output }) => output);
    return stale.length === 0 ? 0 : sender.send(stale, partition, claim.epoch);
  }

  private async takeOver(): Promise<void> {
    const { stream, partition, topicName, sender, log, metrics, onClaimed } = this.options;
    await this.alive(this.publishing.all());
    // What a claim that failed half-way has read may be older than what the next one finds.
    this.forgetState();
    const claim = await stream.store.claim(partition);
    const [images, { next, published }] = await Promise.all([
      stream.store.storedImages(partition),
      this.log.checkClaim(claim),
    ]);
    stream.behind?.unflushed.claimed(partition, images, this.options.clock.now());
    this.storedNext = claim.next;
    this.next = next;
    this.newestMs = claim.newestMs;
    metrics.reclaims.inc({ topic: stream.topic.name });
    const missed = { partition, from: published, to: next };
    const sendMissed = await republish(missed, claim, { stream, sender, topicName, log });
    this.storedPublished = claim.published;
    this.claim = claim;
    this.hasCommitted = false;
    this.publishing = new PublishQueue(published, this.publishing);
    // Meanwhile the first batch is decided; its commit waits for it as for any outputs.
    this.publishing.add(sendMissed, next);
    log.info({ topic: topicName, partition, epoch: claim.epoch, next }, 'partition claimed');
    onClaimed?.(claim.epoch);
  }

  /** One transaction after the other, each decided on what is committed. */
  private applyInParts(records: readonly ReceivedRecord[]): Promise<void> {
    const { partition, log } = this.options;
    return halvedUntilItFits(
      records,
      (part) => this.applyOne(part),
      (half) => log.warn({ partition, records: half }, 'transaction too large, halving it'),
    );
  }

  private async applyOne(records: readonly ReceivedRecord[]): Promise<void> {
    const { stream, partition } = this.options;
    const part = await this.decider.read(records);
    const ids = idsOf(part.parsed);
    let known = await this.decider.lookUpIfLikely(ids);
    for (let fruitless = 0; ; ) {
      const decided = await this.decider.decide(part, known, this.claim!, nothingUnderWay);
      const result = await this.commit(withAhead(decided));
      if (result.kind === 'committed') break;
      const found = await stream.store.findEntries(ids);
      if (found.size <= known.size && ++fruitless >= FRUITLESS_LOOK_UPS)
        throw takenByNobody(`${stream.topic.name}/${partition}`, result.detail);
      known = found;
      this.decider.expectRepeats();
    }
  }

  private async commit(decided: Decided<W>): Promise<Outcome> {
    const { stream, metrics, clock, partition } = this.options;
    const label = { topic: stream.topic.name };
    const claim = this.claim!;
    const { records, end, startedMs, decidedMs, entries, deadLetters, writes, images, storedImages } = decided;
    const newestMs = records.reduce((newest, { timestampMs }) => Math.max(newest, timestampMs), this.newestMs);
    if (decided.isQuiet) {
      this.next = end;
      this.newestMs = newestMs;
      decided.committed();
      if (clock.now() - this.storedAtMs >= IDLE_CHECKPOINT_EVERY_MS) await this.storeCheckpoint();
      return { kind: 'committed' };
    }
    await this.waitForPublishing(this.hasCommitted ? MOST_UNPUBLISHED - 1 : 0);
    const { published } = this.publishing;
    await this.waitForRoom();
    const move = { partition, epoch: claim.epoch, fromNext: this.storedNext, next: end, published, newestMs };
    const result = await stream.store.commit(move, entries, deadLetters, writes, storedImages);
    if (result.kind === 'fenced') throw new FencedError(stream.topic.name, partition, claim.epoch);
    if (result.kind === 'duplicate') return result;
    const committedMs = clock.now();
    metrics.commitSeconds.observe(label, (committedMs - decidedMs) / 1000);
    metrics.batchSeconds.observe(label, (committedMs - startedMs) / 1000);
    this.next = end;
    this.newestMs = newestMs;
    this.hasCommitted = true;
    this.storedNext = end;
    this.storedPublished = published;
    this.storedAtMs = committedMs;
    const storedIds = storedImages.map(({ id }) => id);
    stream.behind?.unflushed.committed(partition, storedIds, images, committedMs);
    decided.committed();
    this.meter.committed(decided.counts);
    this.publishInBackground(decided);
    return { kind: 'committed' };
  }

  /** Proves membership while something is awaited. */
  private alive(work: Promise<void>): Promise<void> {
    const { clock, heartbeatEveryMs } = this.options;
    return waitWithHeartbeats(work, { clock, heartbeatEveryMs, heartbeat: this.heartbeat });
  }

  private async waitForRoom(): Promise<void> {
    const { clock, isFull = () => false } = this.options;
    const { publishing } = this;
    const untilRoom = async () => {
      // There is none before what was committed is published, and a failure is for the next claim to mend.
      while (isFull() && !publishing.failure) await clock.sleep(FULL_FOR_MS);
    };
    if (!isFull()) return;
    await this.alive(untilRoom());
    if (publishing.failure) throw publishing.failure;
  }

  private async waitForPublishing(mostUnpublished: number): Promise<void> {
    const { publishing } = this;
    const startedMs = this.options.clock.now();
    // Mostly it is long over, and waiting costs a timer.
    if (publishing.length > mostUnpublished) await this.alive(publishing.untilAtMost(mostUnpublished));
    this.options.metrics.backpressureSeconds.observe(
      { topic: this.options.stream.topic.name },
      (this.options.clock.now() - startedMs) / 1000,
    );
    if (publishing.failure) throw publishing.failure;
  }

  private publishInBackground({ records, forwards, outputs, end }: Decided<W>): void {
    const { stream, sender, topicName } = this.options;
    this.publishing.add(async () => {
      const startedMs = this.options.clock.now();
      if (forwards.length > 0) await sender.forward(forwards, { name: stream.topic.name, full: topicName });
      await sender.sendPrepared(outputs);
      this.meter.published(records, outputs.count, startedMs);
    }, end);
  }

  private async storeCheckpoint(): Promise<void> {
    const { stream, partition, clock } = this.options;
    const { epoch } = this.claim!;
    await this.waitForPublishing(0);
    // Everything that changed something is published by now; what follows it changed nothing.
    const { next, newestMs } = this;
    this.publishing.reached(next);
    const move = { partition, epoch, fromNext: this.storedNext, next, published: next, newestMs };
    const result = await stream.store.commit(move, [], [], stream.emptyWrites);
    if (result.kind !== 'committed') throw new FencedError(stream.topic.name, partition, epoch);
    this.storedNext = next;
    this.storedPublished = next;
    this.storedAtMs = clock.now();
    this.meter.checkpointStored();
  }
}

const nothingUnderWay = (): Promise<void> => Promise.resolve();
