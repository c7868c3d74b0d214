import { describe, expect, it } from '@jest/globals';
import { readPlaced } from './send-order.js';

describe('the answer to an order', () => {
  it.each(['placed', 'out_of_stock', 'pending'] as const)('%s is an order that is followed', (result) => {
    const placed = readPlaced('o1', 200, { items: [{ result, trackingToken: 't' }] });
    expect(placed).toEqual({ kind: 'taken', orderId: 'o1', trackingToken: 't' });
  });
  it('is a refusal in the server’s words', () => {
    const errors = [{ code: 'unknown_sku', detail: 'no product X' }];
    expect(readPlaced('o1', 200, { items: [{ result: 'refused', errors }] })).toEqual({
      kind: 'refused',
      reason: 'no product X',
    });
    expect(readPlaced('o1', 403, { detail: 'not you' })).toEqual({ kind: 'refused', reason: 'not you' });
  });
  it('is uncertain where it may have been taken all the same', () => {
    const errors = [{ code: 'unavailable', detail: 'not confirmed' }];
    expect(readPlaced('o1', 200, { items: [{ result: 'refused', errors }] }).kind).toBe('uncertain');
    expect(readPlaced('o1', 502, undefined)).toEqual({ kind: 'uncertain', reason: '502' });
    expect(readPlaced('o1', 200, undefined).kind).toBe('uncertain');
  });
});
