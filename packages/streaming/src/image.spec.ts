import { describe, expect, it } from '@jest/globals';
import { type Image, imagesIn, packImages } from './image.js';

const image = (i: number, state: object = {}): Image => ({ group: `g${i}`, key: `k${i}`, version: i, state });

describe('packing images', () => {
  it('keeps all of them, in order, under names of their own', () => {
    const images = Array.from({ length: 450 }, (_, i) => image(i, { units: i }));
    const packed = packImages('t/0/1', images);
    expect(packed.map(({ id }) => id)).toEqual(['t/0/1/0', 't/0/1/1', 't/0/1/2']);
    expect(packed.flatMap(({ json }) => imagesIn(json))).toEqual(images);
    expect(packImages('t/0/1', [])).toEqual([]);
  });

  it('stores none that is larger than the database takes: once a hundred levels of long references ended the process', () => {
    const references = Array.from({ length: 200 }, () => '货'.repeat(200));
    const packed = packImages(
      't/0/1',
      Array.from({ length: 150 }, (_, i) => image(i, { references })),
    );
    expect(packed.flatMap(({ json }) => imagesIn(json))).toHaveLength(150);
    for (const { json } of packed) expect(Buffer.byteLength(json)).toBeLessThan(5 * 1024 * 1024);
  });
});
