import type { OrderEvent as ToldEvent } from '@shelfline/contracts/order-view';
import { sumMinor } from '../credit/credit-state.js';
import type { Order } from '../order.js';
import type { OrderEvent } from '../order-events.js';
import { taskIdOf } from '../task-id.js';

type Step = Omit<ToldEvent, 'orderId' | 'at' | 'version' | 'state'> & Pick<ToldEvent, 'type'>;

/**
 * What the order comes to less, where units were cancelled otherwise than by a change, which states its own sum. Whoever
 * took the money must hear of it also where the ledger, not the customer, made it less.
 */
export function cancelledAmount(order: Order, events: readonly OrderEvent[]): Step[] {
  if (order.cart) return [];
  const later = events.slice(events.findLastIndex(({ type }) => type === 'changed') + 1);
  const priceOf = (lineId: string) => order.lines.find((line) => line.lineId === lineId)?.unitPriceMinor ?? 0;
  const cancelledMinor = later.reduce(
    (sum, event) => (event.type === 'units_cancelled' ? sum + event.units * priceOf(event.lineId) : sum),
    0,
  );
  return cancelledMinor === 0
    ? []
    : [
        {
          type: 'amount_changed',
          amountMinor: -cancelledMinor,
          totalMinor: sumMinor(order),
          currency: order.placed.currency,
        },
      ];
}

/** What others hear of a change; whoever took the money charges or pays back the amount. */
export function changeSteps(order: Order, event: Extract<OrderEvent, { type: 'task_withdrawn' | 'changed' }>): Step[] {
  if (event.type === 'task_withdrawn') {
    const { number, reason } = event;
    const location = order.tasks.find((task) => task.number === number)!.location;
    return [
      { type: 'task_changed', taskId: taskIdOf(order.orderId, number), taskState: 'CANCELLED', location, reason },
    ];
  }
  const { by, reason, amountMinor, totalMinor } = event;
  return [
    { type: 'changed', ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) },
    ...(amountMinor === 0
      ? []
      : [{ type: 'amount_changed' as const, amountMinor, totalMinor, currency: order.placed.currency }]),
  ];
}
