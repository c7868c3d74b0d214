import type { KafkaPort, ReceivedRecord, TailReader } from '@shelfline/streaming/kafka-port';
import { PauseMeter } from './pause-meter.ts';
import type { VersionedFigures } from './verdict.ts';

/** A topic read from its beginning and on, knowing how far it has come. */
export class WholeTopic {
  private readonly next = new Map<number, number>();
  private reader: TailReader | undefined;
  crash: Error | undefined;

  async start(kafka: KafkaPort, topic: string): Promise<void> {
    this.reader = await kafka.tail({
      topics: [topic],
      from: 'earliest',
      onRecords: (records) => {
        for (const record of records) this.take(record);
        const last = records.at(-1);
        if (last) this.next.set(last.partition, last.offset + 1);
      },
      onCrash: (error) => {
        this.crash = error;
      },
    });
  }

  protected take(_record: ReceivedRecord): void {}

  hasReached(ends: readonly { partition: number; end: number }[]): boolean {
    if (this.crash) throw this.crash;
    return ends.every(({ partition, end }) => (this.next.get(partition) ?? 0) >= end);
  }

  async stop(): Promise<void> {
    await this.reader?.stop();
  }
}

/** What compaction would keep of `inventory.levels`: the last record of each key. */
export class LastLevels extends WholeTopic {
  readonly byKey = new Map<string, VersionedFigures>();
  /** Records that came after one of a higher version: what a former owner sent too late. */
  late = 0;

  protected override take({ key, value }: ReceivedRecord): void {
    if (key === null || value === null) return;
    const level = JSON.parse(value.toString()) as VersionedFigures;
    if (level.version < (this.byKey.get(key)?.version ?? 0)) this.late++;
    this.byKey.set(key, level);
  }
}

/** Every id on `inventory.movements`, and the longest time in which none came: applied, committed and published. */
export class AnnouncedMovements extends WholeTopic {
  readonly ids = new Set<string>();
  readonly pauses = new PauseMeter();

  protected override take({ value }: ReceivedRecord): void {
    if (value === null) return;
    this.ids.add((JSON.parse(value.toString()) as { id: string }).id);
    this.pauses.mark();
  }
}
