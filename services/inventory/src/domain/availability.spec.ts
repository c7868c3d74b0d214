import { describe, expect, it } from '@jest/globals';
import { SHOPS } from '../testing/catalog.js';
import { count, fact, fence, hours, receipt, reserve } from '../testing/deltas.js';
import { given, givenIn, givenSafety } from '../testing/given-stock.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const web = (change: object) => ({ ...SHOPS, channels: { ...SHOPS.channels, web: change } });

describe('availability', () => {
  it('is the sum over the channel’s places: warehouses to the last piece, shops as far as they are trusted', () => {
    const ledger = given(receipt(10, 'ecom'), receipt(10, 'regional'), receipt(10)).ledger;
    expect(ledger.shown('web')).toMatchObject({ available: 29, status: 'in_stock' });
    expect(ledger.shown('tmall')).toMatchObject({ available: 20 });
  });
  it('falls with reservations, damage and safety stock, never below 0', () => {
    expect(given(receipt(10, 'ecom'), reserve('A', 4, { locations: ['ecom'] })).ledger.shown('web')?.available).toBe(6);
    expect(given(receipt(3, 'ecom'), fact('damage', 9, 'ecom')).ledger.shown('web')).toMatchObject({ status: 'out' });
    const safety = { storeUnits: 0, warehouseUnits: 2 };
    expect(givenSafety(safety, receipt(10, 'ecom')).ledger.shown('web')?.available).toBe(8);
  });
  it('keeps back the pool’s buffer at each place, and the fences of other channels', () => {
    const buffered = web({ pools: [{ code: 'p', locations: ['ecom', 'regional'], bufferUnits: 3 }] });
    expect(givenIn(buffered, receipt(10, 'ecom'), receipt(2, 'regional')).ledger.shown('web')?.available).toBe(7);
    const fenced = given(receipt(10, 'ecom'), fence('ecom', 'tmall', 4)).ledger;
    expect([fenced.shown('web')?.available, fenced.shown('tmall')?.available]).toEqual([6, 10]);
  });
  it('counts a place once per region, with the larger buffer, though two pools name it', () => {
    const twice = web({
      pools: [
        { code: 'p', locations: ['ecom'], bufferUnits: 1, regions: ['north'] },
        { code: 'q', locationTypes: ['ecommerce_dc'], bufferUnits: 4, regions: ['north', 'south'] },
      ],
    });
    const ledger = givenIn(twice, receipt(10, 'ecom')).ledger;
    expect(['north', 'south', 'all'].map((region) => ledger.shown('web', region)?.available)).toEqual([6, 6, 6]);
  });
  it('serves a region from the pools that name it and those that name none', () => {
    const regions = web({
      pools: [
        { code: 'n', locations: ['ecom'], bufferUnits: 0, regions: ['north'] },
        { code: 'any', locations: ['regional'], bufferUnits: 0 },
        { code: 's', locations: ['agent'], bufferUnits: 0, regions: ['south'] },
      ],
    });
    const ledger = givenIn(regions, receipt(1, 'ecom'), receipt(10, 'regional'), receipt(100, 'agent')).ledger;
    expect(['north', 'south', 'all'].map((region) => ledger.shown('web', region)?.available)).toEqual([11, 110, 111]);
  });
  it('gives a place that no channel names to the default channel', () => {
    const bare = givenIn({ ...SHOPS, channels: {} }, receipt(10, 'ecom')).ledger;
    expect(bare.shown('web')).toMatchObject({ available: 10 });
    expect(bare.shown('web', 'north')).toMatchObject({ available: 10 });
  });
  it('serves only the brands of a pool', () => {
    const branded = {
      ...web({ pools: [{ code: 'p', locations: ['ecom'], bufferUnits: 0, brands: ['Acme'] }] }),
      products: { 'SKU-1': { brand: 'Other' } },
    };
    const acme = { ...branded, products: { 'SKU-1': { brand: 'Acme' } } };
    expect(givenIn(branded, receipt(5, 'ecom')).ledger.shown('web')?.available).toBe(0);
    expect(givenIn(acme, receipt(5, 'ecom')).ledger.shown('web')?.available).toBe(5);
  });
  it('is nothing for what is closed, and not shown for what nobody knows', () => {
    const closed = { ...SHOPS, products: { 'SKU-1': { active: false } } };
    expect(givenIn(closed, receipt(5, 'ecom')).ledger.shown('web')).toMatchObject({ available: 0, status: 'out' });
    expect(givenIn({ ...SHOPS, products: {} }, receipt(5, 'ecom')).ledger.shown('web')).toBeUndefined();
    const ledger = given(receipt(5, 'ecom'), receipt(5, 'nowhere')).ledger;
    expect(ledger.shown('web')?.available).toBe(5);
  });
  it('comes back once the catalog learns of the place', () => {
    const learned = given(receipt(5, 'new')).knowing({
      locations: { ...SHOPS.locations, new: { type: 'regional_dc', region: 'north' } },
    });
    expect(learned.ledger.shown('web')?.available).toBe(5);
  });
  it.each([
    [0, 'out'],
    [1, 'low'],
    [5, 'low'],
    [6, 'in_stock'],
  ])('%i units are %s', (units, status) => {
    expect(given(receipt(units, 'ecom')).ledger.shown('web')?.status).toBe(status);
  });
  it('takes the channel’s own threshold for low', () => {
    const low = { ...SHOPS.channels['tmall'], lowAtUnits: 50 };
    const catalog = { ...SHOPS, channels: { ...SHOPS.channels, tmall: low } };
    expect(givenIn(catalog, receipt(50, 'ecom')).ledger.shown('tmall')?.status).toBe('low');
  });
  it('leaves out a factory whose figure is stale', () => {
    const ledger = given(receipt(5, 'factory')).after(25 * 60 * 60 * 1000).ledger;
    expect(ledger.shown('web')?.available).toBe(0);
  });
});

describe('confidence', () => {
  it('is 1 except in shops', () => {
    const ledger = given(receipt(5, 'ecom'), receipt(5, 'agent'), receipt(5)).ledger;
    expect(['ecom', 'agent', 'shop-a'].map((place) => ledger.figures(place).confidence)).toEqual([1, 1, 0.9]);
  });
  it('is as good as the counts were, and halves in 90 days', () => {
    const counted = () => given(receipt(10, 'shop-a', { occurredAt: hours(-1) }), count(8));
    expect(counted().ledger.figures('shop-a').confidence).toBe(0.8);
    expect(
      counted()
        .after(45 * DAY_MS)
        .ledger.figures('shop-a').confidence,
    ).toBe(0.6);
    expect(
      counted()
        .after(400 * DAY_MS)
        .ledger.figures('shop-a').confidence,
    ).toBe(0.4);
  });
});

describe('safety stock', () => {
  it('follows the product, else the place, else the type of place', () => {
    const safety = { storeUnits: 2, warehouseUnits: 1 };
    const of = (place: string, catalog = {}) =>
      givenSafety(safety, receipt(9, place)).knowing(catalog).ledger.figures(place);
    expect(of('shop-a').safetyStock).toBe(2);
    expect(of('ecom').safetyStock).toBe(1);
    const locations = { ...SHOPS.locations, ecom: { ...SHOPS.locations['ecom']!, safetyStock: 5 } };
    expect(of('ecom', { locations }).safetyStock).toBe(5);
    expect(of('ecom', { locations, products: { 'SKU-1': { safetyStock: 0 } } })).toMatchObject({
      safetyStock: 0,
      available: 9,
    });
  });
});
