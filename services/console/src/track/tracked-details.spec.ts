import { describe, expect, it } from '@jest/globals';
import { readDetails, tokenInAddress } from './tracked-details.js';

describe('what a link answers', () => {
  it.each([401, 403, 404, 431])('%d is for good', (status) => expect(readDetails(status, {}).kind).toBe('refused'));
  it.each([408, 429, 500, 503])('%d passes', (status) => expect(readDetails(status, {}).kind).toBe('away'));
  it('is found', () =>
    expect(readDetails(200, { orderId: 'o' })).toEqual({ kind: 'found', details: { orderId: 'o' } }));
});

it('the token stands in the fragment, which no server sees', () => {
  expect(tokenInAddress('#track=a.b.c')).toBe('a.b.c');
  expect(tokenInAddress('#track=')).toBeUndefined();
  expect(tokenInAddress('')).toBeUndefined();
});
