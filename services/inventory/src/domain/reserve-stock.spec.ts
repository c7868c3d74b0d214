import { describe, expect, it } from '@jest/globals';
import { SHOPS } from '../testing/catalog.js';
import { fact, fence, hours, receipt, reserve, sale, step } from '../testing/deltas.js';
import { given, givenIn, givenSafety } from '../testing/given-stock.js';

const HOUR_MS = 60 * 60 * 1000;
const both = { locations: ['shop-a', 'shop-b'] };

describe('reserving', () => {
  it('holds units that stand there', () => {
    const made = given(receipt(5)).when(reserve('A', 3));
    expect(made.answer).toEqual({
      result: 'accepted',
      reservationId: 'A',
      state: 'ACTIVE',
      allocations: [{ location: 'shop-a', quantity: 3 }],
      shortUnits: 0,
    });
    expect(made.level('shop-a')).toMatchObject({ onHand: 5, reserved: 3 });
  });
  it('lasting, is committed at once: it ends only when it is given back', () => {
    const made = given(receipt(5)).when(reserve('A', 3, { lasting: true }));
    expect(made.answer).toMatchObject({ result: 'accepted', state: 'COMMITTED' });
    expect(given(receipt(5), reserve('A', 3, { lasting: true })).when(step('expire', 'A')).answer?.result).toBe(
      'refused',
    );
    const back = given(receipt(5), reserve('A', 3, { lasting: true })).when(step('release', 'A'));
    expect([back.answer?.result, back.level('shop-a').reserved]).toEqual(['accepted', 0]);
  });
  it('asked again otherwise than lasting, is a conflict', () => {
    const again = given(receipt(5), reserve('A', 3, { lasting: true })).when(reserve('A', 3));
    expect(again.answer).toMatchObject({ result: 'refused', reason: 'conflict' });
  });
  it('is refused with the short quantity when others hold too much', () => {
    const refused = given(receipt(5), reserve('A', 3)).when(reserve('B', 4));
    expect(refused.answer).toMatchObject({ result: 'refused', reason: 'short', shortUnits: 2, allocations: [] });
    expect(refused.level('shop-a').reserved).toBe(3);
  });
  it.each([
    ['damaged', fact('damage', 2)],
    ['held for quality control', fact('adjustment', 2, 'shop-a', { bucket: 'quality_control' })],
  ])('does not promise what is %s', (_, unfit) => {
    expect(given(receipt(3), unfit).when(reserve('A', 2)).answer).toMatchObject({ result: 'refused', shortUnits: 1 });
  });
  it('leaves the safety stock alone', () => {
    const safety = { storeUnits: 2, warehouseUnits: 0 };
    expect(givenSafety(safety, receipt(3)).when(reserve('A', 2)).answer?.result).toBe('refused');
    expect(givenSafety(safety, receipt(3)).when(reserve('A', 1)).answer?.result).toBe('accepted');
  });

  it('holds for 30 days at most, also what was asked for on the topic itself', () => {
    const asked = (expiresAt: string) => given(receipt(5)).when(reserve('A', 3, { expiresAt })).answer;
    expect(asked('2999-01-01T00:00:00Z')).toMatchObject({
      result: 'refused',
      reason: 'expires_too_late',
      shortUnits: 3,
    });
    expect(asked(hours(24 * 30 + 1))?.reason).toBe('expires_too_late');
    expect(asked(hours(24 * 30))?.result).toBe('accepted');
  });

  describe('modes', () => {
    const history = [receipt(2), receipt(4, 'shop-b')];
    it('all_or_nothing prefers one place that has everything', () => {
      const made = given(...history).when(reserve('A', 3, both));
      expect(made.answer?.allocations).toEqual([{ location: 'shop-b', quantity: 3 }]);
    });
    it('all_or_nothing spans places before it refuses', () => {
      expect(given(...history).when(reserve('A', 6, both)).answer?.allocations).toEqual([
        { location: 'shop-a', quantity: 2 },
        { location: 'shop-b', quantity: 4 },
      ]);
      expect(given(...history).when(reserve('A', 7, both)).answer).toMatchObject({ result: 'refused', shortUnits: 1 });
    });
    it('split fills from the candidates in their order, the whole or nothing', () => {
      expect(given(...history).when(reserve('A', 3, { ...both, mode: 'split' })).answer?.allocations).toEqual([
        { location: 'shop-a', quantity: 2 },
        { location: 'shop-b', quantity: 1 },
      ]);
      expect(given(...history).when(reserve('A', 7, { ...both, mode: 'split' })).answer?.result).toBe('refused');
    });
    it('partial takes what there is, and is refused where there is nothing', () => {
      const made = given(...history).when(reserve('A', 9, { ...both, mode: 'partial' }));
      expect(made.answer).toMatchObject({ result: 'partial', shortUnits: 3 });
      expect(given().when(reserve('A', 1, { mode: 'partial' })).answer?.result).toBe('refused');
    });
    it('counts a place that is named twice once', () => {
      const twice = reserve('A', 3, { locations: ['shop-a', 'shop-a'], mode: 'split' });
      expect(given(receipt(2)).when(twice).answer).toMatchObject({ result: 'refused', shortUnits: 1 });
    });
  });

  describe('through a channel', () => {
    it('takes from guaranteed places first', () => {
      const history = [receipt(1, 'agent'), receipt(2), receipt(1, 'regional'), receipt(1, 'ecom')];
      const made = given(...history).when(reserve('A', 4, { channel: 'web', mode: 'split' }));
      expect(made.answer?.allocations).toEqual([
        { location: 'ecom', quantity: 1 },
        { location: 'regional', quantity: 1 },
        { location: 'shop-a', quantity: 1 },
        { location: 'agent', quantity: 1 },
      ]);
    });
    it('takes only from its pools, and honours trust in a shop where a named place does not', () => {
      expect(given(receipt(5)).when(reserve('A', 1, { channel: 'tmall' })).answer?.result).toBe('refused');
      expect(given(receipt(10)).when(reserve('A', 10, { channel: 'web' })).answer).toMatchObject({ shortUnits: 1 });
      expect(given(receipt(10)).when(reserve('A', 10)).answer?.result).toBe('accepted');
    });
    it('is refused for a channel that is unknown or closed', () => {
      expect(given(receipt(5)).when(reserve('A', 1, { channel: 'nope' })).answer?.reason).toBe('unknown_channel');
      const closed = { ...SHOPS, channels: { web: { ...SHOPS.channels['web'], active: false } } };
      const refused = givenIn(closed, receipt(5)).when(reserve('A', 1, { channel: 'web' }));
      expect(refused.answer?.reason).toBe('inactive_channel');
    });
  });

  describe('kept apart', () => {
    it('what is fenced for a channel is not promised to others', () => {
      const fenced = () => given(receipt(10, 'ecom'), fence('ecom', 'tmall', 6));
      expect(fenced().when(reserve('A', 5, { channel: 'web' })).answer).toMatchObject({ shortUnits: 1 });
      expect(fenced().when(reserve('A', 5, { locations: ['ecom'] })).answer).toMatchObject({ shortUnits: 1 });
      expect(fenced().when(reserve('A', 10, { channel: 'tmall' })).answer?.result).toBe('accepted');
    });
    it('a fence of 0 is lifted, and one that nobody knows is refused', () => {
      const lifted = given(receipt(3, 'ecom'), fence('ecom', 'tmall', 3), fence('ecom', 'tmall', 0));
      expect(lifted.when(reserve('A', 3, { channel: 'web' })).answer?.result).toBe('accepted');
      expect(given().when(fence('nowhere', 'web', 1)).note).toBe('refused_unknown_location');
      expect(given().when(fence('ecom', 'nope', 1)).note).toBe('refused_unknown_channel');
      expect(givenIn({ ...SHOPS, products: {} }).when(fence('ecom', 'web', 1)).note).toBe('refused_unknown_sku');
    });
    it('goods carried out of a shop do not come from the e-commerce warehouse', () => {
      const carry = { locations: ['ecom', 'shop-a'], demand: 'carry_out' as const };
      const made = given(receipt(5, 'ecom'), receipt(1)).when(reserve('A', 1, carry));
      expect(made.answer?.allocations).toEqual([{ location: 'shop-a', quantity: 1 }]);
      expect(given(receipt(5, 'ecom')).when(reserve('A', 1, carry)).answer?.result).toBe('refused');
    });
  });

  describe('is refused', () => {
    it('for what the catalog does not know or has closed', () => {
      const unknown = givenIn({ ...SHOPS, products: {} }, receipt(5)).when(reserve('A', 1));
      expect(unknown.answer?.reason).toBe('unknown_sku');
      const place = given(receipt(5)).when(reserve('A', 1, { locations: ['shop-a', 'nowhere'] }));
      expect(place.answer?.reason).toBe('unknown_location');
      const shut = { ...SHOPS, locations: { ...SHOPS.locations, 'shop-a': { type: 'store' as const, active: false } } };
      expect(givenIn(shut, receipt(5)).when(reserve('A', 1)).answer).toMatchObject({ reason: 'short', shortUnits: 1 });
    });
    it('when its time is over before it begins', () => {
      expect(given(receipt(5)).when(reserve('A', 1, { expiresAt: hours(-1) })).answer?.reason).toBe('already_expired');
    });
    it('where the figure of a factory is older than a day, until its feed or a fact speaks again', () => {
      const old = () => given(receipt(5, 'factory')).after(25 * HOUR_MS);
      const ask = () => reserve('A', 1, { locations: ['factory'], expiresAt: hours(100) });
      expect(old().when(ask()).answer?.result).toBe('refused');
      expect(old().heardOf('factory').when(ask()).answer?.result).toBe('accepted');
      const sold = given(receipt(5, 'factory'))
        .after(25 * HOUR_MS)
        .when(sale(1, 'factory')).ledger;
      expect(sold.record(ask())).toContainEqual(expect.objectContaining({ result: 'accepted' }));
    });
    it('also when only a promise moved that figure lately', () => {
      const held = given(receipt(5, 'factory'), reserve('B', 1, { locations: ['factory'], expiresAt: hours(100) }));
      const released = held.after(25 * HOUR_MS).when(step('release', 'B')).ledger;
      const events = released.record(reserve('A', 1, { locations: ['factory'], expiresAt: hours(100) }));
      expect(events).toContainEqual(expect.objectContaining({ result: 'refused' }));
    });
  });

  describe('asked again under the same id', () => {
    it('is answered with what it holds', () => {
      const again = given(receipt(5), reserve('A', 3)).when(reserve('A', 3));
      expect(again.answer).toMatchObject({ result: 'unchanged', state: 'ACTIVE', shortUnits: 0 });
      expect(again.level('shop-a').reserved).toBe(3);
    });
    it('with other content is a conflict', () => {
      const again = given(receipt(5), reserve('A', 3)).when(reserve('A', 2));
      expect(again.answer).toMatchObject({ result: 'refused', reason: 'conflict' });
    });
    it('does not come back to life once it is over', () => {
      const released = given(receipt(5), reserve('A', 3), step('release', 'A')).when(reserve('A', 3));
      expect(released.answer).toMatchObject({ result: 'refused', reason: 'already_released', allocations: [] });
      const history = given(receipt(5), reserve('A', 3))
        .after(48 * HOUR_MS)
        .when(step('expire', 'A')).ledger;
      expect(history.record(reserve('A', 3))).toEqual([
        expect.objectContaining({ result: 'refused', reason: 'already_expired' }),
      ]);
    });
    it('is refused when its release came first', () => {
      const late = given(receipt(5), step('release', 'A')).when(reserve('A', 3));
      expect(late.answer).toMatchObject({ result: 'refused', reason: 'already_released' });
      expect(late.level('shop-a').reserved).toBe(0);
    });
  });
});
