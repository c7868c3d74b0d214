import { expect, it } from '@jest/globals';
import { EndedStates } from './ended-states.js';

const held = (version: number) => ({ version, json: `{"version":${version}}` });

it('what ended is known until it is begun anew, and a late record of before begins nothing', () => {
  const ended = new EndedStates(9);
  ended.ended('a', held(5));
  expect([ended.newest('a', undefined), ended.newest('b', undefined)]).toEqual([held(5), undefined]);
  ended.begun('a', held(4));
  expect(ended.newest('a', held(4))).toEqual(held(5));
  ended.ended('a', held(3));
  expect(ended.newest('a', undefined)).toEqual(held(5));
  ended.begun('a', held(6));
  expect([ended.newest('a', held(6)), ended.newest('a', undefined)]).toEqual([held(6), undefined]);
});

it('no more is kept than the bound, the last that ended', () => {
  const ended = new EndedStates(2);
  for (const [i, key] of ['a', 'b', 'a', 'c'].entries()) ended.ended(key, held(i + 1));
  expect(['a', 'b', 'c'].map((key) => ended.newest(key, undefined)?.version)).toEqual([3, undefined, 4]);
});
