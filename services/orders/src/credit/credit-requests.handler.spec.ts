import { expect, it } from '@jest/globals';
import type { CreditRequest } from '@shelfline/contracts/credit';
import { OrderMessage } from '@shelfline/contracts/order-message';
import type { Batch } from '@shelfline/streaming/stream';
import type { CreditAnswer, CreditHold } from './credit-port.js';
import { CreditRequestsHandler } from './credit-requests.handler.js';
import { creditStream } from './credit-requests.stream.js';

const request = (orderId: string, revision: number, holdMinor: number): CreditRequest => ({
  id: `credit/${orderId}/${revision}/1`,
  source: 'orders',
  orderId,
  account: 'S-1',
  currency: 'CNY',
  holdMinor,
  revision,
});
const batchOf = (...messages: CreditRequest[]): Batch<CreditRequest> => ({
  partition: 0,
  partitions: 1,
  generation: 1,
  items: messages.map((message, offset) => ({
    kind: 'message',
    id: `orders/${message.id}`,
    contentHash: message.id,
    message,
    record: { topic: 't', partition: 0, offset, timestampMs: 0, key: null, value: null, headers: {} },
  })),
});

it('credit is asked for the last sum of each order, and the answer goes to the order that asked', async () => {
  const asked: CreditHold[] = [];
  const answers: Record<string, CreditAnswer> = { b: { result: 'refused', reason: 'limit exceeded' } };
  const handler = new CreditRequestsHandler({
    hold: (one) => {
      asked.push(one);
      return Promise.resolve(answers[one.orderId] ?? { result: 'held' });
    },
  });
  const { entries, outputs } = await handler.handleBatch(
    batchOf(request('a', 1, 5), request('b', 1, 9), request('a', 2, 0)),
  );
  expect(asked.map(({ orderId, holdMinor }) => [orderId, holdMinor])).toEqual([
    ['a', 0],
    ['b', 9],
  ]);
  expect(entries.map(({ outcome }) => outcome)).toEqual(['superseded', 'refused', 'held']);
  const told = outputs.map(({ value, key }) => [key, OrderMessage.parse(value)]);
  expect(told).toMatchObject([
    ['b', { type: 'credit_answered', revision: 1, result: 'refused', reason: 'limit exceeded' }],
    ['a', { type: 'credit_answered', revision: 2, result: 'held' }],
  ]);
  // What a repeat, or a new owner, is told is what was stored, whatever the port would say now.
  expect(entries.flatMap((entry) => creditStream({} as never, 'g').resend!(entry))).toEqual(outputs);
});
