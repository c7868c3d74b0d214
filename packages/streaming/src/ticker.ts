import { TICK_TYPE } from './batch-sorting.js';
import type { Clock } from './clock.js';
import type { KafkaPort } from './kafka-port.js';
import type { Log } from './log.js';

export interface TickerOptions {
  readonly kafka: KafkaPort;
  readonly topic: string;
  readonly everyMs: number;
  readonly source: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Time is a record too: a tick per assigned partition makes the owner claim, republish, expire and re-evaluate, in the
 * order of everything else. A lost tick is no harm, the next one does its work.
 */
export class Ticker {
  private running: AbortController | undefined;
  private partitions: readonly number[] = [];
  private readonly sending = new Set<number>();

  constructor(private readonly options: TickerOptions) {}

  tick(partitions: readonly number[]): void {
    this.partitions = partitions;
    this.send();
    if (this.options.everyMs <= 0 || this.running) return;
    this.running = new AbortController();
    void this.keepTicking(this.running.signal);
  }

  stop(): void {
    this.running?.abort();
    this.running = undefined;
    this.partitions = [];
  }

  private async keepTicking(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.options.clock.sleep(this.options.everyMs, signal);
      if (signal.aborted) return;
      this.send();
    }
  }

  /** A partition that cannot be written just now must not stop the time of the others. */
  private send(): void {
    for (const partition of this.partitions) if (!this.sending.has(partition)) void this.sendTo(partition);
  }

  private async sendTo(partition: number): Promise<void> {
    const { kafka, topic, source, log } = this.options;
    this.sending.add(partition);
    try {
      await kafka.send(topic, partition, [
        { key: '', value: null, headers: { ce_specversion: '1.0', ce_type: TICK_TYPE, ce_source: source } },
      ]);
    } catch (error) {
      log.warn({ topic, partition, reason: (error as Error).message }, 'a tick could not be produced');
    }
    this.sending.delete(partition);
  }
}
