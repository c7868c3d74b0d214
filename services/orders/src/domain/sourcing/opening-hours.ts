import { calendarDay, type TimeReader, timeReader } from '@shelfline/contracts/local-time';
import type { OpeningSpan } from './candidate.js';
import { remembered } from './remembered.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60_000;

const HOUR_MS = 60 * MINUTE_MS;

/** When a place opens and closes, around one hour of the clock. */
interface Spans {
  readonly hourMs: number;
  readonly timeZone: string;
  readonly withinMinutes: number;
  readonly opensMs: readonly number[];
  readonly closesMs: readonly number[];
}
/** Every order asks four hundred shops, whose hours the catalog's table hands out as the same array until they change. */
const spansOf = new WeakMap<readonly OpeningSpan[], Spans>();

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
  const hourMs = nowMs - (nowMs % HOUR_MS);
  let spans = spansOf.get(hours);
  if (spans?.hourMs !== hourMs || spans.timeZone !== timeZone || spans.withinMinutes !== withinMinutes) {
    spans = layOut(hours, timeZone, hourMs, withinMinutes);
    spansOf.set(hours, spans);
  }
  const { opensMs, closesMs } = spans;
  let soonestMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < opensMs.length; i++) if (closesMs[i]! > nowMs && opensMs[i]! < soonestMs) soonestMs = opensMs[i]!;
  if (soonestMs <= nowMs) return 0;
  return soonestMs <= nowMs + withinMinutes * MINUTE_MS ? Math.ceil((soonestMs - nowMs) / MINUTE_MS) : undefined;
}

function layOut(hours: readonly OpeningSpan[], timeZone: string, hourMs: number, withinMinutes: number): Spans {
  const opensMs: number[] = [];
  const closesMs: number[] = [];
  // Yesterday's span may reach into today.
  let date = neighbour(calendarDay(hourMs, timeZone), -1);
  for (let i = 0; i <= 3 + withinMinutes / (24 * 60); i++, date = neighbour(date, 1)) {
    const weekday = weekdayOf(date);
    for (const { day, opens, closes } of hours) {
      if (day !== weekday) continue;
      opensMs.push(clockMs(date, opens, timeZone));
      closesMs.push(clockMs(closes <= opens ? neighbour(date, 1) : date, closes, timeZone));
    }
  }
  return { hourMs, timeZone, withinMinutes, opensMs, closesMs };
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
