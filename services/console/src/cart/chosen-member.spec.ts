import { describe, expect, it } from '@jest/globals';
import { claimOfToken } from '../token-claims.js';
import { addressOf, memberInAddress } from './chosen-member.js';

const at = (hash: string) => ({ pathname: '/', search: '?x=1', hash }) as Location;

describe('the member of the page', () => {
  it('is kept in the address, beside what else stands there', () => {
    expect(addressOf('m 1', at('#token=t'))).toBe('/?x=1#token=t&member=m+1');
    expect(memberInAddress('#token=t&member=m+1')).toBe('m 1');
    expect(addressOf(undefined, at('#member=m-1'))).toBe('/?x=1');
    expect([memberInAddress(''), memberInAddress('#member=')]).toEqual([undefined, undefined]);
  });
  it('is that of a token that names one', () => {
    const token = `h.${Buffer.from(JSON.stringify({ role: 'storefront', member: 'm-1' })).toString('base64url')}.s`;
    expect([claimOfToken(token, 'member'), claimOfToken(token, 'store')]).toEqual(['m-1', undefined]);
  });
});
