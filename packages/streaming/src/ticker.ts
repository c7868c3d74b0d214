import { TICK_TYPE } from './batch-sorting.js';
import type { KafkaPort } from './kafka-port.js';
import type { Log } from './log.js';

export interface TickerOptions {
  readonly kafka: KafkaPort;
  readonly topic: string;
  readonly everyMs: number;
  readonly source: string;
  readonly log: Log;
}

/**
 * Time is a record too: a tick per assigned partition makes the owner claim, republish, expire and re-evaluate, in the
 * order of everything else. A lost tick is no harm, the next one does its work.
 */
export class Ticker {
  private timer: NodeJS.Timeout | undefined;
  private partitions: readonly number[] = [];
  private sending = false;

  constructor(private readonly options: TickerOptions) {}

  tick(partitions: readonly number[]): void {
    this.partitions = partitions;
    if (this.options.everyMs <= 0 || this.timer) {
      void this.send();
      return;
    }
    this.timer = setInterval(() => void this.send(), this.options.everyMs);
    this.timer.unref();
    void this.send();
  }

  stop(): void {
    clearInterval(this.timer);
    this.partitions = [];
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    const { kafka, topic, source, log } = this.options;
    const tick = { key: '', value: null, headers: { ce_specversion: '1.0', ce_type: TICK_TYPE, ce_source: source } };
    const results = await Promise.allSettled(this.partitions.map((partition) => kafka.send(topic, partition, [tick])));
    const failed = results.filter(({ status }) => status === 'rejected').length;
    if (failed > 0) log.warn({ topic, failed }, 'ticks could not be produced');
    this.sending = false;
  }
}
