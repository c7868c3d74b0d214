import { describe, expect, it } from '@jest/globals';
import { calendarDay } from './local-time.js';

describe('the date of a place', () => {
  it.each([
    ['UTC', '2026-03-01T23:59:59.999Z', '2026-03-01'],
    ['Asia/Shanghai', '2026-03-01T15:59:59.999Z', '2026-03-01'],
    ['Asia/Shanghai', '2026-03-01T16:00:00.000Z', '2026-03-02'],
    ['America/New_York', '2026-03-02T04:59:59.999Z', '2026-03-01'],
    ['America/New_York', '2026-07-01T04:00:00.000Z', '2026-07-01'],
    ['Asia/Kathmandu', '2026-03-01T18:15:00.000Z', '2026-03-02'],
  ])('in %s at %s is %s', (timeZone, instant, day) => {
    expect(calendarDay(Date.parse(instant), timeZone)).toBe(day);
  });

  it('is that of UTC where nobody knows the zone, so that one bad place stops nothing', () => {
    expect(calendarDay(Date.parse('2026-03-01T23:00:00Z'), 'Mars/Olympus')).toBe('2026-03-01');
  });
});
