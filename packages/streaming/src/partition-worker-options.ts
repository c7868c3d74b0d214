import type { Clock } from './clock.js';
import type { KafkaPort } from './kafka-port.js';
import type { Log } from './log.js';
import type { OutputSender } from './output-sender.js';
import type { Pause } from './slices.js';
import type { Batch, Decision, StreamDefinition } from './stream.js';
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
  /** While outputs are awaited, membership is proved this often. */
  readonly heartbeatEveryMs: number;
  readonly onClaimed?: (epoch: number) => void;
  /** Between slices of a decision. */
  readonly pause?: Pause | undefined;
  /** So much waits to be written that commits must wait as well. */
  readonly isFull?: () => boolean;
}
