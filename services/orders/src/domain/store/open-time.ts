import type { OpeningSpan } from '../sourcing/candidate.js';
import { openTimes } from '../sourcing/opening-hours.js';

/** When people are there; without hours, always. */
export interface PlaceHours {
  readonly openingHours?: readonly OpeningSpan[] | undefined;
  readonly timeZone?: string | undefined;
}

/** Few days hold a quarter of an hour at any shop; a rule of a week may need more of one that opens on Sundays. */
const DAYS_LOOKED_AT = [3, 60] as const;

/** The moment at which a place will have been open for so long; by the clock where it does not open in two months. */
export function afterOpenMs(place: PlaceHours, fromMs: number, forMs: number): number {
  for (const days of DAYS_LOOKED_AT) {
    let leftMs = forMs;
    for (const [opensMs, closesMs] of openSpans(place, fromMs, days)) {
      if (closesMs - opensMs >= leftMs) return opensMs + leftMs;
      leftMs -= closesMs - opensMs;
    }
  }
  return fromMs + forMs;
}

/** How long a place is open between two moments. */
export function openMsBetween(place: PlaceHours, fromMs: number, untilMs: number): number {
  const days = Math.ceil((untilMs - fromMs) / DAY_MS) + 1;
  let sum = 0;
  for (const [opensMs, closesMs] of openSpans(place, fromMs, days))
    sum += Math.max(0, Math.min(closesMs, untilMs) - opensMs);
  return sum;
}
const DAY_MS = 24 * 60 * 60 * 1000;

/** One after the other, from a moment on: hours that overlap count once. */
function openSpans({ openingHours, timeZone = 'UTC' }: PlaceHours, fromMs: number, days: number): [number, number][] {
  let coveredMs = fromMs;
  return openTimes(openingHours, timeZone, fromMs, days).flatMap(({ opensMs, closesMs }): [number, number][] => {
    const startMs = Math.max(opensMs, coveredMs);
    if (closesMs <= startMs) return [];
    coveredMs = closesMs;
    return [[startMs, closesMs]];
  });
}
