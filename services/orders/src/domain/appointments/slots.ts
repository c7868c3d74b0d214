import type { AppointmentTerms } from '@shelfline/contracts/appointment-terms';
import type { OpeningSpan } from '../sourcing/candidate.js';
import { openTimes } from '../sourcing/opening-hours.js';

export interface PlaceSlots {
  readonly active: boolean;
  readonly timeZone: string;
  /** Without hours a place has no slots: nobody knows when somebody is there. */
  readonly openingHours?: readonly OpeningSpan[] | undefined;
  readonly appointments?: AppointmentTerms | undefined;
}
export interface Slot {
  readonly startMs: number;
  readonly endMs: number;
}
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Why a place has no slots whatever the day; undefined: it has some. */
export function whyNoSlots({ appointments, openingHours, active }: PlaceSlots): NoSlots | undefined {
  if (!active) return 'closed';
  if (!appointments) return 'no_appointments';
  return openingHours && openingHours.length > 0 ? undefined : 'no_opening_hours';
}
export const NO_SLOTS = ['closed', 'no_appointments', 'no_opening_hours'] as const;
type NoSlots = (typeof NO_SLOTS)[number];

/** Slots that begin within [from, until): one after the other from when the place opens, each over before it closes. */
export function slotsBetween(place: PlaceSlots, fromMs: number, untilMs: number): Slot[] {
  const { appointments, openingHours, timeZone, active } = place;
  if (!appointments || !openingHours || !active) return [];
  const lengthMs = appointments.slotMinutes * MINUTE_MS;
  const days = Math.ceil((untilMs - fromMs) / DAY_MS) + 1;
  const found = new Map<number, Slot>();
  for (const { opensMs, closesMs } of openTimes(openingHours, timeZone, fromMs, days))
    for (let startMs = opensMs; startMs + lengthMs <= closesMs && startMs < untilMs; startMs += lengthMs)
      if (startMs >= fromMs) found.set(startMs, { startMs, endMs: startMs + lengthMs });
  return [...found.values()].toSorted((a, b) => a.startMs - b.startMs);
}

/** The slot that begins just then. */
export const findSlot = (place: PlaceSlots, startMs: number): Slot | undefined =>
  slotsBetween(place, startMs, startMs + 1)[0];

/** How far ahead one may book. */
export const lastStartMs = ({ appointments }: PlaceSlots, nowMs: number): number =>
  nowMs + (appointments?.bookAheadDays ?? 0) * DAY_MS;
