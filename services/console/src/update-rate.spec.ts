import { describe, expect, it } from '@jest/globals';
import { UpdateRate } from './update-rate.js';

describe('updates per second', () => {
  it('is the average of the last ten whole seconds', () => {
    const rate = new UpdateRate();
    expect(rate.perSecond(0)).toBe(0);
    for (let second = 0; second < 20; second++) rate.add(second < 10 ? 100 : 7, second * 1000 + 500);
    expect(rate.perSecond(20_000)).toBe(7);
    expect(rate.perSecond(40_000)).toBe(0);
  });
  it('leaves out the second that is not over', () => {
    const rate = new UpdateRate();
    rate.add(50, 5_100);
    expect(rate.perSecond(5_200)).toBe(0);
    expect(rate.perSecond(6_000)).toBe(5);
  });
});
