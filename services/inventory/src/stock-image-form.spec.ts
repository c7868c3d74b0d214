import { describe, expect, it } from '@jest/globals';
import { imagesIn, packImages } from '@shelfline/streaming/image';
import { emptyLevel, type Level, type Reservation } from './domain/stock.js';
import type { LevelToStore } from './stock-documents.js';
import { STOCK_IMAGES } from './stock-image-form.js';
import { levelImage, reservationImage, type StockImage } from './stock-images.js';

// A number of its own for each figure, so that two that are exchanged are seen.
const level: Level = {
  ...emptyLevel('dc "1"'),
  onHand: 1,
  reserved: 2,
  damaged: 3,
  qualityControl: 4,
  incoming: 5,
  safetyStock: 6,
  unreferenced: true,
  countedAtMs: 7,
  accuracy: 0.8,
  newestFactAtMs: 9,
  asOfMs: 10,
  version: 2 ** 40 + 11,
};
const shown = { safetyStock: 6, available: 12, confidence: 0.13, unreferenced: true };
const stored = (changed: Partial<Level> = {}, shownToo: Partial<LevelToStore['shown']> = {}): StockImage =>
  levelImage({ sku: '货@1', partition: 14, level: { ...level, ...changed }, shown: { ...shown, ...shownToo } });
const reservation: Reservation = {
  reservationId: 'R1',
  state: 'COMMITTED',
  allocations: [{ location: 'dc', quantity: 1 }],
  expiresAtMs: 2,
  request: '{"a":3}',
  channel: null,
  demand: 'online',
  madeVersion: 4,
  version: 5,
};
const IMAGES: Readonly<Record<string, StockImage>> = {
  'a level': stored(),
  'a level that was never counted': stored({ countedAtMs: null }),
  'expected units': stored({ expected: [{ reference: 'PO-1', units: 5 }] }),
  'units expected on a day': stored({ expected: [{ reference: 'PO-1', units: 5, atMs: 6 }], promisedIncoming: 4 }),
  'units promised of what is expected': stored({ promisedIncoming: 4 }),
  'a ring fence': stored({ ringFences: { web: 3 } }),
  lots: stored({
    lots: [{ lot: 'L', expiresOn: null, onHand: 1, damaged: 0, qualityControl: 0, arrivedVersion: 1 }] as never,
  }),
  serials: stored({ serials: [{ serial: 'S' }] as never }),
  'expired units': stored({ expired: 1 }, { expired: 1 }),
  'figures that are shown otherwise': stored({}, { safetyStock: 0 }),
  'a reservation': reservationImage({ sku: 'a', partition: 1, reservation }),
  'a reservation that awaits goods': reservationImage({
    sku: 'a',
    partition: 1,
    reservation: { ...reservation, awaited: [{ location: 'dc', quantity: 2, expectedAt: '2026-06-01T00:00:00.000Z' }] },
  }),
};
const again = (...images: readonly StockImage[]) =>
  packImages('t/0/1', images, STOCK_IMAGES).flatMap(({ json }) => imagesIn(json, STOCK_IMAGES));

describe('the form of stored images', () => {
  it.each(Object.entries(IMAGES))('gives %s back as it was', (_, image) => {
    expect(again(image)).toEqual([image]);
  });
  it('reads what a former version stored', () => {
    const images = Object.values(IMAGES);
    const json = JSON.stringify(images);
    expect(imagesIn(json, STOCK_IMAGES)).toEqual(images);
  });
  it('takes no names of fields where there are figures only: half of what a commit stores would be names', () => {
    expect(STOCK_IMAGES.toText(stored())).not.toMatch(/[a-z]{5}/i);
    expect(STOCK_IMAGES.toText(IMAGES['a reservation']!)).not.toContain('request');
  });
});
