import { calendarDay, type TimeReader, timeReader } from '@shelfline/contracts/local-time';
import type { OpeningSpan } from './candidate.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60_000;

/**
 * Minutes until a place opens: 0 while it is open (or keeps no hours), undefined if it does not within the minutes
 * looked at. Hours are clock times there, whatever the clock does that night.
 */
export function findMinutesUntilOpen(
  hours: readonly OpeningSpan[] | undefined,
  timeZone: string,
  nowMs: number,
  withinMinutes: number,
): number | undefined {
  if (hours === undefined) return 0;
  const untilMs = nowMs + withinMinutes * MINUTE_MS;
  // Yesterday's span may reach into today.
  let date = neighbour(calendarDay(nowMs, timeZone), -1);
  for (let i = 0; i <= 2 + withinMinutes / (24 * 60); i++, date = neighbour(date, 1)) {
    const soonestMs = soonestOn(date, hours, timeZone, nowMs);
    if (soonestMs <= nowMs) return 0;
    if (soonestMs <= untilMs) return Math.ceil((soonestMs - nowMs) / MINUTE_MS);
  }
  return undefined;
}

export interface OpenTime {
  readonly opensMs: number;
  readonly closesMs: number;
}
/** When a place is open from a moment on, the soonest first; one span without end where it keeps no hours. */
export function openTimes(
  hours: readonly OpeningSpan[] | undefined,
  timeZone: string,
  fromMs: number,
  days: number,
): OpenTime[] {
  if (hours === undefined) return [{ opensMs: Number.NEGATIVE_INFINITY, closesMs: Number.POSITIVE_INFINITY }];
  const found: OpenTime[] = [];
  let date = neighbour(calendarDay(fromMs, timeZone), -1);
  for (let i = 0; i <= days; i++, date = neighbour(date, 1))
    for (const { day, opens, closes } of hours) {
      if (day !== weekdayOf(date)) continue;
      const closesMs = clockMs(closes <= opens ? neighbour(date, 1) : date, closes, timeZone);
      if (closesMs > fromMs) found.push({ opensMs: clockMs(date, opens, timeZone), closesMs });
    }
  return found.sort((a, b) => a.opensMs - b.opensMs);
}

/** The moment at which the clock there shows a time, so many days after the day of another moment. */
export const clockAfterDays = (fromMs: number, days: number, clock: string, timeZone: string): number =>
  clockMs(shifted(calendarDay(fromMs, timeZone), days), clock, timeZone);

/** When the first of a date's spans that is not over yet opens; Infinity: none is left. */
function soonestOn(date: string, hours: readonly OpeningSpan[], timeZone: string, nowMs: number): number {
  const weekday = weekdayOf(date);
  let soonestMs = Number.POSITIVE_INFINITY;
  for (const { day, opens, closes } of hours) {
    if (day !== weekday) continue;
    const closesMs = clockMs(closes <= opens ? neighbour(date, 1) : date, closes, timeZone);
    if (closesMs > nowMs) soonestMs = Math.min(soonestMs, clockMs(date, opens, timeZone));
  }
  return soonestMs;
}

/** Four hundred shops keep much the same hours, and each order asks them all: answers are kept, some thousand. */
function remembered<V>(compute: (key: string) => V): (key: string) => V {
  const known = new Map<string, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = compute(key);
      if (known.size >= 5000) known.clear();
      known.set(key, value);
    }
    return value;
  };
}

const shifted = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
const dayAfter = remembered((date) => shifted(date, 1));
const dayBefore = remembered((date) => shifted(date, -1));
const neighbour = (date: string, days: 1 | -1): string => (days === 1 ? dayAfter(date) : dayBefore(date));

const weekdayOf = remembered((date) => new Date(`${date}T00:00:00Z`).getUTCDay() || 7);

/** By UTC where nobody knows the zone, as the ledger reads its days. */
const readerOf = remembered((timeZone): TimeReader => {
  try {
    return timeReader(timeZone);
  } catch {
    return timeReader();
  }
});

const clocksOf = remembered((timeZone) =>
  remembered((dateAndClock): number => {
    const text = dateAndClock.endsWith('T24:00') ? `${dayAfter(dateAndClock.slice(0, 10))}T00:00` : dateAndClock;
    return readerOf(timeZone)(text) ?? Number.NaN;
  }),
);
const clockMs = (date: string, clock: string, timeZone: string): number => clocksOf(timeZone)(`${date}T${clock}`);
