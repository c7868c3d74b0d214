import { headerOf, type KafkaPort, type ReceivedRecord, type TailReader } from './kafka-port.js';
import type { Log } from './log.js';
import { EPOCH_HEADER } from './output-sender.js';
import type { WatchedTopic } from './stream.js';
import { topicName } from './topics-setup.js';

/** Versions of late records by key, per input partition whose owner must compare them. */
type LateVersions = Map<string, number>;
/** Late records are rare; a partition that nobody here claims for long must not fill the memory. */
const MAX_WAITING_KEYS = 20_000;
/** Of what others write. A late record may stand for so long, and somewhat longer beside own ones. */
const GATHER_MS = 200;

export interface TailWatchOptions {
  readonly watched: WatchedTopic;
  readonly kafka: KafkaPort;
  readonly prefix: string;
  readonly log: Log;
  /** Epoch of the claim this instance holds on an input partition, if it holds one. */
  readonly epochOf: (inputPartition: number) => number | undefined;
  /** Compares with the committed state and sends again what is stale on the topic; answers how many keys were. */
  readonly supersede: (inputPartition: number, lastVersions: ReadonlyMap<string, number>) => Promise<number>;
  readonly onHealed: (keys: number) => void;
  readonly onCrash: (error: Error) => void;
}

interface Mark {
  readonly inputPartition: number;
  readonly epoch: number;
  readonly number: number;
}

const isBefore = (a: Mark, b: Mark): boolean => a.epoch < b.epoch || (a.epoch === b.epoch && a.number < b.number);

/** A record of somebody else has no mark of ours; it counts as older than any. */
function markOf(text: string, topicPartition: number): Mark {
  const [input, epoch, number] = text.split(':').map(Number);
  return {
    inputPartition: Number.isInteger(input) ? input! : topicPartition,
    epoch: Number.isInteger(epoch) ? epoch! : -1,
    number: Number.isInteger(number) ? number! : 0,
  };
}

/**
 * A zombie is fenced by the database, yet it can still publish late, and a request that timed out can still arrive:
 * compaction would keep the stale record for ever. The owner reads the tail of its topics, finds by the senders' marks
 * the records that came after newer ones, and sends the committed state of their keys again. What arrives while nobody
 * here owns the partition waits for the next claim.
 */
export class TailWatch {
  private reader: TailReader | undefined;
  /** The newest mark seen, by topic partition and input partition. */
  private readonly newest = new Map<string, Mark>();
  private readonly late = new Map<number, LateVersions>();
  private readonly healing = new Set<number>();

  constructor(private readonly options: TailWatchOptions) {}

  async start(): Promise<void> {
    const { kafka, watched, prefix, onCrash } = this.options;
    this.reader = await kafka.tail({
      topics: [topicName(watched.topic, prefix)],
      from: 'latest',
      gatherMs: GATHER_MS,
      onRecords: (records) => this.check(records),
      onCrash,
    });
  }

  stop(): Promise<void> {
    return this.reader?.stop() ?? Promise.resolve();
  }

  /** The partition has an owner here again: compare what came late meanwhile. */
  onClaimed(inputPartition: number): void {
    this.heal(inputPartition);
  }

  private check(records: readonly ReceivedRecord[]): void {
    const touched = new Set<number>();
    let before: string | undefined;
    for (const record of records) {
      const text = headerOf(record, EPOCH_HEADER) ?? '';
      // Of the same send as the one before it, hence as little late.
      if (text === before) continue;
      const mark = markOf(text, record.partition);
      if (!this.isLate(record.partition, mark)) {
        before = text;
        continue;
      }
      if (record.key === null) continue;
      this.remember(mark.inputPartition, record.key, record);
      touched.add(mark.inputPartition);
    }
    for (const inputPartition of touched) this.heal(inputPartition);
  }

  private isLate(partition: number, mark: Mark): boolean {
    const { inputPartition } = mark;
    const name = `${partition}/${inputPartition}`;
    const newest = this.newest.get(name);
    if (!newest || !isBefore(mark, newest)) this.newest.set(name, mark);
    else return true;
    const own = this.options.epochOf(inputPartition);
    return own !== undefined && mark.epoch < own;
  }

  private remember(inputPartition: number, key: string, record: ReceivedRecord): void {
    let versions = this.late.get(inputPartition);
    if (!versions) this.late.set(inputPartition, (versions = new Map()));
    let version: number;
    try {
      version = this.options.watched.versionOf(record);
    } catch {
      version = Number.NEGATIVE_INFINITY;
    }
    if (!(version >= 0)) version = Number.NEGATIVE_INFINITY;
    versions.set(key, Math.min(version, versions.get(key) ?? Number.POSITIVE_INFINITY));
    if (versions.size > MAX_WAITING_KEYS) versions.delete(versions.keys().next().value!);
  }

  /** One at a time per partition; whatever came late meanwhile is taken by the next round. */
  private heal(inputPartition: number): void {
    if (this.healing.has(inputPartition) || this.options.epochOf(inputPartition) === undefined) return;
    const versions = this.late.get(inputPartition);
    if (!versions || versions.size === 0) return;
    this.late.delete(inputPartition);
    this.healing.add(inputPartition);
    void this.healAndReport(inputPartition, versions);
  }

  private async healAndReport(inputPartition: number, versions: LateVersions): Promise<void> {
    const { supersede, onHealed, log, watched } = this.options;
    let failed = false;
    try {
      const healed = await supersede(inputPartition, versions);
      if (healed > 0) {
        onHealed(healed);
        log.warn(
          { topic: watched.topic.name, partition: inputPartition, keys: healed },
          'late records of a former owner were superseded again',
        );
      }
    } catch (error) {
      failed = true;
      log.warn(
        { partition: inputPartition, reason: (error as Error).message },
        'could not compare late records with the committed state; the next claim or late record tries again',
      );
      const kept = this.late.get(inputPartition) ?? new Map<string, number>();
      for (const [key, version] of versions) kept.set(key, Math.min(version, kept.get(key) ?? version));
      this.late.set(inputPartition, kept);
    }
    this.healing.delete(inputPartition);
    if (!failed) this.heal(inputPartition);
  }
}
