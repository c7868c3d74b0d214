/** Rows around the visible ones that are watched too, so that scrolling finds live figures. */
const AROUND = 20;
/** A socket may watch 2,000 SKUs; this leaves room for those that are about to be left. */
export const MOST_WATCHED = 1500;

/** The SKUs on the screen and some around it. */
export function skusAround(skus: readonly string[], first: number, last: number): string[] {
  return skus.slice(Math.max(0, first - AROUND), last + 1 + AROUND).slice(0, MOST_WATCHED);
}

export interface WatchPlan {
  readonly begin: readonly string[];
  readonly end: readonly string[];
  /** Still watched, though scrolled away; since when. */
  readonly leaving: ReadonlyMap<string, number>;
}

interface Watched {
  readonly watched: Iterable<string>;
  readonly wanted: readonly string[];
  readonly leaving: ReadonlyMap<string, number>;
}

/** What scrolled away is watched for `keepMs` more: people scroll back. */
export function planWatch({ watched, wanted, leaving }: Watched, nowMs: number, keepMs: number): WatchPlan {
  const isWanted = new Set(wanted);
  const isWatched = new Set(watched);
  const stillLeaving = new Map<string, number>();
  const end: string[] = [];
  for (const sku of isWatched) {
    if (isWanted.has(sku)) continue;
    const sinceMs = leaving.get(sku) ?? nowMs;
    if (nowMs - sinceMs >= keepMs) end.push(sku);
    else stillLeaving.set(sku, sinceMs);
  }
  const over = isWanted.size + stillLeaving.size - MOST_WATCHED;
  for (const sku of [...stillLeaving.keys()].slice(0, Math.max(0, over))) {
    stillLeaving.delete(sku);
    end.push(sku);
  }
  return { begin: [...isWanted].filter((sku) => !isWatched.has(sku)), end, leaving: stillLeaving };
}
