import type { Candidate } from '../sourcing/candidate.js';
import type { SourcingRequest } from '../sourcing/filter-places.js';
import { planSourcing, type SourcingPlan } from '../sourcing/plan-sourcing.js';
import type { SourcingRule } from '../sourcing/sourcing-rule.js';
import { findDayWithRoom, type WorkingPlace, workingDays } from './working-day.js';

/** What a place with a limit has left today, and the next day on which it has any. */
export function roomOf(
  place: WorkingPlace,
  takenOn: (day: string) => number,
  nowMs: number,
): Pick<Candidate, 'capacityLeft' | 'laterDay'> {
  const [today] = workingDays(place, nowMs);
  const capacityLeft = today ? Math.max(0, place.capacityPerDay - takenOn(today.day)) : 0;
  if (capacityLeft > 0) return { capacityLeft };
  const later = findDayWithRoom(place, takenOn, nowMs, 1);
  return later && later.left > 0 ? { capacityLeft, laterDay: { day: later.day, left: later.left } } : { capacityLeft };
}

/**
 * A plan of places that have room today; where those cannot serve it all and more can be had of places that are full
 * today, one in which these work on it on their next day with room.
 */
export function planWithinDays(
  request: SourcingRequest,
  candidates: readonly Candidate[],
  rule: SourcingRule,
): SourcingPlan {
  const today = planSourcing(request, candidates, rule);
  const isFull = today.unplaced.length > 0 && (today.explanation.counts.dropped.capacity_left ?? 0) > 0;
  if (!isFull || !candidates.some(({ laterDay }) => laterDay)) return today;
  const carried = candidates.map(
    (candidate): Candidate =>
      candidate.laterDay
        ? { ...candidate, capacityLeft: candidate.laterDay.left, worksFrom: candidate.laterDay.day }
        : candidate,
  );
  const later = planSourcing(request, carried, rule);
  return later.explanation.placedUnits > today.explanation.placedUnits ? later : today;
}
