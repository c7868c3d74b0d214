import { describe, expect, it } from '@jest/globals';
import { activityAt, NO_ACTIVITY, withChange } from './activity.js';

describe('activity', () => {
  it('grows with every change and halves in 20 seconds', () => {
    const twice = withChange(withChange(NO_ACTIVITY, 1_000), 1_000);
    expect(activityAt(twice, 1_000)).toBe(2);
    expect(activityAt(twice, 21_000)).toBe(1);
  });
  it('puts a few changes now before many a while ago', () => {
    let past = NO_ACTIVITY;
    for (let i = 0; i < 10; i++) past = withChange(past, 0);
    expect(activityAt(withChange(NO_ACTIVITY, 90_000), 90_000)).toBeGreaterThan(activityAt(past, 90_000));
  });
});
