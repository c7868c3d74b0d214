import { describe, expect, it } from '@jest/globals';
import type { OrderState } from '@shelfline/contracts/order';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { OrderOutcome } from '@shelfline/contracts/order-view';
import type { Answer } from './order-desk.js';
import { placeOrders } from './place-orders.js';
import { placing } from './testing/order-cases.js';

const body = (orderId: string, over: object = {}): object => {
  const { type: _type, id: _id, source: _source, ...rest } = placing({ A: 1 }, { orderId });
  return { ...rest, ...over };
};
const asSent = (item: object): object => JSON.parse(JSON.stringify(item)) as object;
/** Answers what it is told to, and keeps what it was asked. */
class Desk {
  readonly asked: OrderMessage[] = [];
  constructor(private readonly answers: Readonly<Record<string, Answer>> = {}) {}
  ask(messages: readonly OrderMessage[]): Promise<Answer[]> {
    this.asked.push(...messages);
    return Promise.resolve(messages.map(({ orderId }) => this.answers[orderId] ?? answered('ROUTED')));
  }
}
const answered = (state: OrderState, over: Partial<OrderOutcome> = {}): Answer => ({
  kind: 'answered',
  outcome: { id: 'place/o', source: 'orders-api', orderId: 'o', result: 'applied', state, version: 1, ...over },
});
const itemOf = async (answer: Answer) => (await placeOrders([body('o')], new Desk({ o: answer }))).items[0];

describe('orders that are asked for', () => {
  it('are sent as messages of this desk, whatever they call themselves', async () => {
    const desk = new Desk();
    await placeOrders([body('a', { type: 'cancel', id: 'mine', source: 'me' })], desk);
    expect(desk.asked).toEqual([expect.objectContaining({ type: 'place', id: 'place/a', source: 'orders-api' })]);
  });
  it('are answered in the order of the request, good and bad ones each for itself', async () => {
    const desk = new Desk({ b: answered('WAITING'), d: { kind: 'pending' } });
    const answer = await placeOrders(
      [body('a'), 7, body('b'), body('a'), body('c', { lines: [] }), body('d'), [body('e')], null],
      desk,
    );
    expect(desk.asked.map(({ orderId }) => orderId)).toEqual(['a', 'b', 'd']);
    expect(answer.items.map(({ index, result }) => [index, result])).toEqual([
      [0, 'placed'],
      [1, 'refused'],
      [2, 'out_of_stock'],
      [3, 'refused'],
      [4, 'refused'],
      [5, 'pending'],
      [6, 'refused'],
      [7, 'refused'],
    ]);
    expect(answer).toMatchObject({ placed: 1, backordered: 0, outOfStock: 1, pending: 1, refused: 5 });
  });
  it('are refused with the field to correct, and with their id where they have one', async () => {
    const { items } = await placeOrders([body('a', { lines: [] }), body('b/c'), body('x', { orderId: 5 })], new Desk());
    expect(items.map(({ orderId, errors }) => [orderId, errors?.[0]?.field])).toEqual([
      ['a', 'lines'],
      ['b/c', 'orderId'],
      [undefined, 'orderId'],
    ]);
  });
  it('were taken without a word about a misspelt wish', async () => {
    const { items } = await placeOrders([asSent(body('a', { wish: undefined, whish: 'wait_for_all' }))], new Desk());
    expect(items).toEqual([
      {
        index: 0,
        orderId: 'a',
        result: 'placed',
        state: 'ROUTED',
        unreadFields: [{ field: 'whish', meant: 'wish' }],
      },
    ]);
  });
  it('are told what of a line is not read, and that an id of their own is none', async () => {
    const lines = [{ lineId: '1', sku: 'A', quantity: 1, unitPriceMinor: 1, gift: true }];
    const { items } = await placeOrders([body('a', { lines, id: 'mine' })], new Desk());
    expect(items[0]!.unreadFields).toEqual([{ field: 'id' }, { field: 'lines[0].gift' }]);
  });
  it('are told of twenty fields at most', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`own${i}`, i]));
    const { items } = await placeOrders([body('a', { lines: [many], ...many })], new Desk());
    expect(items[0]!.unreadFields).toHaveLength(20);
  });
  it('that stand twice in a request are sent once', async () => {
    const desk = new Desk();
    const { items } = await placeOrders([body('a'), body('a', { wish: 'cancel_rest' })], desk);
    expect(desk.asked).toHaveLength(1);
    expect(items[1]).toMatchObject({ orderId: 'a', errors: [{ field: 'orderId', code: 'twice' }] });
  });
  it('may stand again in a request where the first of the id could not be read', async () => {
    const { items } = await placeOrders([body('a', { lines: [] }), body('a')], new Desk());
    expect(items.map(({ result }) => result)).toEqual(['refused', 'placed']);
  });
});

describe('what becomes of an order', () => {
  it.each([
    ['RESERVING', 'pending'],
    ['WAITING', 'out_of_stock'],
    ['CANCELLED', 'out_of_stock'],
    ['ROUTED', 'placed'],
    ['IN_FULFILMENT', 'placed'],
    ['PARTIALLY_COMPLETED', 'placed'],
    ['COMPLETED', 'placed'],
  ] as const)('%s is %s', async (state, result) => {
    expect(await itemOf(answered(state))).toEqual({ index: 0, orderId: 'o', result, state });
  });
  it.each([
    ['conflict', { kind: 'conflict' }],
    ['unavailable', { kind: 'unavailable' }],
    ['too_large', { kind: 'too_large' }],
  ] as const)('%s is refused, and says so', async (code, answer) => {
    expect(await itemOf(answer)).toMatchObject({ result: 'refused', errors: [{ code }] });
  });
  it('one that lost to another try of its number was told that the other one stands, though that was refused', async () => {
    const detailOf = async (answer: Answer) => (await itemOf(answer))!.errors![0]!.detail;
    expect(await detailOf({ kind: 'conflict' })).toContain('the first one stands');
    expect(await detailOf({ kind: 'conflict', ofRefusal: true })).toMatch(/refused, so no such order stands/u);
  });
  it('a refusal brings its reasons', async () => {
    const errors = [{ field: 'channel', code: 'unknown_channel', detail: 'no such channel' }];
    const outcome = {
      id: 'place/o',
      source: 'orders-api',
      orderId: 'o',
      result: 'refused' as const,
      errors,
      version: 1,
    };
    expect(await itemOf({ kind: 'answered', outcome })).toEqual({ index: 0, orderId: 'o', result: 'refused', errors });
  });
});
