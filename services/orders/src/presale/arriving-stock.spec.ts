import { beforeEach, describe, expect, it } from '@jest/globals';
import { Channel } from '@shelfline/contracts/catalog';
import { levelKey } from '@shelfline/contracts/identifiers';
import { arrivedAtMs } from '../domain/presale/arriving.js';
import { DEFAULT_RULE } from '../domain/sourcing/sourcing-rule.js';
import { decodeLevel } from '../promisable-stock.js';
import { NOW_MS } from '../testing/order-cases.js';
import { Shelf } from '../testing/shelf.js';
import { findArriving } from './arriving-stock.js';

const POOL = { code: 'all', locationTypes: ['ecommerce_dc', 'regional_dc', 'store'], brands: ['own'] };

const LEVEL = {
  sku: 'COAT',
  location: 'online',
  onHand: 0,
  reserved: 0,
  damaged: 0,
  qualityControl: 0,
  incoming: 9,
  safetyStock: 0,
  available: 0,
  version: 1,
  asOf: '2026-06-01T12:00:00.000Z',
  countedAt: null,
  confidence: 1,
  unreferenced: false,
};

describe('what is on its way for an order', () => {
  let shelf: Shelf;
  const channel = (over: object = {}) =>
    shelf.channels.set('web', Channel.parse({ code: 'web', name: 'Web', pools: [POOL], presale: [{}], ...over }));
  const arrives = (location: string, arriving: number) =>
    shelf.levels.set(levelKey('COAT', location), { onHand: 0, available: 0, confidence: 1, version: 1, arriving });
  const found = (over: object = {}) =>
    findArriving(shelf.stock, { channel: 'web', method: 'courier', ...over }, 'COAT', {
      nowMs: NOW_MS,
      rule: DEFAULT_RULE,
    });

  beforeEach(() => {
    shelf = new Shelf()
      .place('regional', { type: 'regional_dc' })
      .place('online', { type: 'ecommerce_dc' })
      .place('shop');
    shelf.products.set('COAT', { active: true, brand: 'own' });
    channel();
    for (const location of ['regional', 'online', 'shop']) arrives(location, 5);
  });

  it('is what warehouses of the channel expect, guaranteed ones first', () => {
    expect(found()?.places.map(({ location, units }) => [location, units])).toEqual([
      ['online', 5],
      ['regional', 5],
    ]);
  });
  it('is what comes first of places alike, with its day', () => {
    shelf.place('online-2', { type: 'ecommerce_dc' });
    const expected = (location: string, ...arrivals: { units: number; atMs?: number }[]) =>
      shelf.levels.set(levelKey('COAT', location), {
        available: 0,
        onHand: 0,
        confidence: 1,
        version: 1,
        arriving: 5,
        arrivals,
      });
    expected('online', { units: 5, atMs: 9 });
    expected('online-2', { units: 2, atMs: 3 }, { units: 3, atMs: 7 });
    expect(found()?.places.map(({ location, arrivals }) => [location, arrivals?.[0]?.atMs])).toEqual([
      ['online-2', 3],
      ['online', 9],
      ['regional', undefined],
    ]);
    expect([2, 3, 6].map((units) => arrivedAtMs(found()!.places[0]!, units))).toEqual([3, 7, undefined]);
  });
  it('promised to bring within the city what came in at another one', () => {
    shelf.place('online', { type: 'ecommerce_dc', city: 'Lille' });
    const destination = { city: 'lyon' };
    expect(found({ method: 'same_city', destination })?.places.map(({ location }) => location)).toEqual(['regional']);
    expect(found({ destination })?.places).toHaveLength(2);
  });
  it('is what the terms name instead', () => {
    channel({ presale: [{ locations: ['shop'], handlingDays: 3 }] });
    expect(found()).toMatchObject({ handlingDays: 3, places: [{ location: 'shop' }] });
  });
  it('is nothing without terms, of places that do not serve it, of what is promised, and of what the customer carries away', () => {
    expect(found({ method: 'carry_out', store: 'shop' })).toBeUndefined();
    for (const location of ['regional', 'online']) arrives(location, 0);
    expect(found()?.places).toEqual([]);
    arrives('online', 5);
    shelf.products.set('COAT', { active: true, brand: 'another' });
    expect(found()?.places).toEqual([]);
    channel({ presale: undefined });
    expect(found()).toBeUndefined();
  });
  it('is what its own store expects, where it is collected there', () => {
    channel({ presale: [{ locationTypes: ['store', 'ecommerce_dc'] }] });
    expect(found({ method: 'pickup', store: 'shop' })?.places.map(({ location }) => location)).toEqual(['shop']);
  });

  it('is news for who waits, as stock is', () => {
    shelf.risen.length = 0;
    arrives('online', 3);
    expect(shelf.risen).toEqual(['COAT']);
  });
  it('is read of a level: expected and not promised yet', () => {
    const read = (over: object) =>
      decodeLevel({ value: Buffer.from(JSON.stringify({ ...LEVEL, ...over })) } as never)?.arriving;
    expect([
      read({}),
      read({ promisedIncoming: 4 }),
      read({ promisedIncoming: 9 }),
      read({ unreferenced: true }),
      read({ reserved: 2 }),
    ]).toEqual([9, 5, undefined, undefined, 7]);
  });
  it('is read with its days, where they are told', () => {
    const expectedAt = '2026-07-01T12:00:00.000Z';
    const arrivals = [{ units: 4, expectedAt }, { units: 5 }];
    const level = { ...LEVEL, incoming: 9, arrivals };
    expect(decodeLevel({ value: Buffer.from(JSON.stringify(level)) } as never)?.arrivals).toEqual([
      { units: 4, atMs: Date.parse(expectedAt) },
      { units: 5 },
    ]);
  });
});
