import type { Clock } from './clock.js';
import type { PartitionBatch, ReceivedRecord } from './kafka-port.js';
import type { StreamMetrics } from './stream-metrics.js';

/** What came of a batch's records. */
export interface Counts {
  readonly entries: number;
  readonly deadLetters: number;
  readonly forwards: number;
  readonly repeats: number;
}

/** The figures of one partition. */
export class PartitionMeter {
  private readonly label: { topic: string };
  private readonly labels: { topic: string; partition: string };

  constructor(
    private readonly metrics: StreamMetrics,
    topic: string,
    partition: number,
    private readonly clock: Clock,
  ) {
    this.label = { topic };
    this.labels = { topic, partition: String(partition) };
  }

  committed({ entries, deadLetters, forwards, repeats }: Counts): void {
    const { metrics, label } = this;
    metrics.applied.inc(label, entries);
    if (deadLetters > 0) metrics.deadLetters.inc(label, deadLetters);
    if (forwards > 0) metrics.forwarded.inc(label, forwards);
    if (repeats > 0) metrics.duplicates.inc(label, repeats);
    this.checkpointStored();
  }

  checkpointStored(): void {
    this.metrics.checkpointAge.set(this.labels, this.clock.now() / 1000);
  }

  published(records: readonly ReceivedRecord[], outputs: number, startedMs: number): void {
    const { metrics, label } = this;
    const nowMs = this.clock.now();
    metrics.published.inc(label, outputs);
    metrics.publishSeconds.observe(label, (nowMs - startedMs) / 1000);
    // One observation per batch, of its oldest record: cheap, and the pessimistic figure.
    metrics.recordToPublish.observe(label, Math.max(0, nowMs - records[0]!.timestampMs) / 1000);
  }

  lag({ records, endOffset }: PartitionBatch, next: number): void {
    const { metrics, labels } = this;
    metrics.lagRecords.set(labels, Math.max(0, endOffset - next));
    metrics.lagSeconds.set(labels, Math.max(0, this.clock.now() - records.at(-1)!.timestampMs) / 1000);
  }
}
