import type { DeliveryTerms } from '@shelfline/contracts/delivery-terms';
import type { OpeningSpan } from '../sourcing/candidate.js';
import { clockAfterDays, openTimes } from '../sourcing/opening-hours.js';
import { wayM } from './find-terms.js';

/** Of the place a parcel comes from. */
export interface StartingPlace {
  readonly timeZone: string;
  /** Absent: always open. */
  readonly openingHours?: readonly OpeningSpan[];
  /** Undefined: nobody knows. */
  readonly distanceM: number | undefined;
}
export interface PromiseTime {
  readonly earliestMs: number;
  readonly latestMs: number;
}

const MINUTE_MS = 60_000;
/** A place that does not open for so long promises nothing. */
const MOST_DAYS = 21;

/**
 * When a parcel is there: the place works on it while it is open, and sends it off by carrier or has it ridden, not before
 * `leavesAtMs`.
 */
export function findPromise(
  terms: DeliveryTerms,
  place: StartingPlace,
  nowMs: number,
  leavesAtMs = nowMs,
): PromiseTime | undefined {
  const readyMs = (minutes: number) => notBefore(leavesAtMs, place, findReadyMs(place, nowMs, minutes));
  const soonestMs = readyMs(terms.readyAfterMinutes);
  const latestMs = readyMs(Math.max(terms.readyAfterMinutes, terms.readyWithinMinutes));
  if (soonestMs === undefined || latestMs === undefined) return undefined;
  if (terms.transit !== undefined) return carried(terms, place, soonestMs, latestMs);
  const rideMs = (wayM(place.distanceM) / 1000) * terms.minutesPerKm * MINUTE_MS;
  return {
    earliestMs: wholeMinute(soonestMs + rideMs),
    latestMs: wholeMinute(latestMs + rideMs + terms.windowMinutes * MINUTE_MS),
  };
}

const notBefore = (leavesAtMs: number, place: StartingPlace, readyMs: number | undefined): number | undefined =>
  readyMs === undefined || readyMs >= leavesAtMs ? readyMs : findReadyMs(place, leavesAtMs, 0);

const wholeMinute = (ms: number): number => Math.ceil(ms / MINUTE_MS) * MINUTE_MS;

/** After so many minutes of opening time. */
export function findReadyMs(place: StartingPlace, nowMs: number, minutes: number): number | undefined {
  let leftMs = minutes * MINUTE_MS;
  let reachedMs = nowMs;
  for (const { opensMs, closesMs } of openTimes(place.openingHours, place.timeZone, nowMs, MOST_DAYS)) {
    // Two spans of a day may overlap: no minute is worked twice.
    const beginsMs = Math.max(opensMs, reachedMs);
    if (beginsMs >= closesMs) continue;
    if (beginsMs + leftMs <= closesMs) return beginsMs + leftMs;
    leftMs -= closesMs - beginsMs;
    reachedMs = closesMs;
  }
  return undefined;
}

function carried(
  terms: DeliveryTerms,
  place: StartingPlace,
  soonestMs: number,
  latestMs: number,
): PromiseTime | undefined {
  const band = bandOf(terms, place);
  const [first, last] = [findCollectedMs(terms, place, soonestMs), findCollectedMs(terms, place, latestMs)];
  if (!band || first === undefined || last === undefined) return undefined;
  const arrivesMs = clockAfterDays(first, band.minDays, terms.deliveredFrom, place.timeZone);
  return {
    // Sent off on the day itself it is not there before it left.
    earliestMs: Math.max(first, arrivesMs),
    latestMs: Math.max(last, clockAfterDays(last, band.maxDays, terms.deliveredUntil, place.timeZone)),
  };
}

/** Nobody knows the way: the slowest of them. */
function bandOf({ transit = [] }: DeliveryTerms, { distanceM }: StartingPlace) {
  if (distanceM === undefined) return transit.toSorted((a, b) => b.maxDays - a.maxDays)[0];
  return transit.find(({ upToKm }) => upToKm === undefined || distanceM <= upToKm * 1000);
}

/** The carrier comes once a day, on days on which the place is open. */
function findCollectedMs({ cutOff }: DeliveryTerms, place: StartingPlace, readyMs: number): number | undefined {
  if (cutOff === undefined) return readyMs;
  for (let days = 0; days <= MOST_DAYS; days++) {
    const collectedMs = clockAfterDays(readyMs, days, cutOff, place.timeZone);
    if (collectedMs >= readyMs && opensOn(place, collectedMs)) return collectedMs;
  }
  return undefined;
}

function opensOn({ openingHours, timeZone }: StartingPlace, collectedMs: number): boolean {
  const [fromMs, untilMs] = [0, 1].map((days) => clockAfterDays(collectedMs, days, '00:00', timeZone));
  const times = openTimes(openingHours, timeZone, fromMs!, 1);
  return times.some(({ opensMs, closesMs }) => opensMs < untilMs! && closesMs > fromMs!);
}
