import type { Effect } from './stock-entry.js';

export interface Buckets {
  onHand: number;
  reserved: number;
  damaged: number;
  qualityControl: number;
  incoming: number;
}

export const emptyBuckets = (): Buckets => ({ onHand: 0, reserved: 0, damaged: 0, qualityControl: 0, incoming: 0 });

export function addEffect(sums: Buckets, effect: Effect): void {
  sums.onHand += effect.onHand ?? 0;
  sums.reserved += effect.reserved ?? 0;
  sums.damaged += effect.damaged ?? 0;
  sums.qualityControl += effect.qualityControl ?? 0;
  sums.incoming += effect.incoming ?? 0;
}

/** On-hand units that an effect moved at its level, or of one lot there. */
export function onHandOf({ onHand = 0, lots = [] }: Pick<Effect, 'onHand' | 'lots'>, lot?: string): number {
  if (lot === undefined) return onHand;
  let units = 0;
  for (const effect of lots) if (effect.lot === lot) units += effect.onHand ?? 0;
  return units;
}
