import { isTick, type ParsedRecord, type SortedBatch, sortBatch } from './batch-sorting.js';
import type { Clock } from './clock.js';
import { DataLossError, FencedError } from './errors.js';
import type { BatchVerdict, KafkaPort, PartitionBatch, ReceivedRecord } from './kafka-port.js';
import type { Log } from './log.js';
import type { OutputSender } from './output-sender.js';
import type { Batch, Claim, Decision, LedgerEntry, OutputRecord, StreamDefinition } from './stream.js';
import type { StreamMetrics } from './stream-metrics.js';

export interface PartitionWorkerOptions<M, W> {
  readonly stream: StreamDefinition<M, W>;
  readonly partition: number;
  readonly partitions: number;
  /** With the deployment's prefix. */
  readonly topicName: string;
  readonly decide: (batch: Batch<M>) => Promise<Decision<W>>;
  readonly kafka: KafkaPort;
  readonly sender: OutputSender;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: StreamMetrics;
}

/** A checkpoint that only ticks moved is stored at least this often. */
const IDLE_CHECKPOINT_EVERY_MS = 10_000;
/** Batches of this many look-ups in a row without a repeat end looking ids up beforehand. */
const CALM_BATCHES = 8;

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
  private publishing: Promise<void> = Promise.resolve();
  private publishFailure: Error | undefined;
  private storedAtMs = 0;
  private lookUpFirst = 0;
  private soughtTo = -1;

  constructor(private readonly options: PartitionWorkerOptions<M, W>) {}

  get epoch(): number | undefined {
    return this.claim?.epoch;
  }

  async process(batch: PartitionBatch): Promise<BatchVerdict> {
    if (!this.claim) await this.takeOver();
    const misplaced = await this.checkPosition(batch);
    if (misplaced !== undefined) {
      this.soughtTo = misplaced;
      return { seekTo: misplaced };
    }
    const fresh = batch.records.filter(({ offset }) => offset >= this.next);
    const { maxBatchRecords } = this.options.stream;
    for (let i = 0; i < fresh.length; i += maxBatchRecords) {
      if (i > 0) await batch.heartbeat();
      if (!batch.isCurrent()) return { seekTo: this.next };
      await this.applySlice(fresh.slice(i, i + maxBatchRecords));
    }
    this.observeLag(batch);
    return { commitTo: this.next };
  }

  /** Forgets claim and caches: after a failure, or when the partition went to somebody else. */
  drop(): void {
    if (this.claim) this.options.stream.released(this.options.partition);
    this.claim = undefined;
    this.publishFailure = undefined;
    this.publishing = Promise.resolve();
  }

  /** Waits for what is on its way and stores how far it got, so that the next owner repeats nothing. */
  async drain(): Promise<void> {
    if (!this.claim) return;
    await this.publishing;
    if (!this.publishFailure && this.next > this.storedNext) await this.storeCheckpoint();
  }

  private async takeOver(): Promise<void> {
    const { stream, partition, topicName, kafka, log, metrics } = this.options;
    const claim = await stream.store.claim(partition);
    const bounds = (await kafka.offsets(topicName)).find((o) => o.partition === partition);
    if (!bounds) throw new DataLossError(`${topicName}/${partition} does not exist`);
    const next = claim.next < 0 ? bounds.earliest : claim.next;
    const published = claim.published < 0 ? next : claim.published;
    if (bounds.earliest > next)
      throw new DataLossError(
        `${topicName}/${partition}: records ${next} to ${bounds.earliest - 1} are gone from Kafka and were never applied`,
      );
    if (next > bounds.end)
      throw new DataLossError(
        `${topicName}/${partition}: applied up to ${next}, but the topic ends at ${bounds.end}; Kafka has lost records or ` +
          'the topic was made anew',
      );
    this.storedNext = claim.next < 0 ? -1 : claim.next;
    this.next = next;
    this.published = published;
    this.publishFailure = undefined;
    metrics.reclaims.inc({ topic: stream.topic.name });
    await this.republish(published, next, claim.epoch);
    this.published = next;
    this.claim = claim;
    log.info({ topic: topicName, partition, epoch: claim.epoch, next }, 'partition claimed');
  }

  private async republish(from: number, to: number, epoch: number): Promise<void> {
    if (from >= to) return;
    const { stream, partition, sender, topicName, log } = this.options;
    const entries = await stream.store.entriesBetween(partition, from, to);
    const deadLetters = await stream.store.deadLettersBetween(partition, from, to);
    if (entries.length + deadLetters.length === 0) return;
    const own = entries.filter(({ outcome }) => outcome !== 'forwarded');
    const outputs = [
      ...(own.length > 0 ? await stream.republish(own, partition) : []),
      ...deadLetters.map((letter) => sender.deadLetterOutput(letter)),
    ];
    await sender.forward(entries, { name: stream.topic.name, full: topicName });
    await sender.send(outputs, partition, epoch);
    log.info(
      { topic: topicName, partition, from, to, outputs: outputs.length },
      'outputs of the former owner published again',
    );
  }

  /** Where to seek when the batch does not continue what was applied; undefined when it does. */
  private async checkPosition({ records }: PartitionBatch): Promise<number | undefined> {
    const first = records[0]!.offset;
    const last = records.at(-1)!.offset;
    if (last < this.next) return this.next;
    if (first <= this.next) return undefined;
    if (this.soughtTo !== this.next) return this.next;
    // Asked for `next` and got later records: markers or filtered records are healthy, a moved beginning is a loss.
    const { kafka, topicName, partition } = this.options;
    const bounds = (await kafka.offsets(topicName)).find((o) => o.partition === partition);
    if (!bounds || bounds.earliest > this.next)
      throw new DataLossError(
        `${topicName}/${partition}: records from ${this.next} are gone from Kafka and were never applied`,
      );
    return undefined;
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
    let known = await this.lookUpIfLikely(parsed);
    for (;;) {
      const sorted = sortBatch(stream.topic.name, this.options.partitions, parsed, known);
      if (await this.decideAndCommit(records, sorted, startedMs)) break;
      known = await stream.store.findEntries(idsOf(parsed));
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

  /** False when an id of the batch turned out to be in the ledger already: sort again with what is known. */
  private async decideAndCommit(
    records: readonly ReceivedRecord[],
    sorted: SortedBatch<M>,
    startedMs: number,
  ): Promise<boolean> {
    const { stream, metrics, clock, partition, partitions } = this.options;
    const label = { topic: stream.topic.name };
    const claim = this.claim!;
    const end = records.at(-1)!.offset + 1;
    const decision = await this.decide({ partition, partitions, generation: claim.generation, items: sorted.items });
    const decidedMs = clock.now();
    metrics.decideSeconds.observe(label, (decidedMs - startedMs) / 1000);
    const quiet = decision.nothingChanged && sorted.deadLetters.length === 0 && sorted.forwards.length === 0;
    if (quiet && sorted.repeats.length === 0) {
      this.next = end;
      decision.committed();
      if (clock.now() - this.storedAtMs >= IDLE_CHECKPOINT_EVERY_MS) await this.storeCheckpoint();
      return true;
    }
    await this.waitForPublishing();
    const result = await stream.store.commit(
      { partition, epoch: claim.epoch, fromNext: this.storedNext, next: end, published: this.published },
      [...decision.entries, ...sorted.forwards],
      sorted.deadLetters,
      decision.writes,
    );
    if (result.kind === 'fenced') throw new FencedError(stream.topic.name, partition, claim.epoch);
    if (result.kind === 'duplicate') return false;
    const committedMs = clock.now();
    metrics.commitSeconds.observe(label, (committedMs - decidedMs) / 1000);
    metrics.batchSeconds.observe(label, (committedMs - startedMs) / 1000);
    this.next = end;
    this.storedNext = end;
    this.storedAtMs = committedMs;
    decision.committed();
    this.count(sorted, decision);
    this.publishInBackground(records, sorted, decision, end);
    return true;
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

  private count(sorted: SortedBatch<M>, decision: Decision<W>): void {
    const { metrics, stream, partition, clock } = this.options;
    const label = { topic: stream.topic.name };
    metrics.applied.inc(label, decision.entries.length);
    if (sorted.deadLetters.length > 0) metrics.deadLetters.inc(label, sorted.deadLetters.length);
    if (sorted.forwards.length > 0) metrics.forwarded.inc(label, sorted.forwards.length);
    const repeats = sorted.repeats.length + sorted.repeatedInBatch;
    if (repeats > 0) metrics.duplicates.inc(label, repeats);
    metrics.checkpointAge.set({ ...label, partition: String(partition) }, clock.now() / 1000);
  }

  private async waitForPublishing(): Promise<void> {
    const startedMs = this.options.clock.now();
    await this.publishing;
    this.options.metrics.backpressureSeconds.observe(
      { topic: this.options.stream.topic.name },
      (this.options.clock.now() - startedMs) / 1000,
    );
    if (this.publishFailure) throw this.publishFailure;
  }

  private publishInBackground(
    records: readonly ReceivedRecord[],
    { deadLetters, forwards, repeats }: SortedBatch<M>,
    { outputs }: Decision<W>,
    end: number,
  ): void {
    const { stream, sender, partition, topicName } = this.options;
    const claim = this.claim!;
    const all: OutputRecord[] = [...outputs];
    for (const entry of repeats) all.push(...stream.resend(entry));
    for (const letter of deadLetters) all.push(sender.deadLetterOutput(letter));
    const send = async () => {
      const startedMs = this.options.clock.now();
      await sender.forward(forwards, { name: stream.topic.name, full: topicName });
      await sender.send(all, partition, claim.epoch);
      this.observePublished(records, all.length, startedMs);
    };
    this.publishing = send().then(
      () => {
        if (this.claim === claim) this.published = end;
      },
      (error: Error) => {
        if (this.claim === claim) this.publishFailure = error;
      },
    );
  }

  private observePublished(records: readonly ReceivedRecord[], outputs: number, startedMs: number): void {
    const { metrics, stream, clock } = this.options;
    const label = { topic: stream.topic.name };
    const nowMs = clock.now();
    metrics.published.inc(label, outputs);
    metrics.publishSeconds.observe(label, (nowMs - startedMs) / 1000);
    // One observation per batch, of its oldest record: cheap, and the pessimistic figure.
    metrics.recordToPublish.observe(label, Math.max(0, nowMs - records[0]!.timestampMs) / 1000);
  }

  private observeLag({ records, endOffset }: PartitionBatch): void {
    const { metrics, stream, partition, clock } = this.options;
    const labels = { topic: stream.topic.name, partition: String(partition) };
    metrics.lagRecords.set(labels, Math.max(0, endOffset - this.next));
    metrics.lagSeconds.set(labels, Math.max(0, clock.now() - records.at(-1)!.timestampMs) / 1000);
  }

  private async storeCheckpoint(): Promise<void> {
    const { stream, partition, clock } = this.options;
    const { epoch } = this.claim!;
    await this.waitForPublishing();
    const move = { partition, epoch, fromNext: this.storedNext, next: this.next, published: this.published };
    const result = await stream.store.commit(move, [], [], stream.emptyWrites);
    if (result.kind !== 'committed') throw new FencedError(stream.topic.name, partition, epoch);
    this.storedNext = this.next;
    this.storedAtMs = clock.now();
  }
}

const idsOf = <M>(parsed: readonly ParsedRecord<M>[]): string[] =>
  parsed.flatMap(({ parsed: p }) => (p.kind === 'message' ? [p.id] : []));
