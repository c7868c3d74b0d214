import { describe, expect, it } from '@jest/globals';
import type { ReservationOutcome } from '@shelfline/contracts/stock-outcome';
import { ORDERS_SOURCE } from './domain/ledger-commands.js';
import { messagesOf } from './ledger-answers.stream.js';

const answered = (command: string, result: ReservationOutcome['result'], over: object = {}) =>
  messagesOf(
    {
      type: 'reservation',
      id: `${command}/order/web-1/1/1`,
      source: ORDERS_SOURCE,
      sku: 'COAT',
      reservationId: 'order/web-1/1/1',
      command,
      result,
      allocations: [],
      shortUnits: 0,
      version: 1,
      ...over,
    },
    '0/7',
  ).map(({ type, orderId }) => [type, orderId]);

describe('what an order is told of the ledger’s answers', () => {
  const told = [['reservation_answered', 'web-1']];

  it('is whether its pieces are promised', () => {
    expect(answered('reserve', 'accepted')).toEqual(told);
    expect(answered('reserve', 'refused')).toEqual(told);
    expect(answered('reserve', 'unchanged')).toEqual(told);
  });
  it('is not what it has written down before it asked', () => {
    expect(answered('release', 'accepted')).toEqual([]);
    expect(answered('fulfil', 'accepted')).toEqual([]);
  });
  it('is nothing of what others asked, or of reservations that are no order’s', () => {
    expect(answered('reserve', 'accepted', { source: 'pos-1' })).toEqual([]);
    expect(answered('reserve', 'accepted', { reservationId: 'cart/7' })).toEqual([]);
  });
});
