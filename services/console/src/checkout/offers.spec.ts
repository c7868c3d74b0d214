import { describe, expect, it } from '@jest/globals';
import { isSameOffer, type Offer, readOffers } from './offers.js';

const offer = (method: string, code?: string, collection?: string) =>
  ({ method, promisedBy: 't', words: method, ...(code ? { store: { code, name: code } } : {}), collection }) as Offer;

describe('delivery offers', () => {
  it('are those that the page can take an order for', () => {
    const body = { offers: [offer('courier'), offer('guide_visit')], without: [offer('carry_out'), offer('pickup')] };
    const answer = readOffers(200, body);
    expect(answer).toMatchObject({ kind: 'offers', offers: [{ method: 'courier' }], without: [{ method: 'pickup' }] });
  });
  it('of stores are those near enough to go to, or whose distance nobody knows', () => {
    const at = (code: string, distanceM?: number) => ({ ...offer('pickup'), store: { code, name: code, distanceM } });
    const answer = readOffers(200, { offers: [at('near', 9_000), at('far', 1_600_000), at('unknown')], without: [] });
    expect(answer).toMatchObject({ offers: [{ store: { code: 'near' } }, { store: { code: 'unknown' } }] });
  });
  it('that do not come are told in the server’s words', () => {
    expect(readOffers(422, { detail: 'no product X' })).toEqual({ kind: 'failed', reason: 'no product X' });
    expect(readOffers(502, undefined)).toEqual({ kind: 'failed', reason: '502' });
  });
  it('are the same while way and place are', () => {
    expect(isSameOffer(offer('pickup', 'a', 'counter'), { ...offer('pickup', 'a', 'counter'), promisedBy: 'u' })).toBe(
      true,
    );
    expect(isSameOffer(offer('pickup', 'a', 'counter'), offer('pickup', 'a', 'kerbside'))).toBe(false);
    expect(isSameOffer(offer('pickup', 'a'), offer('pickup', 'b'))).toBe(false);
    expect(isSameOffer(offer('courier'), { ...offer('courier'), fromIncoming: true })).toBe(false);
  });
});
