import { describe, expect, it } from '@jest/globals';
import { VerifiedTokens } from './verified-tokens.js';

const principal = { sub: 'pos-7', exp: 1000 };

describe('VerifiedTokens', () => {
  it('knows a token for five seconds after it was checked, and no other one', () => {
    const tokens = new VerifiedTokens<typeof principal>();
    tokens.keep('a.b.c', principal, 10_000);
    expect(tokens.find('a.b.c', 14_999)).toEqual(principal);
    expect(tokens.find('a.b.d', 10_000)).toBeUndefined();
    expect(tokens.find('a.b.c', 15_000)).toBeUndefined();
  });

  it('does not know one beyond its own end', () => {
    const tokens = new VerifiedTokens<typeof principal>();
    tokens.keep('a.b.c', principal, 999_000);
    expect(tokens.find('a.b.c', 999_999)).toEqual(principal);
    expect(tokens.find('a.b.c', 1_000_000)).toBeUndefined();
  });
});
