import { describe, expect, it } from '@jest/globals';
import { OrderMessage } from '@shelfline/contracts/order-message';
import type { StockOutcome } from '@shelfline/contracts/stock-outcome';
import { broughtOn, messagesOf, parseAnswer } from './ledger-answers.stream.js';

const ID = 'order/web-1/line-A/1';
const answer = (over: object = {}): StockOutcome =>
  ({
    type: 'reservation',
    id: `reserve/${ID}`,
    source: 'orders',
    sku: 'A',
    reservationId: ID,
    command: 'reserve',
    result: 'accepted',
    state: 'ACTIVE',
    allocations: [{ location: 'dc', quantity: 1 }],
    shortUnits: 0,
    version: 5,
    ...over,
  }) as StockOutcome;
const shortfall = (...ids: string[]): StockOutcome => ({
  type: 'shortfall',
  id: 'sale-1',
  source: 'till',
  sku: 'A',
  location: 'dc',
  shortUnits: 2,
  endangered: ids.map((reservationId) => ({ reservationId, quantity: 1 })),
  version: 5,
});
const record = (value: unknown) => ({
  topic: 'inventory.outcomes',
  partition: 3,
  offset: 70,
  timestampMs: 9,
  key: 'A',
  headers: {},
  value: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
});

describe('what the ledger says to an order', () => {
  it('is brought to it under the id of the command, so that saying it again is a repeat', () => {
    expect(messagesOf(answer({ reason: 'short' }), '3/70')).toEqual([
      {
        type: 'reservation_answered',
        id: `reserve/${ID}`,
        source: 'inventory',
        orderId: 'web-1',
        reservationId: ID,
        command: 'reserve',
        result: 'accepted',
        shortUnits: 0,
        allocations: [{ location: 'dc', quantity: 1 }],
        reason: 'short',
      },
    ]);
    expect(messagesOf(answer(), '3/71')).toEqual(messagesOf(answer(), '3/70'));
  });
  it('of a shortfall goes to every order it endangers, each under an id of its own', () => {
    const messages = messagesOf(shortfall('basket/1', ID, 'order/web-2/x/4'), '3/70');
    expect(messages).toMatchObject([
      { type: 'reservation_endangered', id: '3/70/1', orderId: 'web-1', reservationId: ID, shortUnits: 2 },
      { type: 'reservation_endangered', id: '3/70/2', orderId: 'web-2', sku: 'A', location: 'dc' },
    ]);
    for (const message of messages) expect(OrderMessage.safeParse(message).success).toBe(true);
  });
  it('of a shortfall goes to every transfer it endangers too, whose line would wait for what is gone', () => {
    const notice = shortfall('transfer/T1/1/1', ID);
    expect(broughtOn(notice, '3/70')).toMatchObject([
      { type: 'reservation_endangered', id: '3/70/1', orderId: 'web-1' },
      { type: 'reservation_endangered', id: '3/70/0', transferId: 'T1', reservationId: 'transfer/T1/1/1' },
    ]);
    expect(parseAnswer(record(shortfall('transfer/T1/1/1')))).toMatchObject({ kind: 'message' });
  });
  it.each([
    ['what another service asked for', answer({ source: 'reservations-api' })],
    ['a reservation of another kind', answer({ reservationId: 'basket/7' })],
    ['a shortfall that endangers nobody', shortfall()],
    ['a shortfall of others’ reservations', shortfall('basket/1')],
    ['reservations that only look like an order’s', shortfall('order/', 'order//x/1', 'order/web-1', 'order/a b/x/1')],
  ])('is not %s', (_name, outcome) => {
    expect(messagesOf(outcome, '3/70')).toEqual([]);
  });
});

describe('a record of the ledger’s answers', () => {
  it('that concerns an order is a message, told from another by where it stands', () => {
    expect(parseAnswer(record(answer()))).toMatchObject({
      kind: 'message',
      id: 'answer/3/70/9',
      contentHash: '3/70/9',
      message: { reservationId: ID },
      anyPartition: true,
    });
    expect(parseAnswer(record(shortfall('basket/1', ID)))).toMatchObject({ kind: 'message' });
  });
  it.each([
    ['a tombstone', null],
    ['no JSON', '{"order/'],
    ['no outcome', { reservationId: ID }],
    ['somebody else’s', answer({ source: 'reservations-api' })],
    ['of no order', answer({ reservationId: 'basket/7', id: 'x' })],
    ['an order’s name in other fields', answer({ source: 'x', reservationId: 'y', sku: 'order/z' })],
  ])('passes as time does where it is %s', (_name, value) => {
    expect(parseAnswer(record(value))).toEqual({ kind: 'tick' });
  });
});
