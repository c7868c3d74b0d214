import { type ForwardEntry, isTick, type ParsedRecord, type SortedBatch, sortBatch } from './batch-sorting.js';
import type { Image, StoredImages } from './image.js';
import type { ReceivedRecord } from './kafka-port.js';
import type { PreparedOutputs } from './output-sender.js';
import type { Counts } from './partition-meter.js';
import type { PartitionWorkerOptions } from './partition-worker-options.js';
import { betweenSteps, forEachInSlices } from './slices.js';
import type { Claim, DeadLetter, Decision, LaidOutEntries, LedgerEntry } from './stream.js';

/** After a claim nothing is in memory, and whoever waits since the former owner died is served sooner by a small batch. */
const FIRST_BATCH_RECORDS = 400;
/** Batches of this many look-ups in a row without a repeat end looking ids up beforehand. */
const CALM_BATCHES = 8;

/** Records that go into one transaction. */
export interface Part<M> {
  readonly records: readonly ReceivedRecord[];
  readonly parsed: readonly ParsedRecord<M>[];
  readonly startedMs: number;
}
/**
 * A part as it is committed and published. Until then many of them wait, so it holds what is written and sent, and
 * nothing that was only needed to make it.
 */
export interface Decided<W> {
  readonly records: readonly ReceivedRecord[];
  /** The first offset after it. */
  readonly end: number;
  readonly startedMs: number;
  readonly decidedMs: number;
  /** Nothing but time passed. */
  readonly isQuiet: boolean;
  readonly entries: LaidOutEntries;
  readonly deadLetters: readonly DeadLetter[];
  readonly forwards: readonly ForwardEntry[];
  readonly writes: W;
  readonly images: readonly Image[];
  readonly storedImages: readonly StoredImages[];
  readonly outputs: PreparedOutputs;
  readonly counts: Counts;
  /** See `Decision`. */
  readonly ahead?: (() => void) | undefined;
  readonly committed: () => void;
}
/** Reads and decides the parts of one partition's batches; nothing here is committed or published. */
export class PartDecider<M, W> {
  private lookUpFirst = 0;

  constructor(private readonly options: PartitionWorkerOptions<M, W>) {}

  /** Repeats are coming in: ids are looked up beforehand. */
  get expectsRepeats(): boolean {
    return this.lookUpFirst > 0;
  }
  expectRepeats(): void {
    this.lookUpFirst = CALM_BATCHES;
  }

  async read(records: readonly ReceivedRecord[]): Promise<Part<M>> {
    const { stream, metrics, clock } = this.options;
    const startedMs = clock.now();
    const label = { topic: stream.topic.name };
    metrics.records.inc(label, records.length);
    metrics.batchRecords.observe(label, records.length);
    const parsed: ParsedRecord<M>[] = [];
    await forEachInSlices(
      records,
      (record) => {
        parsed.push({ record, parsed: isTick(record) ? { kind: 'tick' } : stream.parse(record) });
      },
      this.options.pause,
    );
    return { records, parsed, startedMs };
  }

  /** Where repeats are coming in, asking first is cheaper than an aborted transaction per batch. */
  async lookUpIfLikely(ids: readonly string[]): Promise<ReadonlyMap<string, LedgerEntry>> {
    if (this.lookUpFirst === 0) return new Map();
    const known = await this.options.stream.store.findEntries(ids);
    this.lookUpFirst = known.size > 0 ? CALM_BATCHES : this.lookUpFirst - 1;
    return known;
  }

  async decide(
    part: Part<M>,
    known: ReadonlyMap<string, LedgerEntry>,
    claim: Claim,
    settled: () => Promise<void>,
  ): Promise<Decided<W>> {
    const { stream, metrics, partition, partitions, pause } = this.options;
    const { generation } = claim;
    const { topic, answersConflict } = stream;
    const sorted = sortBatch({ topic: topic.name, partitions, generation, answersConflict }, part.parsed, known);
    const { items } = sorted;
    const decision =
      items.length > 0
        ? await this.options.decide({ partition, partitions, generation, items, settled, pause })
        : this.nothingDecided();
    await betweenSteps(items.length, pause);
    const decided = await this.prepared(part, sorted, decision, claim);
    metrics.decideSeconds.observe({ topic: stream.topic.name }, (decided.decidedMs - part.startedMs) / 1000);
    return decided;
  }

  private async prepared(
    { records, startedMs }: Part<M>,
    { deadLetters, forwards, repeats, repeatedInBatch }: SortedBatch<M>,
    decision: Decision<W>,
    { epoch }: Claim,
  ): Promise<Decided<W>> {
    const { stream, sender, clock, partition, pause } = this.options;
    const { ahead, committed, writes, images = [] } = decision;
    const end = records.at(-1)!.offset + 1;
    const answeredAgain = repeats
      .map(({ entry, note }) => ({ note, outputs: stream.resend(entry) }))
      .filter(({ outputs }) => outputs.length > 0);
    const entries = [...decision.entries, ...forwards, ...answeredAgain.map(({ note }) => note)];
    const outputs = [
      ...decision.outputs,
      ...answeredAgain.flatMap((again) => again.outputs),
      ...deadLetters.map((letter) => sender.deadLetterOutput(letter)),
    ];
    const prepared = sender.prepare(outputs, partition, epoch);
    await betweenSteps(records.length, pause);
    const laidOut = stream.store.layOut({ partition, epoch, next: end }, entries);
    await betweenSteps(records.length, pause);
    const name = `${stream.topic.name}/${partition}/${epoch}/${end}`;
    const storedImages = stream.behind?.unflushed.packed(name, images) ?? [];
    return {
      records,
      end,
      startedMs,
      isQuiet: decision.nothingChanged && deadLetters.length + forwards.length + repeats.length === 0,
      entries: laidOut,
      deadLetters,
      forwards,
      writes,
      images,
      storedImages,
      outputs: prepared,
      counts: {
        entries: decision.entries.length,
        deadLetters: deadLetters.length,
        forwards: forwards.length,
        repeats: repeats.length + repeatedInBatch,
      },
      ahead,
      committed,
      decidedMs: clock.now(),
    };
  }

  private nothingDecided(): Decision<W> {
    const { emptyWrites } = this.options.stream;
    return { entries: [], writes: emptyWrites, outputs: [], committed: () => {}, nothingChanged: true };
  }
}

/** Memory follows the commit. */
export function withAhead<W>(decided: Decided<W>): Decided<W> {
  const { ahead, committed } = decided;
  if (!ahead) return decided;
  return {
    ...decided,
    committed: () => {
      ahead();
      committed();
    },
  };
}

/** As equal as may be, since each is decided while the one before is being committed. */
export function partsOf(records: readonly ReceivedRecord[], most: number, isTakenOver: boolean): ReceivedRecord[][] {
  const first = isTakenOver ? Math.min(FIRST_BATCH_RECORDS, most) : 0;
  const parts = first > 0 && records.length > 0 ? [records.slice(0, first)] : [];
  const rest = records.length - first;
  const size = Math.ceil(rest / Math.ceil(rest / most));
  for (let from = first; from < records.length; from += size) parts.push(records.slice(from, from + size));
  return parts;
}
