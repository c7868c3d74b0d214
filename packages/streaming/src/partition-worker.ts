import { idsOf, isTick, type ParsedRecord, type SortedBatch, sortBatch } from './batch-sorting.js';
import { FencedError } from './errors.js';
import { halvedUntilItFits } from './halving.js';
import { packImages } from './image.js';
import type { BatchVerdict, PartitionBatch, ReceivedRecord } from './kafka-port.js';
import { PartitionLog } from './partition-log.js';
import { PartitionMeter } from './partition-meter.js';
import type { PartitionWorkerOptions } from './partition-worker-options.js';
import { republish } from './republish.js';
import type { Batch, Claim, Decision, LedgerEntry, OutputRecord, WatchedTopic } from './stream.js';
import { waitWithHeartbeats } from './wait-with-heartbeats.js';

/** After a claim nothing is in memory, and whoever waits since the former owner died is served sooner by a small batch. */
const FIRST_BATCH_RECORDS = 400;
/** A checkpoint that only ticks moved is stored at least this often. */
const IDLE_CHECKPOINT_EVERY_MS = 10_000;
/** Batches of this many look-ups in a row without a repeat end looking ids up beforehand. */
const CALM_BATCHES = 8;
/** How often it is looked whether what waits to be written has become less. */
const FULL_FOR_MS = 50;
/** A key that is taken, yet no entry has it, is somebody's defect: trying on would never end. */
const FRUITLESS_LOOK_UPS = 3;

/**
 * Owns one partition: batch → decide → one transaction → publish. At most one batch's outputs are on their way while
 * the next one is decided. Every failure ends the same way: forget everything, claim anew, read the checkpoint.
 */
export class PartitionWorker<M, W> {
  private claim: Claim | undefined;
  /** First offset not applied; runs ahead of the stored checkpoint only by records that changed nothing. */
  private next = 0;
  private storedNext = 0;
  /** Outputs below this offset are acknowledged. */
  private published = 0;
  private storedPublished = 0;
  /** Append time of the newest record below `next`. */
  private newestMs = -1;
  /** Never rejects; outlives a claim, so that a new one begins after what the old one was sending. */
  private publishing: Promise<void> = Promise.resolve();
  private isPublishing = false;
  private publishFailure: Error | undefined;
  private storedAtMs = 0;
  private lookUpFirst = 0;
  private heartbeat: () => Promise<void> = () => Promise.resolve();

  private readonly log: PartitionLog;
  private readonly meter: PartitionMeter;

  constructor(private readonly options: PartitionWorkerOptions<M, W>) {
    this.log = new PartitionLog(options.kafka, options.topicName, options.partition);
    this.meter = new PartitionMeter(options.metrics, options.stream.topic.name, options.partition, options.clock);
  }

  get epoch(): number | undefined {
    return this.claim?.epoch;
  }

  async process(batch: PartitionBatch): Promise<BatchVerdict> {
    this.heartbeat = () => batch.heartbeat();
    const isTakenOver = !this.claim;
    if (isTakenOver) await this.takeOver();
    const misplaced = await this.log.checkPosition(batch, this.next, this.newestMs);
    if (misplaced !== undefined) return { seekTo: misplaced };
    const fresh = batch.records.filter(({ offset }) => offset >= this.next);
    const { maxBatchRecords } = this.options.stream;
    for (let from = 0, end: number; from < fresh.length; from = end) {
      if (from > 0) await batch.heartbeat();
      if (!batch.isCurrent()) return { seekTo: this.next };
      const isFirst = isTakenOver && from === 0;
      end = from + (isFirst ? Math.min(FIRST_BATCH_RECORDS, maxBatchRecords) : maxBatchRecords);
      await this.applyInParts(fresh.slice(from, end));
    }
    this.meter.lag(batch, this.next);
    return { commitTo: this.next };
  }

  /** Forgets claim and caches: after a failure, or when the partition went to somebody else. */
  drop(): void {
    if (this.claim) this.forgetState();
    this.claim = undefined;
    this.publishFailure = undefined;
  }

  private forgetState(): void {
    const { stream, partition } = this.options;
    stream.released(partition);
    stream.behind?.unflushed.released(partition);
  }

  /** Waits for what is on its way and stores how far it got, so that the next owner repeats nothing. */
  async drain(): Promise<void> {
    const { claim } = this;
    if (!claim) return;
    await this.publishing;
    if (this.publishFailure || this.claim !== claim) return;
    if (this.next > this.storedNext || this.published > this.storedPublished) await this.storeCheckpoint();
  }

  /**
   * Sends the committed records of these keys again where the topic's last one is older. Only between two batches and
   * after their outputs, or the committed state read here could itself come after a newer one.
   */
  async supersede(watched: WatchedTopic, lastVersions: ReadonlyMap<string, number>): Promise<number> {
    const { partition, sender } = this.options;
    await this.publishing;
    const { claim } = this;
    if (!claim || this.publishFailure) throw new Error('the partition is being claimed anew');
    const committed = await watched.committed([...lastVersions.keys()], partition);
    const stale = committed.filter(({ key, version }) => version > (lastVersions.get(key) ?? Number.POSITIVE_INFINITY));
    if (stale.length === 0) return 0;
    await sender.send(
      stale.map(({ output }) => output),
      partition,
      claim.epoch,
    );
    return stale.length;
  }

  private async takeOver(): Promise<void> {
    const { stream, partition, topicName, sender, log, metrics, onClaimed } = this.options;
    await this.alive(this.publishing);
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
    this.published = published;
    this.newestMs = claim.newestMs;
    this.publishFailure = undefined;
    metrics.reclaims.inc({ topic: stream.topic.name });
    const missed = { partition, from: published, to: next };
    const sendMissed = await republish(missed, claim.epoch, { stream, sender, topicName, log });
    this.storedPublished = claim.published;
    this.claim = claim;
    // Meanwhile the first batch is decided; its commit waits for it as for any outputs.
    this.inBackground(sendMissed, next);
    log.info({ topic: topicName, partition, epoch: claim.epoch, next }, 'partition claimed');
    onClaimed?.(claim.epoch);
  }

  private applyInParts(records: readonly ReceivedRecord[]): Promise<void> {
    const { partition, log } = this.options;
    return halvedUntilItFits(
      records,
      (part) => this.applySlice(part),
      (half) => log.warn({ partition, records: half }, 'transaction too large, halving it'),
    );
  }

  private async applySlice(records: readonly ReceivedRecord[]): Promise<void> {
    const { stream, metrics, clock } = this.options;
    const label = { topic: stream.topic.name };
    const startedMs = clock.now();
    metrics.records.inc(label, records.length);
    metrics.batchRecords.observe(label, records.length);
    const parsed = records.map(
      (record): ParsedRecord<M> => ({
        record,
        parsed: isTick(record) ? { kind: 'tick' } : stream.parse(record),
      }),
    );
    const { partitions } = this.options;
    const { generation } = this.claim!;
    let known = await this.lookUpIfLikely(parsed);
    for (let fruitless = 0; ; ) {
      const sorted = sortBatch({ topic: stream.topic.name, partitions, generation }, parsed, known);
      const duplicate = await this.decideAndCommit(records, sorted, startedMs);
      if (!duplicate) break;
      const found = await stream.store.findEntries(idsOf(parsed));
      if (found.size <= known.size && ++fruitless >= FRUITLESS_LOOK_UPS)
        throw new Error(
          `${stream.topic.name}/${this.options.partition}: a unique key is taken, but by none of the batch's entries: ` +
            `${duplicate.detail ?? 'no detail'}. A handler wrote a document that exists already.`,
        );
      known = found;
      this.lookUpFirst = CALM_BATCHES;
    }
  }

  /** Where repeats are coming in, asking first is cheaper than an aborted transaction per batch. */
  private async lookUpIfLikely(parsed: readonly ParsedRecord<M>[]): Promise<ReadonlyMap<string, LedgerEntry>> {
    if (this.lookUpFirst === 0) return new Map();
    const known = await this.options.stream.store.findEntries(idsOf(parsed));
    this.lookUpFirst = known.size > 0 ? CALM_BATCHES : this.lookUpFirst - 1;
    return known;
  }

  /** Answers a duplicate when an id of the batch turned out to be in the ledger already: sort again with what is known. */
  private async decideAndCommit(
    records: readonly ReceivedRecord[],
    sorted: SortedBatch<M>,
    startedMs: number,
  ): Promise<{ detail?: string } | undefined> {
    const { stream, metrics, clock, partition, partitions } = this.options;
    const label = { topic: stream.topic.name };
    const claim = this.claim!;
    const end = records.at(-1)!.offset + 1;
    const newestMs = records.reduce((newest, { timestampMs }) => Math.max(newest, timestampMs), this.newestMs);
    const decision = await this.decide({ partition, partitions, generation: claim.generation, items: sorted.items });
    const decidedMs = clock.now();
    metrics.decideSeconds.observe(label, (decidedMs - startedMs) / 1000);
    const quiet = decision.nothingChanged && sorted.deadLetters.length === 0 && sorted.forwards.length === 0;
    if (quiet && sorted.repeats.length === 0) {
      this.next = end;
      this.newestMs = newestMs;
      decision.committed();
      if (clock.now() - this.storedAtMs >= IDLE_CHECKPOINT_EVERY_MS) await this.storeCheckpoint();
      return undefined;
    }
    await this.waitForPublishing();
    const { published } = this;
    await this.waitForRoom();
    const images = packImages(`${stream.topic.name}/${partition}/${claim.epoch}/${end}`, decision.images ?? []);
    const answeredAgain = sorted.repeats
      .map(({ entry, note }) => ({ note, outputs: stream.resend(entry) }))
      .filter(({ outputs }) => outputs.length > 0);
    const result = await stream.store.commit(
      { partition, epoch: claim.epoch, fromNext: this.storedNext, next: end, published, newestMs },
      [...decision.entries, ...sorted.forwards, ...answeredAgain.map(({ note }) => note)],
      sorted.deadLetters,
      decision.writes,
      images,
    );
    if (result.kind === 'fenced') throw new FencedError(stream.topic.name, partition, claim.epoch);
    if (result.kind === 'duplicate') return result;
    const committedMs = clock.now();
    metrics.commitSeconds.observe(label, (committedMs - decidedMs) / 1000);
    metrics.batchSeconds.observe(label, (committedMs - startedMs) / 1000);
    this.next = end;
    this.newestMs = newestMs;
    this.storedNext = end;
    this.storedPublished = published;
    this.storedAtMs = committedMs;
    stream.behind?.unflushed.committed(
      partition,
      images.map(({ id }) => id),
      decision.images ?? [],
      committedMs,
    );
    decision.committed();
    this.meter.committed(sorted, decision.entries.length);
    const outputs = [...decision.outputs, ...answeredAgain.flatMap((again) => again.outputs)];
    this.publishInBackground(records, sorted, outputs, end);
    return undefined;
  }

  private decide(batch: Batch<M>): Promise<Decision<W>> {
    if (batch.items.length > 0) return this.options.decide(batch);
    return Promise.resolve({
      entries: [],
      writes: this.options.stream.emptyWrites,
      outputs: [],
      committed: () => {},
      nothingChanged: true,
    });
  }

  /** Proves membership while something is awaited. */
  private alive(work: Promise<void>): Promise<void> {
    const { clock, heartbeatEveryMs } = this.options;
    return waitWithHeartbeats(work, { clock, heartbeatEveryMs, heartbeat: this.heartbeat });
  }

  private async waitForRoom(): Promise<void> {
    const { clock, isFull } = this.options;
    if (!isFull?.()) return;
    const untilRoom = async () => {
      while (isFull()) await clock.sleep(FULL_FOR_MS);
    };
    await this.alive(untilRoom());
  }

  private async waitForPublishing(): Promise<void> {
    const startedMs = this.options.clock.now();
    // Mostly it is long over, and waiting costs a timer.
    if (this.isPublishing) await this.alive(this.publishing);
    this.options.metrics.backpressureSeconds.observe(
      { topic: this.options.stream.topic.name },
      (this.options.clock.now() - startedMs) / 1000,
    );
    if (this.publishFailure) throw this.publishFailure;
  }

  private publishInBackground(
    records: readonly ReceivedRecord[],
    { deadLetters, forwards }: SortedBatch<M>,
    outputs: readonly OutputRecord[],
    end: number,
  ): void {
    const { stream, sender, partition, topicName } = this.options;
    const claim = this.claim!;
    const all = [...outputs, ...deadLetters.map((letter) => sender.deadLetterOutput(letter))];
    const send = async () => {
      const startedMs = this.options.clock.now();
      if (forwards.length > 0) await sender.forward(forwards, { name: stream.topic.name, full: topicName });
      // Given up meanwhile: the next claim republishes, and this would only come late.
      if (this.claim !== claim) return;
      await sender.send(all, partition, claim.epoch);
      this.meter.published(records, all.length, startedMs);
    };
    this.inBackground(send, end);
  }

  private inBackground(send: () => Promise<void>, end: number): void {
    const { claim } = this;
    const settled = (failure?: Error) => {
      this.isPublishing = false;
      if (this.claim !== claim) return;
      if (failure) this.publishFailure = failure;
      else this.published = end;
    };
    this.isPublishing = true;
    this.publishing = send().then(() => settled(), settled);
  }

  private async storeCheckpoint(): Promise<void> {
    const { stream, partition, clock } = this.options;
    const { epoch } = this.claim!;
    await this.waitForPublishing();
    // Everything that changed something is published by now; what follows it changed nothing.
    this.published = this.next;
    const { next, published, newestMs } = this;
    const move = { partition, epoch, fromNext: this.storedNext, next, published, newestMs };
    const result = await stream.store.commit(move, [], [], stream.emptyWrites);
    if (result.kind !== 'committed') throw new FencedError(stream.topic.name, partition, epoch);
    this.storedNext = next;
    this.storedPublished = published;
    this.storedAtMs = clock.now();
    this.meter.checkpointStored();
  }
}
