import type { LotBucket } from '@shelfline/contracts/lot';
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

/** With the lots they are of. */
export interface LottedSums extends Buckets {
  readonly lots: Map<string, Record<LotBucket, number>>;
}
export const emptyLottedSums = (): LottedSums => ({ ...emptyBuckets(), lots: new Map() });

export function addLottedEffect(sums: LottedSums, effect: Effect): void {
  addEffect(sums, effect);
  for (const { lot, onHand = 0, damaged = 0, qualityControl = 0 } of effect.lots ?? []) {
    const of = sums.lots.get(lot) ?? { onHand: 0, damaged: 0, qualityControl: 0 };
    of.onHand += onHand;
    of.damaged += damaged;
    of.qualityControl += qualityControl;
    sums.lots.set(lot, of);
  }
}

/** On-hand units that an effect moved at its level, or of one lot there. */
export function onHandOf({ onHand = 0, lots = [] }: Pick<Effect, 'onHand' | 'lots'>, lot?: string): number {
  if (lot === undefined) return onHand;
  let units = 0;
  for (const effect of lots) if (effect.lot === lot) units += effect.onHand ?? 0;
  return units;
}
