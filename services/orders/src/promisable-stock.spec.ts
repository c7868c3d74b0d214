import { describe, expect, it } from '@jest/globals';
import { levelKey } from '@shelfline/contracts/identifiers';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { decodeLevel, decodeProductRow } from './promisable-stock.js';
import { Shelf } from './testing/shelf.js';

describe('what may be promised', () => {
  it('is at each place what is available there, of all the SKUs together', () => {
    const shelf = new Shelf().place('shop').place('dc').has('A', 'shop', 2).has('B', 'shop', 3).has('B', 'dc', 1);
    const found = shelf.stock.stockOf(['A', 'B', 'C'], { channel: 'web', region: undefined });
    expect(found.map(({ place, units }) => [place.location.code, [...units]])).toEqual([
      [
        'shop',
        [
          ['A', 2],
          ['B', 3],
        ],
      ],
      ['dc', [['B', 1]]],
    ]);
  });
  it('is told of one place alone where an order may come from no other', () => {
    const shelf = new Shelf().place('shop').place('dc').has('A', 'shop', 2).has('A', 'dc', 3).has('B', 'dc', 1);
    const at = (onlyAt: string) => shelf.stock.stockOf(['A', 'B'], { channel: 'web', region: undefined, onlyAt });
    expect(at('shop').map(({ place, units }) => [place.location.code, [...units]])).toEqual([['shop', [['A', 2]]]]);
    expect(at('nowhere')).toEqual([]);
  });
  it('follows the levels as they change, and ends with them', () => {
    const shelf = new Shelf().place('shop').has('A', 'shop', 2).has('A', 'shop', 5);
    expect(shelf.units('A')).toEqual({ shop: 5 });
    shelf.levels.set(levelKey('A', 'shop'), undefined);
    expect(shelf.units('A')).toEqual({});
  });
  it('is less by what the channel keeps back, and by doubt, rounded down', () => {
    const shelf = new Shelf().place('shop').sells('app', { locations: ['shop'], bufferUnits: 2 });
    expect(shelf.has('A', 'shop', 9, 0.5).units('A', 'app')).toEqual({ shop: 3 });
    expect(shelf.has('A', 'shop', 2).units('A', 'app')).toEqual({});
    const [found] = shelf
      .has('A', 'shop', 9, 0.5)
      .has('B', 'shop', 9, 0.9)
      .stock.stockOf(['B', 'A'], { channel: 'app', region: undefined });
    expect(found!.confidence).toBe(0.5);
  });
  it('is nothing where nobody knows the place, or it is closed; and all of it once it opens', () => {
    const shelf = new Shelf().has('A', 'shop', 2);
    expect(shelf.units('A')).toEqual({});
    expect(shelf.place('shop', { active: false }).units('A')).toEqual({});
    expect(shelf.place('shop').units('A')).toEqual({ shop: 2 });
  });
  it('is only what the channel’s pools name, by place or type, brand by brand', () => {
    const shelf = new Shelf().place('shop').place('dc', { type: 'ecommerce_dc' }).has('A', 'shop', 2).has('A', 'dc', 2);
    shelf.sells('app', { locationTypes: ['ecommerce_dc'], brands: ['Nord'] });
    expect(shelf.units('A', 'app')).toEqual({});
    shelf.products.set('A', { active: true, brand: 'Nord' });
    expect(shelf.units('A', 'app')).toEqual({ dc: 2 });
    shelf.products.set('A', { active: true, brand: 'Sud' });
    expect(shelf.units('A', 'app')).toEqual({});
    expect(shelf.units('A', 'web')).toEqual({ shop: 2 });
  });
  it('of a place that no channel names goes to every region of the default channel, and to no other', () => {
    const shelf = new Shelf().place('shop').has('A', 'shop', 2).sells('app');
    expect([shelf.units('A', 'web', 'south'), shelf.units('A', 'web', 'north')]).toEqual([{ shop: 2 }, { shop: 2 }]);
    expect(shelf.units('A', 'app')).toEqual({});
  });
});

describe('the catalog', () => {
  it('always has the default channel, and others as they are', () => {
    const { stock } = new Shelf().sells('app');
    expect([stock.findChannel('web'), stock.findChannel('nobody')]).toEqual([{ active: true }, undefined]);
    expect(stock.findChannel('app')).toMatchObject({ active: true });
  });
  it('sells what it knows and has not ended', () => {
    const shelf = new Shelf();
    shelf.products.set('A', { active: true, brand: null });
    shelf.products.set('B', { active: false, brand: null });
    expect(['A', 'B', 'C'].map((sku) => shelf.stock.sells(sku))).toEqual([true, false, false]);
  });
  it('names a place in the language of whoever asks, as far as it can', () => {
    const { stock } = new Shelf().place('shop', { name: 'Old Port', nameZh: '老港' }).place('dc', { name: 'DC' });
    expect([
      stock.nameOf('shop', 'en'),
      stock.nameOf('shop', 'zh'),
      stock.nameOf('dc', 'zh'),
      stock.nameOf('x', 'en'),
    ]).toEqual(['Old Port', '老港', 'DC', 'x']);
  });
});

describe('a record', () => {
  const record = (value: unknown) => ({ value: Buffer.from(JSON.stringify(value)) }) as ReceivedRecord;
  const level = {
    sku: 'A',
    location: 'shop',
    onHand: 5,
    reserved: 1,
    damaged: 0,
    qualityControl: 0,
    incoming: 0,
    safetyStock: 0,
    available: 4,
    version: 7,
    asOf: '2026-06-01T00:00:00Z',
    countedAt: null,
    confidence: 0.9,
    unreferenced: false,
  };
  it('of a level keeps what a plan needs, and of one the catalog does not know, nothing', () => {
    expect(decodeLevel(record(level))).toEqual({ available: 4, onHand: 5, confidence: 0.9, version: 7 });
    const countedAt = '2026-06-01T00:00:00Z';
    expect(decodeLevel(record({ ...level, countedAt }))).toMatchObject({ countedAtMs: Date.parse(countedAt) });
    expect(decodeLevel(record({ ...level, unreferenced: true }))).toMatchObject({ available: 0 });
  });
  it('of a level tells when the oldest lot came of which something is there, so that it may go first', () => {
    const lots = [
      { lot: 'sold-out', receivedAt: '2026-01-01T00:00:00Z', onHand: 0 },
      { lot: 'new', receivedAt: '2026-05-20T00:00:00Z', onHand: 2 },
      { lot: 'old', receivedAt: '2026-05-10T00:00:00Z', onHand: 1 },
    ];
    expect(decodeLevel(record({ ...level, lots }))?.oldestAtMs).toBe(Date.UTC(2026, 4, 10));
    const shelf = new Shelf().place('shop');
    shelf.levels.set(levelKey('A', 'shop'), decodeLevel(record({ ...level, lots })));
    const [found] = shelf.stock.stockOf(['A'], { channel: 'web', region: undefined });
    expect([...found!.oldestAtMs!]).toEqual([['A', Date.UTC(2026, 4, 10)]]);
  });
  it('that cannot be read is none', () => {
    expect(decodeLevel(record({ sku: 'A' }))).toBeUndefined();
    expect(decodeProductRow({ value: Buffer.from('{') } as ReceivedRecord)).toBeUndefined();
    expect(decodeProductRow(record({ sku: 'A', name: 'A' }))).toEqual({ active: true, brand: null, name: 'A' });
  });
});
