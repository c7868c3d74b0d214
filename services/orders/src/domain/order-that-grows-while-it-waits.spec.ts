import { expect, it } from '@jest/globals';
import { placed, worldAt } from '../testing/placing.js';
import { answerHold } from './answer-hold.js';
import type { Decided, OrderContext } from './decision.js';
import { fallDue } from './fall-due.js';
import { isAsked, type Order } from './order.js';

const ROUNDS = 50;

const orderOf = (decided: Decided): Order => {
  if (decided.kind !== 'applied') throw new Error(decided.kind);
  return decided.order;
};

function refuseAll(order: Order, context: OrderContext, names: Set<string>): Order {
  let now = order;
  for (let hold = now.holds.find(isAsked); hold; hold = now.holds.find(isAsked)) {
    const { reservationId } = hold;
    if (names.has(reservationId)) throw new Error(`${reservationId} is asked for twice`);
    names.add(reservationId);
    const said = { command: 'reserve', result: 'refused' as const, shortUnits: 5, allocations: [], reason: 'short' };
    const message = { type: 'reservation_answered' as const, id: 'a', source: 'inventory', orderId: 'A1' };
    now = orderOf(answerHold({ ...message, reservationId, ...said }, now, context));
  }
  return now;
}

/** Four holds a round, for ever: after some hours the document was larger than MongoDB takes, and its partition stood. */
it('keeps no more of an order that the ledger refuses again and again than of one it refused once', () => {
  const names = new Set<string>();
  let order = refuseAll(placed(worldAt(1, { S: 5 })), worldAt(1, { S: 5 }), names);
  for (let round = 1; round < ROUNDS; round++) {
    const context = worldAt(order.retryAtMs!, { S: 5 });
    order = refuseAll(orderOf(fallDue(order, context)), context, names);
  }
  expect(order.state).toBe('WAITING');
  expect(names.size).toBe(4 * ROUNDS);
  expect(order.holds.length).toBeLessThanOrEqual(1);
});
