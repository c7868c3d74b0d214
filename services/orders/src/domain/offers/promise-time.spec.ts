import { describe, expect, it } from '@jest/globals';
import { DeliveryTerms } from '@shelfline/contracts/delivery-terms';
import { findPromise, findReadyMs, type StartingPlace } from './promise-time.js';

const daily = (opens: string, closes: string, days = [1, 2, 3, 4, 5, 6, 7]) =>
  days.map((day) => ({ day, opens, closes }));
const SHANGHAI: StartingPlace = {
  timeZone: 'Asia/Shanghai',
  openingHours: daily('10:00', '22:00'),
  distanceM: 5000,
};
/** Monday, 20:00 in Shanghai. */
const NOW_MS = Date.parse('2026-06-01T12:00:00Z');
const terms = (over: object) =>
  DeliveryTerms.parse({ method: 'courier', currency: 'CNY', feeMinor: 0, readyWithinMinutes: 60, ...over });
const said = (over: object, place: StartingPlace = SHANGHAI, nowMs = NOW_MS) => {
  const promise = findPromise(terms(over), place, nowMs);
  return promise && [promise.earliestMs, promise.latestMs].map((ms) => new Date(ms).toISOString().slice(0, 16));
};

describe('when a place has it ready', () => {
  const ready = (minutes: number, place: Partial<StartingPlace> = {}) => {
    const ms = findReadyMs({ ...SHANGHAI, ...place }, NOW_MS, minutes);
    return ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);
  };
  it('is after so many minutes while it is open', () => {
    expect(ready(120)).toBe('2026-06-01T14:00');
  });
  it('goes on in the morning where it closes before', () => {
    expect(ready(121)).toBe('2026-06-02T02:01');
    expect(ready(120 + 12 * 60 + 5)).toBe('2026-06-03T02:05');
  });
  it('begins when it opens where it is closed now', () => {
    expect(ready(30, { openingHours: daily('08:00', '18:00') })).toBe('2026-06-02T00:30');
  });
  it('works no minute twice where two spans of a day overlap', () => {
    const openingHours = [...daily('10:00', '21:00'), ...daily('20:30', '22:00')];
    expect(ready(90, { openingHours })).toBe('2026-06-01T13:30');
    expect(ready(121, { openingHours })).toBe('2026-06-02T02:01');
  });
  it('is at any time where it keeps no hours, and never where it never opens', () => {
    const { openingHours: _, ...always } = SHANGHAI;
    expect(findReadyMs(always, NOW_MS, 600)).toBe(NOW_MS + 600 * 60_000);
    expect(ready(1, { openingHours: [] })).toBeUndefined();
  });
  it('follows the clock on the wall through the night on which it is put forward', () => {
    const place = { timeZone: 'Europe/Paris', openingHours: daily('01:00', '04:00'), distanceM: 0 };
    // 29 March 2026: 02:00 there becomes 03:00, so of three hours on the clock two pass.
    expect(findReadyMs(place, Date.parse('2026-03-29T00:00:00Z'), 121)).toBe(Date.parse('2026-03-29T23:01:00Z'));
  });
});

describe('what is ridden', () => {
  it('adds the way to both ends, and the window to the latest', () => {
    expect(said({ readyAfterMinutes: 20, minutesPerKm: 4, windowMinutes: 30 })).toEqual([
      '2026-06-01T12:40',
      '2026-06-01T13:50',
    ]);
  });
  it('counts a way that nobody knows as across a large city', () => {
    expect(said({ minutesPerKm: 2 }, { ...SHANGHAI, distanceM: undefined })).toEqual([
      '2026-06-01T13:00',
      '2026-06-01T14:00',
    ]);
  });
});

describe('what a carrier takes', () => {
  const CARRIED = {
    cutOff: '21:00',
    transit: [
      { upToKm: 10, minDays: 1, maxDays: 1 },
      { minDays: 2, maxDays: 4 },
    ],
  };
  it('leaves today where it is ready by the cut-off, and is there on the day of its distance', () => {
    expect(said(CARRIED)).toEqual(['2026-06-02T01:00', '2026-06-02T12:00']);
  });
  it('leaves tomorrow where it may be ready a minute later', () => {
    expect(said({ ...CARRIED, readyWithinMinutes: 61 })).toEqual(['2026-06-02T01:00', '2026-06-03T12:00']);
  });
  it('takes the slowest band where nobody knows the way, the last where it is far', () => {
    const far = ['2026-06-03T01:00', '2026-06-05T12:00'];
    expect(said(CARRIED, { ...SHANGHAI, distanceM: 10_001 })).toEqual(far);
    expect(said(CARRIED, { ...SHANGHAI, distanceM: undefined })).toEqual(far);
  });
  it('is promised nothing beyond the last band', () => {
    expect(said({ ...CARRIED, transit: [{ upToKm: 1, minDays: 1, maxDays: 1 }] })).toBeUndefined();
  });
  it('waits for a day on which the place is open', () => {
    const openingHours = daily('10:00', '22:00', [1, 2, 3, 4, 5]);
    const friday = Date.parse('2026-06-05T13:30:00Z');
    expect(said(CARRIED, { ...SHANGHAI, openingHours }, friday)).toEqual(['2026-06-09T01:00', '2026-06-09T12:00']);
  });
});
