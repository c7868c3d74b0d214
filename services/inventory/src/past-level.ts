import { expiredUnits } from './domain/calendar-day.js';
import type { LocationFacts } from './domain/reference.js';
import { toTraces } from './lot-documents.js';
import type { LottedSums } from './stock-buckets.js';
import type { LevelDocument } from './stock-documents.js';

/**
 * A level as it stood at a moment: today's less what moved since. What was past its last day is judged by the date of the
 * place at that moment and by the last days that are known today; a lot whose day was forgotten since counts as one
 * without. What stood there of each lot is not shown, since lots that lost their name meanwhile are missing.
 */
export function pastLevel(
  level: LevelDocument,
  later: LottedSums,
  location: LocationFacts | undefined,
  momentMs: number,
) {
  const onHand = level.onHand - later.onHand;
  const reserved = level.reserved - later.reserved;
  const damaged = level.damaged - later.damaged;
  const qualityControl = level.qualityControl - later.qualityControl;
  const lots = toTraces(level).lots?.map((layer) => {
    const since = later.lots.get(layer.lot);
    if (!since) return layer;
    return {
      ...layer,
      onHand: layer.onHand - since.onHand,
      damaged: layer.damaged - since.damaged,
      qualityControl: layer.qualityControl - since.qualityControl,
    };
  });
  const expired = expiredUnits({ onHand, ...(lots ? { lots } : {}) }, location, momentMs);
  const available = onHand - reserved - damaged - qualityControl - level.safetyStock - expired;
  return {
    onHand,
    reserved,
    damaged,
    qualityControl,
    incoming: level.incoming - later.incoming,
    available: Math.max(0, available),
    lots: undefined,
    promisedIncoming: undefined,
    // By documents as they stand today.
    expected: [],
    expired: expired > 0 ? expired : undefined,
  };
}
