import { describe, expect, it } from '@jest/globals';
import { readOrdered } from './send-cart-order.js';

const order = (result: 'under_way' | 'ordered' | 'out_of_stock') => ({
  order: { orderId: 'o-1', at: '', lines: [], result },
});

describe('the answer to an order out of a cart', () => {
  it.each(['ordered', 'under_way'] as const)('%s is an order that is followed', (result) => {
    expect(readOrdered(200, order(result))).toEqual({ kind: 'taken' });
  });
  it('is none where nothing of it could be had', () => {
    expect(readOrdered(200, order('out_of_stock'))).toEqual({ kind: 'nothing' });
  });
  it('is a refusal in the server’s words', () => {
    const detail = 'the cart holds 1 of COAT, not 2';
    expect(readOrdered(409, { detail })).toEqual({ kind: 'refused', reason: detail });
  });
  it('is uncertain where it may have been taken all the same', () => {
    expect([502, 429, 200].map((status) => readOrdered(status, undefined).kind)).toEqual([
      'uncertain',
      'uncertain',
      'uncertain',
    ]);
  });
});
