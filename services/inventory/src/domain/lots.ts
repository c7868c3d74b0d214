import { LOT_BUCKETS, type LotBucket } from '@shelfline/contracts/lot';

/** Units of one lot at one level. What no layer holds of the level's onHand has no lot: it is never kept beside them. */
export interface LotLayer {
  readonly lot: string;
  /** Below 0 where more of it left than was known to be there. */
  readonly onHand: number;
  readonly damaged: number;
  readonly qualityControl: number;
  /** Its last day, YYYY-MM-DD. */
  readonly expiresOn: string | null;
  /** When units of it first came. */
  readonly receivedAtMs: number;
  /** What of it occurred up to then was counted. */
  readonly countedAtMs: number | null;
}

/** Signed. */
export type LotChange = { readonly lot: string } & { readonly [bucket in LotBucket]?: number };
export interface LotChanges {
  readonly atMs: number;
  readonly changes: readonly LotChange[];
  /** Lots that lose their name by it; `changes` take all of them. */
  readonly unnamed?: readonly string[];
  /** What the record says of its lot beside units. */
  readonly told?: { readonly lot: string; readonly expiresOn?: string; readonly countedAtMs?: number };
}

/** What is looked at of a level. */
export interface LottedStock {
  readonly onHand: number;
  readonly lots?: readonly LotLayer[];
}
/** When units are taken: the instant, and the date of the place at that instant. */
export interface Moment {
  readonly atMs: number;
  readonly day: string;
}

/** Layers that hold nothing are kept, since returns and late records ask for their dates; no more than this. */
const MOST_EMPTY_LAYERS = 20;
const NO_LAYERS: readonly LotLayer[] = [];

export const findLayer = ({ lots = NO_LAYERS }: LottedStock, lot: string): LotLayer | undefined =>
  lots.find((layer) => layer.lot === lot);

/** Units whose lot nobody told; below 0 where more left without naming a lot than was there at all. */
export function unlottedOf({ onHand, lots = NO_LAYERS }: LottedStock): number {
  let units = onHand;
  for (const layer of lots) units -= layer.onHand;
  return units;
}

export const isExpired = ({ expiresOn }: LotLayer, day: string): boolean => expiresOn !== null && expiresOn < day;
export const holdsNothing = (layer: LotLayer): boolean => LOT_BUCKETS.every((bucket) => layer[bucket] === 0);

/**
 * What is taken where nobody names a lot: first units without a lot, since who names none most likely speaks of them
 * and the lots stay right for recalls; then lots, the earliest last day first, those without one after them, of equals
 * the one that came first. Expired lots come last: a sale from what is not promised anyway would leave one piece too
 * many to promise. A lot that was counted later is passed over: the count has seen what is gone. No lot falls below 0 by
 * it; what is missing then is missing without a lot.
 */
export function takeUnnamed(stock: LottedStock, units: number, { atMs, day }: Moment): LotChange[] {
  let left = units - Math.max(0, Math.min(units, unlottedOf(stock)));
  const changes: LotChange[] = [];
  for (const expired of [false, true])
    for (const layer of stock.lots ?? NO_LAYERS) {
      if (left === 0) return changes;
      if (isExpired(layer, day) !== expired || (layer.countedAtMs !== null && layer.countedAtMs >= atMs)) continue;
      const taken = Math.min(left, Math.max(0, layer.onHand));
      if (taken > 0) changes.push({ lot: layer.lot, onHand: -taken });
      left -= taken;
    }
  return changes;
}

/**
 * Units of a lot come. Where more had left than was there, without naming a lot, they were of what comes now at last:
 * they are taken from it again. `onHandChange`: 0 where the units were counted before they were told.
 */
export function bring(stock: LottedStock, lot: string, units: number, onHandChange: number): LotChange[] {
  const missing = Math.max(0, units - onHandChange - unlottedOf(stock));
  const gone = Math.min(units, missing);
  if (gone === units && onHandChange === 0) return [];
  const came: LotChange = { lot, onHand: units };
  return gone > 0 ? [came, { lot, onHand: -gone }] : [came];
}

/** Units found by a count: lots that fell below 0 were wrong by as many. The rest has no lot. */
export function findUnits(stock: LottedStock, units: number): LotChange[] {
  let left = units;
  const changes: LotChange[] = [];
  for (const { lot, onHand } of stock.lots ?? NO_LAYERS) {
    const evened = Math.min(left, Math.max(0, -onHand));
    if (evened > 0) changes.push({ lot, onHand: evened });
    left -= evened;
  }
  return changes;
}

export function lotsAfter(
  layers: readonly LotLayer[],
  { atMs, changes, unnamed, told }: LotChanges,
): readonly LotLayer[] {
  const after = new Map(layers.map((layer) => [layer.lot, layer]));
  for (const change of changes) {
    const layer = after.get(change.lot) ?? emptyLayer(change.lot, atMs);
    after.set(change.lot, {
      ...layer,
      onHand: layer.onHand + (change.onHand ?? 0),
      damaged: layer.damaged + (change.damaged ?? 0),
      qualityControl: layer.qualityControl + (change.qualityControl ?? 0),
      receivedAtMs: (change.onHand ?? 0) > 0 ? Math.min(layer.receivedAtMs, atMs) : layer.receivedAtMs,
    });
  }
  for (const lot of unnamed ?? []) after.delete(lot);
  if (told) {
    const layer = after.get(told.lot) ?? emptyLayer(told.lot, atMs);
    after.set(told.lot, {
      ...layer,
      expiresOn: told.expiresOn ?? layer.expiresOn,
      countedAtMs: told.countedAtMs ?? layer.countedAtMs,
    });
  }
  return kept([...after.values()]);
}

/** A lot once, whatever it was taken for. */
export function summed(changes: readonly LotChange[]): LotChange[] {
  const units = new Map<string, number>();
  for (const { lot, onHand = 0 } of changes) units.set(lot, (units.get(lot) ?? 0) + onHand);
  return [...units].map(([lot, onHand]) => ({ lot, onHand }));
}

/** Sets what each lot holds; dates stay known where they are. */
export function lotsRecounted(
  layers: readonly LotLayer[],
  recount: readonly ({ readonly lot: string } & Readonly<Record<LotBucket, number>>)[],
  atMs: number,
): readonly LotLayer[] {
  const after = new Map(layers.map((layer) => [layer.lot, { ...layer, onHand: 0, damaged: 0, qualityControl: 0 }]));
  for (const { lot, onHand, damaged, qualityControl } of recount)
    after.set(lot, { ...(after.get(lot) ?? emptyLayer(lot, atMs)), onHand, damaged, qualityControl });
  return kept([...after.values()]);
}

const emptyLayer = (lot: string, atMs: number): LotLayer => ({
  lot,
  onHand: 0,
  damaged: 0,
  qualityControl: 0,
  expiresOn: null,
  receivedAtMs: atMs,
  countedAtMs: null,
});

/** In the order in which they are taken. Of the empty ones those that came last. */
function kept(layers: readonly LotLayer[]): readonly LotLayer[] {
  const sorted = layers.toSorted(inOrder);
  const empty = sorted.filter(holdsNothing);
  if (empty.length <= MOST_EMPTY_LAYERS) return sorted;
  const forgotten = new Set(
    empty.toSorted((a, b) => a.receivedAtMs - b.receivedAtMs).slice(0, empty.length - MOST_EMPTY_LAYERS),
  );
  return sorted.filter((layer) => !forgotten.has(layer));
}

const NEVER = '~';
function inOrder(a: LotLayer, b: LotLayer): number {
  const [endsA, endsB] = [a.expiresOn ?? NEVER, b.expiresOn ?? NEVER];
  if (endsA !== endsB) return endsA < endsB ? -1 : 1;
  return a.receivedAtMs - b.receivedAtMs || (a.lot < b.lot ? -1 : 1);
}
