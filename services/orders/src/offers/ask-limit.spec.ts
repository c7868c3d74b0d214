import { expect, it } from '@jest/globals';
import { AskLimit } from './ask-limit.js';

const times = (count: number, ask: (i: number) => unknown) => Array.from({ length: count }, (_, i) => ask(i));

it('who asks too often waits until the ten seconds are over, and nobody else', () => {
  let nowMs = 0;
  const limit = new AskLimit(() => nowMs);
  expect(times(20, () => limit.findWaitSeconds('a')).every((wait) => wait === undefined)).toBe(true);
  nowMs = 4001;
  expect([limit.findWaitSeconds('a'), limit.findWaitSeconds('b')]).toEqual([6, undefined]);
  nowMs = 10_000;
  expect(limit.findWaitSeconds('a')).toBeUndefined();
});

it('however many askers there are, all together are bounded', () => {
  const limit = new AskLimit(() => 0);
  expect(times(500, (i) => limit.findWaitSeconds(`shopper-${i}`)).filter((wait) => wait === undefined)).toHaveLength(
    45,
  );
});
