import { TOPICS } from '@shelfline/contracts/topics';
import type { History } from './history.ts';

/** Retention takes what was applied and published. */
export function retainApplied({ kafka, ledger, struck }: History): void {
  for (const [partition, { published }] of ledger.database.checkpoints) {
    if (published === 0) continue;
    const log = kafka.logsOf(TOPICS.deltas.name)[partition]!;
    if (log.earliest < published) struck('retention takes what was applied');
    log.deleteBefore(published);
  }
}

export function compact({ kafka, struck }: History, topic: string, part: number): void {
  for (const [partition, log] of kafka.logsOf(topic).entries()) {
    const before = kafka.read(topic, partition).length;
    log.compact(Math.floor(log.end * part));
    if (kafka.read(topic, partition).length < before) struck('compaction takes what newer records follow');
  }
}

export function setOffsets({ kafka, struck }: History, part: number): void {
  struck("group's offsets are set to anything");
  const { committed } = kafka.groupOf('inventory', TOPICS.deltas.name);
  for (const [partition, { end }] of kafka.logsOf(TOPICS.deltas.name).entries())
    committed.set(partition, Math.floor(end * part));
}
