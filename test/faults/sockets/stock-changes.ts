import { availabilityKey } from '@shelfline/contracts/identifiers';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import type { RecordToSend } from '@shelfline/streaming/records-to-send';
import { viewOf } from '../../bench/push/messages.ts';
import { moment } from '../awaiting.ts';

const TURN_MS = 20;
/** Above what any generation of real data would begin with. */
const FIRST_VERSION = 2 ** 40;

export interface StockChangesOptions {
  readonly kafka: KafkaPort;
  readonly topic: string;
  readonly partitions: number;
  readonly skus: readonly string[];
  readonly changesPerSecond: number;
  readonly signal: AbortSignal;
}

/** The availability topic's one writer, in the place of the ledger: every SKU in turn, at a steady rate. */
export class StockChanges {
  private readonly options: StockChangesOptions;
  private version = FIRST_VERSION;
  private next = 0;
  private isOn = false;
  private loop: Promise<void> = Promise.resolve();
  private failure: Error | undefined;
  sent = 0;

  constructor(options: StockChangesOptions) {
    this.options = options;
  }

  /** Resolves when Kafka has acknowledged a change of each. */
  async change(skus: readonly string[]): Promise<void> {
    const { kafka, topic, partitions } = this.options;
    const nowMs = Date.now();
    const groups = new Map<number, RecordToSend[]>();
    for (const sku of skus) {
      const view = viewOf(sku, ++this.version, nowMs);
      const value = JSON.stringify({ ...view, channel: 'web', region: 'all', producedAtMs: nowMs });
      const partition = partitionFor(sku, partitions);
      const record = { key: availabilityKey(sku, 'web', 'all'), value };
      const group = groups.get(partition);
      if (group) group.push(record);
      else groups.set(partition, [record]);
    }
    await Promise.all([...groups].map(([partition, records]) => kafka.send(topic, partition, records)));
    this.sent += skus.length;
  }

  start(): void {
    this.isOn = true;
    this.loop = this.goOn().catch((error: Error) => {
      this.failure = error;
    });
  }

  /** Resolves when the last change is acknowledged. */
  async pause(): Promise<void> {
    this.isOn = false;
    await this.loop;
    this.check();
  }

  check(): void {
    this.options.signal.throwIfAborted();
    if (this.failure) throw this.failure;
  }

  private async goOn(): Promise<void> {
    const { skus, changesPerSecond, signal } = this.options;
    const perTurn = Math.max(1, Math.round((changesPerSecond * TURN_MS) / 1000));
    let dueMs = performance.now();
    while (this.isOn) {
      const turn = Array.from({ length: perTurn }, () => skus[this.next++ % skus.length]!);
      await this.change(turn);
      dueMs = Math.max(dueMs + (perTurn / changesPerSecond) * 1000, performance.now() - TURN_MS);
      await moment(Math.max(1, dueMs - performance.now()), signal);
    }
  }
}
