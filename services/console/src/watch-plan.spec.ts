import { describe, expect, it } from '@jest/globals';
import { MOST_WATCHED, planWatch, skusAround } from './watch-plan.js';

const skus = (count: number, prefix = 's'): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('what is wanted', () => {
  it('is what is visible and 20 around', () => {
    expect(skusAround(skus(1000), 100, 110)).toEqual(skus(1000).slice(80, 131));
    expect(skusAround(skus(5), 0, 4)).toEqual(skus(5));
    expect(skusAround([], 0, 0)).toEqual([]);
  });
});

describe('plan of what to watch', () => {
  const none = new Map<string, number>();
  it('begins what is new and nothing twice', () => {
    const plan = planWatch({ watched: ['a'], wanted: ['a', 'b', 'b'], leaving: none }, 0, 100);
    expect(plan).toEqual({ begin: ['b'], end: [], leaving: new Map() });
  });
  it('ends what scrolled away once the time is over', () => {
    const first = planWatch({ watched: ['a'], wanted: [], leaving: none }, 1_000, 100);
    expect(first).toEqual({ begin: [], end: [], leaving: new Map([['a', 1_000]]) });
    expect(planWatch({ watched: ['a'], wanted: [], leaving: first.leaving }, 1_099, 100).end).toEqual([]);
    expect(planWatch({ watched: ['a'], wanted: [], leaving: first.leaving }, 1_100, 100).end).toEqual(['a']);
  });
  it('forgets that it wanted to leave when a product comes back', () => {
    const leaving = new Map([['a', 0]]);
    expect(planWatch({ watched: ['a'], wanted: ['a'], leaving }, 500, 100)).toEqual({
      begin: [],
      end: [],
      leaving: new Map(),
    });
  });
  it('never watches more than one socket may', () => {
    const plan = planWatch({ watched: skus(900, 'old'), wanted: skus(1_000), leaving: none }, 0, 100);
    expect(plan.begin).toHaveLength(1_000);
    expect(plan.leaving.size + 1_000).toBe(MOST_WATCHED);
    expect(plan.end).toHaveLength(400);
  });
});
