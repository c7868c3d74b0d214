import { LOT_BUCKETS, MOST_LOTS } from '@shelfline/contracts/lot';
import {
  holdsNothing,
  isExpired,
  type LotChange,
  type LotChanges,
  type LotLayer,
  type LottedStock,
  lotsAfter,
} from './lots.js';
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
export function boundLots(events: StockEvent[], stock: Stock, dayOf: (location: string) => string): StockEvent[] {
  if (!events.some((event) => event.kind === 'stock_moved' && event.lots)) return events;
  let room = MOST_LOT_CHANGES;
  return events.map((event) => {
    if (event.kind !== 'stock_moved' || !event.lots) return event;
    const { changes } = event.lots;
    const heard = changes.length > room ? { ...event.lots, changes: changes.slice(0, room) } : event.lots;
    const lots = withinLevel(stock.levels.get(event.location) ?? { onHand: 0 }, heard, dayOf(event.location));
    room = Math.max(0, room - lots.changes.length);
    return { ...event, lots };
  });
}

/**
 * Of more lots than a level keeps, those lose their name that are missed least: not expired, without a last day or with
 * the latest, first come; those that the record itself names or takes only when no other is left. Units of an expired lot
 * that loses its name go to another expired one: without a lot they would be sold.
 */
function withinLevel(stock: LottedStock, lots: LotChanges, day: string): LotChanges {
  const { lots: layers = [] } = stock;
  if (layers.length + lots.changes.length <= MOST_LOTS) return lots;
  const held = lotsAfter(layers, lots).filter((layer) => !holdsNothing(layer));
  if (held.length <= MOST_LOTS) return lots;
  const touched = new Set(lots.changes.map(({ lot }) => lot));
  const inOrder = held.toSorted(
    (a, b) =>
      Number(isExpired(a, day)) - Number(isExpired(b, day)) ||
      Number(touched.has(a.lot)) - Number(touched.has(b.lot)) ||
      compareText(b.expiresOn ?? NEVER, a.expiresOn ?? NEVER) ||
      a.receivedAtMs - b.receivedAtMs,
  );
  const leaving = inOrder.slice(0, held.length - MOST_LOTS);
  const keeper = inOrder.slice(leaving.length).find((layer) => isExpired(layer, day));
  const moved = leaving.flatMap((layer) =>
    keeper && isExpired(layer, day) ? [allOf(layer, -1), { ...allOf(layer, 1), lot: keeper.lot }] : [allOf(layer, -1)],
  );
  return { ...lots, changes: [...lots.changes, ...moved], unnamed: leaving.map(({ lot }) => lot) };
}

const NEVER = '~';
const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const allOf = (layer: LotLayer, sign: 1 | -1): LotChange => ({
  lot: layer.lot,
  ...Object.fromEntries(
    LOT_BUCKETS.filter((bucket) => layer[bucket] !== 0).map((bucket) => [bucket, sign * layer[bucket]]),
  ),
});
