import { describe, expect, it } from '@jest/globals';
import { DeliveryTerms } from '@shelfline/contracts/delivery-terms';
import { DEFAULT_TERMS } from './default-terms.js';
import { feeMinor, findTerms } from './find-terms.js';

const terms = (over: object = {}) =>
  DeliveryTerms.parse({ method: 'courier', currency: 'CNY', feeMinor: 1000, readyWithinMinutes: 1, ...over });
const NOW_MS = Date.parse('2026-06-01T12:00:00Z');
const ASKED = { method: 'courier', currency: 'CNY' } as const;

describe('the terms of a moment', () => {
  const old = terms({ feeMinor: 1 });
  const next = terms({ feeMinor: 2, validFrom: '2026-06-01T14:00:00+02:00' });
  it('are those that came into force last, from that very moment', () => {
    expect(findTerms([next, old], ASKED, NOW_MS - 1)).toBe(old);
    expect(findTerms([next, old], ASKED, NOW_MS)).toBe(next);
  });
  it('end just before they say', () => {
    const short = terms({ validUntil: '2026-06-01T12:00:00Z' });
    expect(findTerms([short], ASKED, NOW_MS - 1)).toBe(short);
    expect(findTerms([short], ASKED, NOW_MS)).toBeUndefined();
  });
  it('are of that method, currency and way of collecting', () => {
    expect(findTerms([old], { ...ASKED, currency: 'EUR' }, NOW_MS)).toBeUndefined();
    const kerb = { method: 'pickup', currency: 'CNY', collection: 'kerbside' } as const;
    expect(findTerms(DEFAULT_TERMS, kerb, NOW_MS)).toMatchObject({ collection: 'kerbside' });
    expect(findTerms(DEFAULT_TERMS, { method: 'pickup', currency: 'CNY' }, NOW_MS)).not.toHaveProperty('collection');
  });
});

describe('the fee', () => {
  const priced = terms({ nextParcelMinor: 600, perKmMinor: 100, freeFromMinor: 9900 });
  it('is of the first parcel, each further one, and each kilometre begun of the longest way', () => {
    expect(feeMinor(priced, 9899, [2001, 500])).toBe(1000 + 600 + 300);
  });
  it('is nothing from the worth at which it is free', () => {
    expect(feeMinor(priced, 9900, [2001])).toBe(0);
  });
  it('asks as for a long way where nobody knows it', () => {
    expect(feeMinor(priced, 0, [undefined])).toBe(1000 + 3000);
  });
});
