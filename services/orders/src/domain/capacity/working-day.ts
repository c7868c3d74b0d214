import { calendarDay } from '@shelfline/contracts/local-time';
import type { OpeningSpan } from '../sourcing/candidate.js';
import { clockAfterDays, openTimes } from '../sourcing/opening-hours.js';

/** Of a place, what decides on which day work is done. */
export interface WorkingPlace {
  readonly timeZone: string;
  /** Absent: always open. */
  readonly openingHours?: readonly OpeningSpan[] | undefined;
  /** Tasks it takes on a day. */
  readonly capacityPerDay: number;
}
export interface WorkingDay {
  /** Of the calendar there. */
  readonly day: string;
  /** Work on it begins no sooner. */
  readonly fromMs: number;
}
export interface DayWithRoom extends WorkingDay {
  /** Tasks it takes then; 0: every day looked at is full, and this is the last one. */
  readonly left: number;
  readonly isFirst: boolean;
}

/** A place that is full for a week is not planned with. */
const MOST_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60_000;

interface KnownDays {
  readonly minute: number;
  readonly days: readonly WorkingDay[];
}
const knownDays = new WeakMap<WorkingPlace, KnownDays>();

/**
 * The days on which a place works from now on, in its time zone: those on which it is open, the first being today as
 * long as it is open today still. Every order asks every place: answers are good for a minute.
 */
export function workingDays(place: WorkingPlace, nowMs: number): readonly WorkingDay[] {
  const minute = Math.floor(nowMs / MINUTE_MS);
  const known = knownDays.get(place);
  if (known?.minute === minute) return known.days;
  const days = layOutDays(place, minute * MINUTE_MS);
  knownDays.set(place, { minute, days });
  return days;
}

function layOutDays({ openingHours, timeZone }: WorkingPlace, nowMs: number): WorkingDay[] {
  const opens =
    openingHours === undefined
      ? Array.from({ length: MOST_DAYS }, (_, days) => clockAfterDays(nowMs, days, '00:00', timeZone))
      : openTimes(openingHours, timeZone, nowMs, MOST_DAYS + 1).map(({ opensMs }) => opensMs);
  const days: WorkingDay[] = [];
  for (const opensMs of opens) {
    const fromMs = Math.max(nowMs, opensMs);
    if (fromMs >= nowMs + MOST_DAYS * DAY_MS) break;
    const day = calendarDay(fromMs, timeZone);
    if (days.at(-1)?.day !== day) days.push({ day, fromMs });
  }
  return days;
}

/** The first day on which a place has room, `from` days after the first; undefined: it does not open within a week. */
export function findDayWithRoom(
  place: WorkingPlace,
  takenOn: (day: string) => number,
  nowMs: number,
  from = 0,
): DayWithRoom | undefined {
  const days = workingDays(place, nowMs);
  for (let i = from; i < days.length; i++) {
    const left = place.capacityPerDay - takenOn(days[i]!.day);
    if (left > 0) return { ...days[i]!, left, isFirst: i === 0 };
  }
  const last = days.at(-1);
  return last && { ...last, left: 0, isFirst: days.length === 1 };
}
