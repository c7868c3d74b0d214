import type { Repair } from '@shelfline/contracts/stock-delta';
import { detectShortfall } from './detect-shortfall.js';
import { withdrawPromises } from './incoming-promises.js';
import { emptyLevel, type Level, type Recount, type Stock, type StockEvent } from './stock.js';

/**
 * Sets a level to the sum of its movements. Moving the difference would not do: it would change level and sum alike.
 * Movements below `recountedThrough` are in the recount. A level with that version or a higher one may have moved since,
 * so the recount is refused and made anew. A lower version proves that none is missing, whatever else was done to the
 * stored level, since a level's version is never below that of its newest movement.
 */
export function repairLevel({ location, recount, recountedThrough }: Repair, stock: Stock): StockEvent[] {
  const level = stock.levels.get(location) ?? emptyLevel(location);
  if (level.version >= recountedThrough) return [{ kind: 'noted', note: 'refused_outdated_recount' }];
  const recounted: StockEvent = { kind: 'level_recounted', location, recount };
  const withdrawn = withdrawPromises(location, recount.incoming, stock);
  const shortfall = shortfallOf(recount, level, stock);
  return shortfall ? [recounted, ...withdrawn, shortfall] : [recounted, ...withdrawn];
}

/** Units that were promised and never stood there endanger promises as a fact that takes them away does. */
function shortfallOf(recount: Recount, level: Level, stock: Stock): StockEvent | undefined {
  const change = {
    onHand: recount.onHand - level.onHand,
    damaged: recount.damaged - level.damaged,
    qualityControl: recount.qualityControl - level.qualityControl,
  };
  const before = { ...level, reserved: recount.reserved };
  return detectShortfall(stock, level.location, before, [{ kind: 'stock_moved', location: level.location, change }]);
}
