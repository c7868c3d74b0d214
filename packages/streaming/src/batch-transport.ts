import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { TopicDefinition } from '@shelfline/contracts/topics';
import { TOPICS } from '@shelfline/contracts/topics';
import { lastValueFrom } from 'rxjs';
import type { KafkaPort } from './kafka-port.js';
import type { Log } from './log.js';
import type { Batch, Decision, StreamDefinition } from './stream.js';
import type { StreamMetrics } from './stream-metrics.js';
import { StreamRunner } from './stream-runner.js';
import { ensureTopics } from './topics-setup.js';

/** Streams of different messages stand in one list; each is used only with its own handler. */
// oxlint-disable-next-line typescript/no-explicit-any -- existential type parameters have no other spelling
type AnyStream = StreamDefinition<any, any>;

export interface BatchTransportOptions {
  readonly kafka: KafkaPort;
  readonly streams: readonly AnyStream[];
  /** Topics the streams write to; created when missing. */
  readonly outputs: readonly TopicDefinition[];
  readonly prefix: string;
  readonly partitions: number;
  readonly replication: number;
  /** CloudEvents source of what is published, e.g. `shelfline/inventory`. */
  readonly source: string;
  readonly metrics: StreamMetrics;
  readonly log: Log;
  readonly sessionTimeoutMs: number;
  readonly concurrency?: number;
  readonly onFatal: (error: Error) => void;
}

/**
 * Nest transport that hands whole batches to `@HandlesBatch` methods. Nest's own Kafka transport is per message, 4–7
 * times slower, and commits by Kafka's offsets alone.
 */
export class BatchTransport extends Server implements CustomTransportStrategy {
  private readonly runners: StreamRunner<unknown, unknown>[] = [];
  private listening = false;

  constructor(private readonly options: BatchTransportOptions) {
    super();
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      const { streams, kafka, outputs, prefix, partitions, replication } = this.options;
      const topics = [...new Set([...streams.map(({ topic }) => topic), ...outputs, TOPICS.deadLetters])];
      const counts = await ensureTopics(kafka, topics, { prefix, partitions, replication });
      for (const stream of streams) {
        const runner = new StreamRunner({
          ...this.options,
          stream,
          partitions: counts,
          decide: this.handlerOf(stream),
        });
        this.runners.push(runner);
        await runner.start();
      }
      this.listening = true;
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Drains: no new batch, what was begun is committed and published. */
  async close(): Promise<void> {
    const stopped = await Promise.allSettled(this.runners.map((runner) => runner.stop()));
    const failed = stopped.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  state(): { ready: boolean; detail: string } {
    const states = this.runners.map((runner) => runner.state());
    return {
      ready: this.listening && states.every(({ ready }) => ready),
      detail: states.map(({ detail }) => detail).join('; ') || 'not listening yet',
    };
  }

  on(): never {
    throw new Error('BatchTransport has no events of its own');
  }

  unwrap<T>(): T {
    return this.options.kafka as T;
  }

  private handlerOf(stream: AnyStream): (batch: Batch<unknown>) => Promise<Decision<unknown>> {
    const handler = this.messageHandlers.get(stream.topic.name);
    if (!handler) throw new Error(`No controller method carries @HandlesBatch for ${stream.topic.name}`);
    return async (batch) => {
      const result = this.transformToObservable(await handler(batch)) as ReturnType<typeof this.transformToObservable>;
      return (await lastValueFrom(result)) as Decision<unknown>;
    };
  }
}
