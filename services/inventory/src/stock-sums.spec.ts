import { describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { RawMovements } from './raw-movements.js';
import { emptyBuckets } from './stock-buckets.js';
import { StockSums } from './stock-sums.js';

const { BSON } = mongo;

describe('sums of stock', () => {
  it('hold every level apart when there come many times more than there was room for', () => {
    const sums = new StockSums({ throughOf: () => Number.POSITIVE_INFINITY, levels: 2000 });
    const reader = new RawMovements(sums);
    const told = { read: 0, used: 0 };
    const add = (sku: string, location: string, onHand: number) =>
      reader.read(BSON.serialize({ lines: JSON.stringify([sku, 0, [{ location, onHand }], {}]) }), 0, told);
    // Long names, and such as run into one another where they are put together.
    const names = Array.from({ length: 30_000 }, (_, i): [string, string] => [`${i % 300}`.repeat(20), `1${i}`]);
    names.push(['a', 'bc'], ['ab', 'c'], ['abc', 'd']);
    for (const [i, [sku, location]] of names.entries()) sums.begin(sku, location, { ...emptyBuckets(), onHand: -i }, i);
    for (const round of [1, 2])
      for (const [i, [sku, location]] of names.entries()) add(sku, location, round === 1 ? i : 1);
    expect(sums.levelCount).toBe(names.length);
    const levels = [...sums.levels()];
    expect(levels.map(({ sku, location }) => [sku, location])).toEqual(names);
    expect(new Set(levels.map(({ sums: { onHand } }) => onHand))).toEqual(new Set([1]));
  });
});
