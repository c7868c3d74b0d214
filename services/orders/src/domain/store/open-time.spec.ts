import { describe, expect, it } from '@jest/globals';
import { afterOpenMs, openMsBetween } from './open-time.js';

const MINUTE_MS = 60_000;
/** Monday to Saturday from ten to eight, in Shanghai (UTC+8). */
const SHOP = {
  timeZone: 'Asia/Shanghai',
  openingHours: [1, 2, 3, 4, 5, 6].map((day) => ({ day, opens: '10:00', closes: '20:00' })),
};
const at = (text: string): number => Date.parse(`${text}:00+08:00`);

describe('time that a shop is open', () => {
  it.each([
    ['in the middle of the day', '2026-06-01T12:00', 15, '2026-06-01T12:15'],
    ['over the night', '2026-06-01T19:50', 15, '2026-06-02T10:05'],
    ['from the night on', '2026-06-01T23:00', 15, '2026-06-02T10:15'],
    ['over a Sunday', '2026-06-06T19:55', 15, '2026-06-08T10:10'],
    ['up to its last minute', '2026-06-01T19:45', 15, '2026-06-01T20:00'],
    ['for longer than three days have', '2026-06-01T10:00', 60 * 50, '2026-06-05T20:00'],
  ])('%s', (_name, from, minutes, until) => {
    const untilMs = afterOpenMs(SHOP, at(from), minutes * MINUTE_MS);
    expect(new Date(untilMs).toISOString()).toBe(new Date(at(until)).toISOString());
    expect(openMsBetween(SHOP, at(from), untilMs)).toBe(minutes * MINUTE_MS);
  });
  it('is all the time where it keeps no hours, or will not open', () => {
    expect(afterOpenMs({}, 1000, 500)).toBe(1500);
    expect(afterOpenMs({ openingHours: [], timeZone: 'UTC' }, 1000, 500)).toBe(1500);
  });
  it('counts hours that overlap once', () => {
    const [monday] = SHOP.openingHours;
    const twice = { ...SHOP, openingHours: [monday!, { ...monday!, opens: '18:00', closes: '21:00' }] };
    expect(openMsBetween(twice, at('2026-06-01T00:00'), at('2026-06-02T00:00'))).toBe(11 * 60 * MINUTE_MS);
  });
});
