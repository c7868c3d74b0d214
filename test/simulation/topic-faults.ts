import { TOPICS } from '@shelfline/contracts/topics';
import type { SimulatedKafka } from '@shelfline/streaming/testing/simulated-kafka';
import type { LedgerDatabase } from './inventory-process.ts';
import type { Struck } from './strikes.ts';

/** Of a history, what befalls its topics. */
interface TopicsOfHistory {
  readonly kafka: SimulatedKafka;
  readonly ledger: LedgerDatabase;
  readonly struck: Struck;
}

/** Retention takes what was applied and published. */
export function retainApplied({ kafka, ledger, struck }: TopicsOfHistory): void {
  for (const [partition, { published }] of ledger.database.checkpoints) {
    if (published === 0) continue;
    const log = kafka.logsOf(TOPICS.deltas.name)[partition]!;
    if (log.earliest < published) struck('retention takes what was applied');
    log.deleteBefore(published);
  }
}

export function compact({ kafka, struck }: TopicsOfHistory, topic: string, part: number): void {
  for (const [partition, log] of kafka.logsOf(topic).entries()) {
    const before = kafka.read(topic, partition).length;
    log.compact(Math.floor(log.end * part));
    if (kafka.read(topic, partition).length < before) struck('compaction takes what newer records follow');
  }
}

export function setOffsets({ kafka, struck }: TopicsOfHistory, part: number): void {
  struck("group's offsets are set to anything");
  const { committed } = kafka.groupOf('inventory', TOPICS.deltas.name);
  for (const [partition, { end }] of kafka.logsOf(TOPICS.deltas.name).entries())
    committed.set(partition, Math.floor(end * part));
}
