import { expect, it } from '@jest/globals';
import { placed, worldAt } from '../testing/placing.js';
import { answerHold } from './answer-hold.js';
import { ledgerCommands } from './ledger-commands.js';

/** It handed five units to a place that held three of them, and would have taken two from one that never knew. */
it('gives back what the ledger divided among the places it was offered, and asks anew', () => {
  const order = placed(worldAt(1, { S: 5 }));
  const [hold] = order.holds;
  const decided = answerHold(
    {
      type: 'reservation_answered',
      id: 'a',
      source: 'inventory',
      orderId: order.orderId,
      reservationId: hold!.reservationId,
      command: 'reserve',
      result: 'accepted',
      shortUnits: 0,
      allocations: [
        { location: 'P', quantity: 3 },
        { location: 'Q', quantity: 2 },
      ],
    },
    order,
    worldAt(2, { S: 5 }),
  );
  if (decided.kind !== 'applied') throw new Error(decided.kind);
  expect(decided.order.tasks).toEqual([]);
  expect(ledgerCommands(decided.order, decided.events)).toMatchObject([
    { type: 'release', reservationId: hold!.reservationId },
    { type: 'reserve', reservationId: 'order/A1/1/2' },
  ]);
});
