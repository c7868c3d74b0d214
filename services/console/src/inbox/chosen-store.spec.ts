import { describe, expect, it } from '@jest/globals';
import { addressFor, storeInAddress, storeOfToken } from './chosen-store.js';

const tokenOf = (claims: object): string => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

describe('the store of the inbox', () => {
  it('is that of the token, where it has one', () => {
    expect(storeOfToken(tokenOf({ role: 'store', store: 'sh-??>' }))).toBe('sh-??>');
    expect(storeOfToken(tokenOf({ role: 'ops' }))).toBeUndefined();
    expect(storeOfToken('no token')).toBeUndefined();
  });
  it('is kept in the address, beside what else stands there', () => {
    const address = addressFor('a b', { pathname: '/store', search: '?x=1', hash: '#token=t' } as Location);
    expect(address).toBe('/store?x=1&store=a+b#token=t');
    expect(storeInAddress('?x=1&store=a+b')).toBe('a b');
    expect(storeInAddress('?store=')).toBeUndefined();
  });
});
