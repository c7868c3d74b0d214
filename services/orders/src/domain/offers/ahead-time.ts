import type { DeliveryTerms } from '@shelfline/contracts/delivery-terms';
import { findPromise, type PromiseTime, type StartingPlace } from './promise-time.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A day that is told is a day: what is expected on it may come until it is over. What is later than that nobody can tell. */
const LATE_MS = DAY_MS;

export interface AheadTime extends PromiseTime {
  readonly arrivesAtMs: number;
  readonly leavesAtMs: number;
}

interface Delivery {
  readonly arrivesAtMs: number | undefined;
  readonly handlingDays: number;
  readonly nowMs: number;
  /** The place is full until then. */
  readonly startMs: number | undefined;
}

/** When a parcel is there of goods that are still to come in: begun when they have, and sent off after their handling. */
export function findAheadTime(
  terms: DeliveryTerms,
  place: StartingPlace,
  { arrivesAtMs, handlingDays, nowMs, startMs }: Delivery,
): AheadTime | 'day_unknown' | undefined {
  if (arrivesAtMs === undefined || arrivesAtMs + LATE_MS <= nowMs) return 'day_unknown';
  const beginsMs = Math.max(arrivesAtMs, nowMs, startMs ?? nowMs);
  const leavesAtMs = arrivesAtMs + handlingDays * DAY_MS;
  const promise = findPromise(terms, place, beginsMs, leavesAtMs);
  return promise && { ...promise, arrivesAtMs, leavesAtMs };
}
