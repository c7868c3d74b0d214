import { findLayer, type LotChange, lotsAfter, type Moment, summed, takeUnnamed, unlottedOf } from './lots.js';
import type { Level } from './stock.js';
import { knownLots } from './trace-units.js';

/**
 * Units that a count of the whole did not find. Where it tells serial numbers, those of the pieces it did not see leave
 * first, each its own lot; the others leave as where nobody names a lot, but no unit that was seen leaves for them.
 */
export function takeMissing(
  level: Level,
  units: number,
  serials: readonly string[] | undefined,
  moment: Moment,
): LotChange[] {
  if (serials === undefined || level.serials === undefined) return takeUnnamed(level, units, moment);
  const gone = unseen(level, units, serials, moment);
  const changes = [...gone].flatMap(([lot, n]) => (lot === '' ? [] : [{ lot, onHand: -n }]));
  const taken = [...gone.values()].reduce((sum, n) => sum + n, 0);
  const left = { onHand: level.onHand - taken, lots: lotsAfter(level.lots ?? [], { atMs: moment.atMs, changes }) };
  const rest = takeUnnamed(withoutSeen(left, seenByLot(level, serials)), units - taken, moment);
  return summed([...changes, ...rest]);
}

/** How many of the pieces of a lot were counted; '' = of none. */
export function seenByLot(level: Level, serials: readonly string[]): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (const lot of knownLots(level, serials).values()) seen.set(lot, (seen.get(lot) ?? 0) + 1);
  return seen;
}

function unseen(level: Level, units: number, serials: readonly string[], { atMs }: Moment): Map<string, number> {
  const counted = new Set(serials);
  const gone = new Map<string, number>();
  let left = units;
  for (const [serial, named] of level.serials ?? []) {
    if (left === 0) break;
    if (counted.has(serial)) continue;
    const layer = named === '' ? undefined : findLayer(level, named);
    if (layer && layer.countedAtMs !== null && layer.countedAtMs >= atMs) continue;
    const lot = layer?.lot ?? '';
    const there = layer ? layer.onHand : unlottedOf(level);
    const before = gone.get(lot) ?? 0;
    if (before >= there) continue;
    gone.set(lot, before + 1);
    left--;
  }
  return gone;
}

/** What is left to take from: the seen units are as if they were not there. */
function withoutSeen(stock: Pick<Level, 'onHand' | 'lots'>, seen: ReadonlyMap<string, number>) {
  let hidden = Math.min(seen.get('') ?? 0, Math.max(0, unlottedOf(stock)));
  const lots = (stock.lots ?? []).map((layer) => {
    const kept = Math.min(seen.get(layer.lot) ?? 0, Math.max(0, layer.onHand));
    hidden += kept;
    return { ...layer, onHand: layer.onHand - kept };
  });
  return { onHand: stock.onHand - hidden, lots };
}
