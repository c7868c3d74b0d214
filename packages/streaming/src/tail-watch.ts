import type { KafkaPort, ReceivedRecord, TailReader } from './kafka-port.js';
import type { Log } from './log.js';
import { EPOCH_HEADER, type OutputSender } from './output-sender.js';
import type { WatchedTopic } from './stream.js';
import { topicName } from './topics-setup.js';

export interface TailWatchOptions {
  readonly watched: WatchedTopic;
  readonly kafka: KafkaPort;
  readonly prefix: string;
  readonly sender: OutputSender;
  readonly log: Log;
  /** Epoch of the claim this instance holds on the partition, if it holds one. */
  readonly epochOf: (partition: number) => number | undefined;
  readonly onHealed: (keys: number) => void;
  readonly onCrash: (error: Error) => void;
}

/**
 * A zombie is fenced by the database, yet it can still publish late: compaction would keep its stale record for ever.
 * The owner reads the tail of its topics and, where a record of another epoch lies below the committed version, sends
 * the committed one again. Watched topics are partitioned like the stream's input.
 */
export class TailWatch {
  private reader: TailReader | undefined;

  constructor(private readonly options: TailWatchOptions) {}

  async start(): Promise<void> {
    const { kafka, watched, prefix, onCrash } = this.options;
    this.reader = await kafka.tail({
      topics: [topicName(watched.topic, prefix)],
      from: 'latest',
      onRecords: (records) => this.check(records),
      onCrash,
    });
  }

  stop(): Promise<void> {
    return this.reader?.stop() ?? Promise.resolve();
  }

  private async check(records: readonly ReceivedRecord[]): Promise<void> {
    const { partition } = records[0]!;
    const epoch = this.options.epochOf(partition);
    if (epoch === undefined) return;
    const own = `${partition}:${epoch}`;
    const foreign = records.filter(({ headers, key }) => key !== null && headers[EPOCH_HEADER] !== own);
    if (foreign.length === 0) return;
    await this.heal(partition, epoch, foreign).catch((error: Error) =>
      this.options.log.warn(
        { partition, reason: error.message },
        'could not compare late records with the committed state',
      ),
    );
  }

  private async heal(partition: number, epoch: number, foreign: readonly ReceivedRecord[]): Promise<void> {
    const { watched, sender, log, onHealed } = this.options;
    const lowest = new Map<string, number>();
    for (const record of foreign) {
      const version = watched.versionOf(record);
      lowest.set(record.key!, Math.min(version, lowest.get(record.key!) ?? Number.POSITIVE_INFINITY));
    }
    const committed = await watched.committed([...lowest.keys()], partition);
    const stale = committed.filter(({ key, version }) => version > lowest.get(key)!);
    if (stale.length === 0) return;
    await sender.send(
      stale.map(({ output }) => output),
      partition,
      epoch,
    );
    onHealed(stale.length);
    log.warn(
      { topic: watched.topic.name, partition, keys: stale.length },
      'late records of a former owner were superseded again',
    );
  }
}
