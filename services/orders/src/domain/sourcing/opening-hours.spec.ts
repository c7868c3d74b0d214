import { describe, expect, it } from '@jest/globals';
import { findMinutesUntilOpen } from './opening-hours.js';

const WEEK = 7 * 24 * 60;
const at = (iso: string) => Date.parse(iso);
const DAILY = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, opens: '09:00', closes: '21:00' }));

describe('minutes until a place opens', () => {
  it('none while it is open, by its own clock', () => {
    expect(findMinutesUntilOpen(DAILY, 'Asia/Shanghai', at('2026-06-01T01:00:00Z'), WEEK)).toBe(0);
    expect(findMinutesUntilOpen(DAILY, 'Asia/Shanghai', at('2026-06-01T00:59:00Z'), WEEK)).toBe(1);
    expect(findMinutesUntilOpen(DAILY, 'Europe/Paris', at('2026-06-01T01:00:00Z'), WEEK)).toBe(6 * 60);
  });
  it('the closing minute is closed', () => {
    expect(findMinutesUntilOpen(DAILY, 'Asia/Shanghai', at('2026-06-01T12:59:59Z'), WEEK)).toBe(0);
    expect(findMinutesUntilOpen(DAILY, 'Asia/Shanghai', at('2026-06-01T13:00:00Z'), WEEK)).toBe(12 * 60);
  });
  it('a span over midnight holds on the next day, from Sunday to Monday too', () => {
    const sundayNight = [{ day: 7, opens: '18:00', closes: '02:00' }];
    expect(findMinutesUntilOpen(sundayNight, 'Asia/Shanghai', at('2026-06-01T01:30:00+08:00'), WEEK)).toBe(0);
    expect(
      findMinutesUntilOpen(sundayNight, 'Asia/Shanghai', at('2026-06-01T02:00:00+08:00'), 24 * 60),
    ).toBeUndefined();
  });
  it('until 24:00 is until midnight', () => {
    const late = [{ day: 1, opens: '10:00', closes: '24:00' }];
    expect(findMinutesUntilOpen(late, 'Asia/Shanghai', at('2026-06-01T23:59:00+08:00'), 0)).toBe(0);
    expect(findMinutesUntilOpen(late, 'Asia/Shanghai', at('2026-06-02T00:00:00+08:00'), 0)).toBeUndefined();
  });
  it('is found a week ahead, and not beyond the minutes looked at', () => {
    const mondays = [{ day: 1, opens: '09:00', closes: '10:00' }];
    const after = at('2026-06-01T10:00:00+08:00');
    expect(findMinutesUntilOpen(mondays, 'Asia/Shanghai', after, WEEK)).toBe(WEEK - 60);
    expect(findMinutesUntilOpen(mondays, 'Asia/Shanghai', after, WEEK - 61)).toBeUndefined();
  });
  it('follows the clock on the wall when summer time begins', () => {
    // In Paris 29 March 2026 has no hour from two to three.
    expect(findMinutesUntilOpen(DAILY, 'Europe/Paris', at('2026-03-29T00:00:00+01:00'), WEEK)).toBe(8 * 60);
  });
  it('no hours told is always open, an empty list never', () => {
    expect(findMinutesUntilOpen(undefined, 'Asia/Shanghai', 0, 0)).toBe(0);
    expect(findMinutesUntilOpen([], 'Asia/Shanghai', at('2026-06-01T01:00:00Z'), WEEK)).toBeUndefined();
  });
  it('reads the clock as UTC where nobody knows the zone', () => {
    expect(findMinutesUntilOpen(DAILY, 'Mars/Olympus', at('2026-06-01T08:00:00Z'), WEEK)).toBe(60);
  });
});
