import { calendarDay } from '@shelfline/contracts/local-time';
import { isExpired, type LottedStock } from './lots.js';
import type { LocationFacts } from './reference.js';

/** The date of a place; by UTC where the catalog does not know the place. */
export const dayAt = (location: LocationFacts | undefined, ms: number): string => calendarDay(ms, location?.timeZone);

/**
 * Units of lots that are past their last day there. Those that are damaged or in quality control are not counted: they
 * are taken off what is available already.
 */
export function expiredUnits(
  { lots, onHand }: LottedStock,
  location: LocationFacts | undefined,
  nowMs: number,
): number {
  if (lots === undefined) return 0;
  const day = dayAt(location, nowMs);
  let units = 0;
  for (const layer of lots)
    if (isExpired(layer, day)) units += Math.max(0, layer.onHand - layer.damaged - layer.qualityControl);
  return Math.max(0, Math.min(units, onHand));
}
