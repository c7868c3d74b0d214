import { describe, expect, it } from '@jest/globals';
import { countdownTo } from './countdown.js';

describe('the time left to accept', () => {
  it.each([
    [245_000, '4:05', 'calm'],
    [3_845_000, '1:04:05', 'calm'],
    [3_600_000, '1:00:00', 'calm'],
    [60_000, '1:00', 'hurry'],
    [1, '0:01', 'hurry'],
    [0, '0:00', 'over'],
    [-5000, '0:00', 'over'],
  ])('of %d ms is %s (%s)', (leftMs, text, tone) => {
    expect(countdownTo(1_000_000 + leftMs, 1_000_000)).toEqual({ text, tone });
  });
});
