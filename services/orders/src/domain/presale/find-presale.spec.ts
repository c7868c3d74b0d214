import { describe, expect, it } from '@jest/globals';
import { PresaleTerms } from '@shelfline/contracts/presale-terms';
import { findPresale, takesPlace } from './find-presale.js';

const NOW_MS = Date.UTC(2026, 5, 1);
const terms = (...all: object[]) => all.map((one) => PresaleTerms.parse(one));
const coat = { sku: 'COAT', category: 'outdoor' };

describe('what a channel sells ahead', () => {
  it.each([
    ['every product where no product is named', {}, true],
    ['a product by its number', { skus: ['COAT'] }, true],
    ['a product by its category', { skus: ['HAT'], categories: ['outdoor'] }, true],
    ['no other product', { skus: ['HAT'], categories: ['shoes'] }, false],
    ['from a day on', { validFrom: '2026-06-01T00:00:00Z' }, true],
    ['not before that day', { validFrom: '2026-06-02T00:00:00Z' }, false],
    ['until a day', { validUntil: '2026-06-02T00:00:00Z' }, true],
    ['not from that day on', { validUntil: '2026-06-01T00:00:00Z' }, false],
  ])('is %s', (_, one, isSold) => {
    expect(findPresale(terms(one), coat, NOW_MS) !== undefined).toBe(isSold);
  });

  it('goes by the first terms that name it', () => {
    const all = terms({ skus: ['HAT'], handlingDays: 1 }, { skus: ['COAT'], handlingDays: 2 }, { handlingDays: 3 });
    expect(findPresale(all, coat, NOW_MS)?.handlingDays).toBe(2);
    expect(findPresale(all, { sku: 'SCARF', category: undefined }, NOW_MS)?.handlingDays).toBe(3);
  });
});

describe('deliveries that are sold ahead', () => {
  const taken = (one: object) =>
    (['ecommerce_dc', 'factory_dc', 'store'] as const).filter((type) =>
      takesPlace(PresaleTerms.parse(one), { code: `the-${type}`, type }),
    );
  it.each([
    ['go to warehouses', {}, ['ecommerce_dc', 'factory_dc']],
    ['or to places of the types that are named', { locationTypes: ['store'] }, ['store']],
    ['or to the places that are named', { locations: ['the-store'] }, ['store']],
    ['or to both', { locations: ['the-store'], locationTypes: ['factory_dc'] }, ['factory_dc', 'store']],
  ])('%s', (_, one, places) => {
    expect(taken(one)).toEqual(places);
  });
});
