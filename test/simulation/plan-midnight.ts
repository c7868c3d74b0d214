import type { SeededRandom } from '../seeded-random.ts';
import type { Fault } from './plan-faults.ts';
import type { PlannedRecord } from './planned-record.ts';
import { ENDING_LOT, MIDNIGHT_AFTER_MS, MIDNIGHT_PLACE, SLOTS, START_MS, UNKNOWN_SKU } from './setting.ts';

/** Of the histories. */
const TROUBLED = 0.35;
const EVE_MS = 900;

/**
 * In some histories a day ends in the middle of trouble: one SKU has pieces whose last day it was, moves for the last
 * time just before midnight, and whoever tells it as it is afterwards may be somebody else. The SKU is the one that the
 * catalog does not know: no channel shows it, so nobody finds by its availability what a new owner told wrong.
 */
export function withMidnight(
  records: readonly PlannedRecord[],
  random: SeededRandom,
): { readonly records: readonly PlannedRecord[]; readonly faults: readonly Fault[] } {
  if (!random.chance(TROUBLED)) return { records, faults: [] };
  const eveMs = MIDNIGHT_AFTER_MS - EVE_MS;
  // Until midnight, or so long before it that all of it is published by then.
  const lastMs = (random.chance(0.5) ? 1 : 0.4) * EVE_MS;
  const early = records.map((record) =>
    record.key === UNKNOWN_SKU && record.atMs > eveMs ? { ...record, atMs: eveMs + random.next() * lastMs } : record,
  );
  return { records: [...early, ending(eveMs + random.next() * lastMs, random)], faults: faultsAround(random) };
}

function ending(atMs: number, random: SeededRandom): PlannedRecord {
  const value = JSON.stringify({
    id: 'eve',
    source: 'wms',
    type: 'receipt',
    sku: UNKNOWN_SKU,
    location: MIDNIGHT_PLACE,
    quantity: random.between(10, 20),
    occurredAt: new Date(START_MS + atMs).toISOString(),
    ...ENDING_LOT,
  });
  return { atMs, key: UNKNOWN_SKU, value, misplaced: false };
}

/** What was committed around midnight is not acknowledged by Kafka before its owner is gone. */
function faultsAround(random: SeededRandom): Fault[] {
  const broker: Fault = {
    kind: 'broker',
    atMs: MIDNIGHT_AFTER_MS - 600 + random.next() * 800,
    forMs: random.between(1500, 3500),
    failing: random.chance(0.5) ? random.next() * 0.6 : 0,
    losingAnswers: random.chance(0.3) ? random.next() * 0.5 : 0,
    aborting: 0,
    slowness: random.between(10, 80),
  };
  const kills = Array.from({ length: SLOTS }, (_, slot): Fault => {
    const atMs = MIDNIGHT_AFTER_MS + random.next() * 1500;
    return { kind: 'kill', atMs, slot, downMs: random.between(50, 2000) };
  });
  return [broker, ...kills];
}
