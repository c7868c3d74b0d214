import { LOT_BUCKETS, MOST_LOTS } from '@shelfline/contracts/lot';
import { holdsNothing, type LotChange, type LotChanges, type LotLayer, type LottedStock, lotsAfter } from './lots.js';
import type { Stock, StockEvent } from './stock.js';

/**
 * Of one record. A movement has to fit into a record of 1,000,000 bytes: what it says may hold 512 kB, a change some
 * 220 bytes, and the last level that is still heard may need MOST_LOTS more to stay within its bound.
 */
export const MOST_LOT_CHANGES = 1500;

/**
 * Decided last and stored with the rest, so that movements still add up to levels. Changes beyond the bound of a record
 * are left out: their units leave without a lot.
 */
export function boundLots(events: StockEvent[], stock: Stock): StockEvent[] {
  if (!events.some((event) => event.kind === 'stock_moved' && event.lots)) return events;
  let room = MOST_LOT_CHANGES;
  return events.map((event) => {
    if (event.kind !== 'stock_moved' || !event.lots) return event;
    const { changes } = event.lots;
    const heard = changes.length > room ? { ...event.lots, changes: changes.slice(0, room) } : event.lots;
    const lots = withinLevel(stock.levels.get(event.location) ?? { onHand: 0 }, heard);
    room = Math.max(0, room - lots.changes.length);
    return { ...event, lots };
  });
}

/**
 * Of more lots than a level keeps, those that came first lose their name, those that the record itself names or takes
 * only when no other is left.
 */
function withinLevel(stock: LottedStock, lots: LotChanges): LotChanges {
  const { lots: layers = [] } = stock;
  if (layers.length + lots.changes.length <= MOST_LOTS) return lots;
  const held = lotsAfter(layers, lots).filter((layer) => !holdsNothing(layer));
  if (held.length <= MOST_LOTS) return lots;
  const touched = new Set(lots.changes.map(({ lot }) => lot));
  const leaving = held
    .toSorted((a, b) => Number(touched.has(a.lot)) - Number(touched.has(b.lot)) || a.receivedAtMs - b.receivedAtMs)
    .slice(0, held.length - MOST_LOTS);
  return {
    ...lots,
    changes: [...lots.changes, ...leaving.map(allOf)],
    unnamed: leaving.map(({ lot }) => lot),
  };
}

const allOf = (layer: LotLayer): LotChange => ({
  lot: layer.lot,
  ...Object.fromEntries(LOT_BUCKETS.filter((bucket) => layer[bucket] !== 0).map((bucket) => [bucket, -layer[bucket]])),
});
