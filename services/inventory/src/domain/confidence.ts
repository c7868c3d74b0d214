import type { LocationFacts } from './reference.js';
import type { Level } from './stock.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A store's figure that was never checked. */
const NEVER_COUNTED = 0.9;
const HALVED_AFTER_DAYS = 90;
const LOWEST_AGEING = 0.5;

/**
 * How far a store's figure can be trusted, 0–1: how right its counts were, times the age of the last one (from 1 down
 * to a half over 90 days, in whole days so that it changes once a day at most). Warehouses are trusted.
 */
export function confidenceOf(level: Level, location: LocationFacts | undefined, nowMs: number): number {
  if (location?.type !== 'store') return 1;
  if (level.countedAtMs === null) return NEVER_COUNTED;
  const days = Math.max(0, Math.floor((nowMs - level.countedAtMs) / DAY_MS));
  const ageing = Math.max(LOWEST_AGEING, 1 - (1 - LOWEST_AGEING) * (days / HALVED_AFTER_DAYS));
  // Four digits: what is stored and published must compare equal after a round trip.
  return Math.round(level.accuracy * ageing * 10_000) / 10_000;
}
