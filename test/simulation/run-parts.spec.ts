import { describe, expect, it } from '@jest/globals';
import { partsOf } from './run-parts.js';

describe('the parts of a range of seeds', () => {
  it.each([
    { from: 1, seeds: 300, count: 2 },
    { from: 7, seeds: 11, count: 4 },
    { from: 5, seeds: 2, count: 8 },
  ])('hold each of $seeds seeds from $from on once, and none is empty: $count processes', ({ from, seeds, count }) => {
    const parts = partsOf(from, seeds, count);
    const held = parts.flatMap((part) => Array.from({ length: part.seeds }, (_, i) => part.from + i));
    expect(held).toEqual(Array.from({ length: seeds }, (_, i) => from + i));
    expect(parts).toHaveLength(Math.min(count, seeds));
    expect(parts.filter((part) => part.seeds === 0)).toEqual([]);
  });
});
