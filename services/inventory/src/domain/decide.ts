import { isFactType, type StockCommand, type StockFact } from '@shelfline/contracts/stock-delta';
import type { PromiseContext } from './availability.js';
import { dayAt } from './calendar-day.js';
import { changeReservation, moveReservation, reduceReservation } from './change-reservation.js';
import type { FactContext } from './fact-context.js';
import { boundLots } from './lot-bounds.js';
import { recordFact } from './record-fact.js';
import { repairLevel } from './repair-level.js';
import { reserveStock } from './reserve-stock.js';
import { ringFence } from './ring-fence.js';
import type { Stock, StockEvent } from './stock.js';

export type DecisionContext = PromiseContext & FactContext;

/** What one record of `inventory.deltas` does to its SKU. */
export function decide(message: StockFact | StockCommand, stock: Stock, context: DecisionContext): StockEvent[] {
  const dayOf = (location: string) => dayAt(context.reference.findLocation(location), context.nowMs);
  return boundLots(decideUnbound(message, stock, context), stock, dayOf);
}

function decideUnbound(message: StockFact | StockCommand, stock: Stock, context: DecisionContext): StockEvent[] {
  if (isFact(message)) return recordFact(message, stock, context);
  switch (message.type) {
    case 'reserve':
      return reserveStock(message, stock, context);
    case 'release':
    case 'commit':
    case 'fulfil':
    case 'expire':
      return changeReservation(message, stock, context);
    case 'reduce':
      return reduceReservation(message, stock);
    case 'move':
      return moveReservation(message, stock, context);
    case 'ring_fence':
      return ringFence(message, stock, context);
    case 'repair':
      return repairLevel(message, stock);
  }
}

export const isFact = (message: StockFact | StockCommand): message is StockFact => isFactType(message.type);
