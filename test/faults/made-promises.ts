import type { SeededRandom } from '../seeded-random.ts';
import { PLACES } from './made-deltas.ts';

/** Few and scarce, so that many reservations want the same units and some find none. */
export const PROMISED_SKUS = Array.from({ length: 6 }, (_, i) => `promised-${i}`);

/** How a reservation is meant to end. `races` is committed about when its hold runs out. */
export type Way = 'expires' | 'races' | 'released' | 'fulfilled' | 'committed' | 'committed-fulfilled';

export interface MadePromise {
  readonly id: string;
  readonly way: Way;
  readonly holdMs: number;
  readonly mode: 'all_or_nothing' | 'split' | 'partial';
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly locations: readonly string[] }[];
}

const SHORTEST_HOLD_MS = 1500;
const LONGEST_SHORT_HOLD_MS = 3500;
/** No run lasts so long. */
const LONG_HOLD_MS = 60 * 60 * 1000;
const MOST_UNITS = 9;
const TWO_LINES_SHARE = 0.3;

export function makePromise(n: number, random: SeededRandom): MadePromise {
  const way = random.pick<Way>([
    'expires',
    'races',
    'released',
    'released',
    'fulfilled',
    'fulfilled',
    'committed',
    'committed-fulfilled',
  ]);
  const isShort = way === 'expires' || way === 'races';
  const first = random.pick(PROMISED_SKUS);
  const second = random.pick(PROMISED_SKUS.filter((sku) => sku !== first));
  // Of a short hold one line alone: of two, each would run out by itself.
  const skus = !isShort && random.chance(TWO_LINES_SHARE) ? [first, second] : [first];
  return {
    id: `r${n}`,
    way,
    holdMs: isShort ? random.between(SHORTEST_HOLD_MS, LONGEST_SHORT_HOLD_MS) : LONG_HOLD_MS,
    mode: random.pick(['all_or_nothing', 'split', 'partial'] as const),
    lines: skus.map((sku) => ({ sku, quantity: random.between(1, MOST_UNITS), locations: somePlaces(random) })),
  };
}

function somePlaces(random: SeededRandom): string[] {
  const first = random.between(0, PLACES.length - 1);
  return Array.from({ length: random.between(1, 3) }, (_, i) => PLACES[(first + i) % PLACES.length]!);
}
