import type { SeededRandom } from '../seeded-random.ts';
import type { PlannedRecord } from './planned-record.ts';
import { PARTITIONS, START_MS, TROUBLE_MS } from './setting.ts';

/** Sources that number what they send; one of them also says that it is alive. */
const NUMBERED = new Set(['wms', 'pos-1']);
const BEATING = 'wms';
const BEAT_EVERY_MS = 1100;

/** Numbers for what the sources send, some of them never sent, and signs of life with pauses between. */
export function withFeeds(records: readonly PlannedRecord[], random: SeededRandom): PlannedRecord[] {
  const numbers = new Map<string, number>();
  const newest = new Map<string, number>();
  const numbered = records
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((record) => {
      const message = readable(record.value);
      if (!message || !NUMBERED.has(message.source)) return record;
      const name = `${message.source}/${message.id}`;
      let sequence = numbers.get(name);
      if (sequence === undefined) {
        sequence = (newest.get(message.source) ?? 0) + 1 + (random.chance(0.1) ? random.between(1, 3) : 0);
        newest.set(message.source, sequence);
        numbers.set(name, sequence);
      }
      return { ...record, value: JSON.stringify({ ...message, sequence }) };
    });
  return [...numbered, ...beats(random)];
}

function* beats(random: SeededRandom): Iterable<PlannedRecord> {
  let serial = 0;
  for (let atMs = random.next() * 3000; atMs < TROUBLE_MS; atMs += BEAT_EVERY_MS) {
    if (random.chance(0.12)) atMs += random.between(2000, 6000);
    const occurredAt = new Date(START_MS + atMs).toISOString();
    const value = JSON.stringify({ id: `h${++serial}`, source: BEATING, type: 'heartbeat', occurredAt });
    for (let partition = 0; partition < PARTITIONS; partition++)
      yield { atMs, key: BEATING, value, misplaced: false, partition };
  }
}

function readable(value: string): { source: string; id: string } | undefined {
  try {
    const { source, id } = JSON.parse(value) as { source?: string; id?: string };
    return source && id ? { ...(JSON.parse(value) as object), source, id } : undefined;
  } catch {
    return undefined;
  }
}
