import { DataLossError } from './errors.js';
import type { KafkaPort, PartitionBatch, PartitionOffsets } from './kafka-port.js';
import type { Claim } from './stream.js';

/**
 * Compares what the checkpoint says with what the partition's log holds. Loss is records gone that were never applied,
 * or applied records that the log does not have any more; gaps in the offsets alone (markers, filtered records) are
 * healthy.
 */
export class PartitionLog {
  private soughtTo = -1;

  constructor(
    private readonly kafka: KafkaPort,
    private readonly topicName: string,
    private readonly partition: number,
  ) {}

  /** Where the claim begins; throws DataLossError where nothing may begin. */
  async checkClaim(claim: Claim): Promise<{ next: number; published: number }> {
    const { topicName, partition, kafka } = this;
    this.soughtTo = -1;
    const { earliest, end } = await this.bounds();
    const next = claim.next < 0 ? earliest : claim.next;
    const published = claim.published < 0 ? next : claim.published;
    if (earliest > next) throw this.goneBefore(next, earliest);
    if (next > end) throw this.endsBefore(next, end);
    if (claim.newestMs >= 0) {
      const after = (await kafka.offsetsAfter(topicName, claim.newestMs)).find((o) => o.partition === partition);
      if (after && after.offset < next) throw this.replaced(after.offset);
    }
    return { next, published };
  }

  /** Where to seek when the batch does not continue what was applied; undefined when it does. */
  async checkPosition({ records }: PartitionBatch, next: number, newestMs: number): Promise<number | undefined> {
    const first = records[0]!.offset;
    const last = records.at(-1)!.offset;
    if (newestMs >= 0)
      for (const { offset, timestampMs } of records)
        if (offset < next && timestampMs > newestMs) throw this.replaced(offset);
    if (first <= next && last >= next) return undefined;
    if (this.soughtTo !== next) {
      this.soughtTo = next;
      return next;
    }
    // Asked for `next` and got other records. Later ones: markers or filtered records are healthy, a moved beginning
    // is a loss. Earlier ones: a slow fetch is healthy, an end below `next` is a loss.
    const { earliest, end } = await this.bounds();
    if (earliest > next) throw this.goneBefore(next, earliest);
    if (end < next) throw this.endsBefore(next, end);
    return last < next ? next : undefined;
  }

  private async bounds(): Promise<PartitionOffsets> {
    const bounds = (await this.kafka.offsets(this.topicName)).find(({ partition }) => partition === this.partition);
    if (!bounds) throw new DataLossError(`${this.topicName}/${this.partition} does not exist`);
    return bounds;
  }

  private goneBefore(next: number, earliest: number): DataLossError {
    return new DataLossError(
      `${this.topicName}/${this.partition}: records ${next} to ${earliest - 1} are gone from Kafka and were never applied`,
    );
  }

  private endsBefore(next: number, end: number): DataLossError {
    return new DataLossError(
      `${this.topicName}/${this.partition}: applied up to ${next}, but the topic ends at ${end}; Kafka has lost records ` +
        'or the topic was made anew',
    );
  }

  private replaced(offset: number): DataLossError {
    return new DataLossError(
      `${this.topicName}/${this.partition}: record ${offset} counts as applied, yet it was appended after everything ` +
        'that was: the topic was made anew, or Kafka lost records and filled their offsets again',
    );
  }
}
