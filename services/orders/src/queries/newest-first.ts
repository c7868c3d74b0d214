import type { mongo } from 'mongoose';

/** Exclusive below, inclusive above; absent = without end. */
export interface TimeWindow {
  readonly afterMs: number | undefined;
  readonly untilMs: number | undefined;
}
export interface NewestFirst<T> extends TimeWindow {
  readonly nowMs: number;
  readonly limit: number;
  /** Those of a window, newest first. */
  readonly read: (window: TimeWindow, limit: number) => Promise<T[]>;
}

/** How the database goes about the last piece of a list that is read page by page. */
export async function planOfLast<D>(
  page: (read: (cursor: mongo.FindCursor<D>) => Promise<D[]>) => Promise<unknown>,
): Promise<mongo.Document> {
  let plan: mongo.Document = {};
  await page(async (cursor) => {
    plan = await cursor.explain('executionStats');
    return cursor.clone().toArray();
  });
  return plan;
}

const NARROWEST_MS = 1000;
const WIDER = 8;
/** Whoever asks names channels as he likes: of so many kinds the widths are remembered, and no more. */
const MOST_KINDS = 500;
/** Half a year: what is left behind it is read at once. */
const WIDEST_MS = NARROWEST_MS * WIDER ** 8;

/**
 * Pages of a long list, through windows of time that grow until they hold a page: however many documents match, the
 * database is asked for those of a few windows. A page costs the same among a thousand and among a million, also where
 * the server finds all that matches before it counts a page off. The width it took is remembered by `kind`.
 */
export class NewestFirstReader {
  private readonly enoughMs = new Map<string, number>();

  async read<T>(kind: string, { afterMs, untilMs, nowMs, limit, read }: NewestFirst<T>): Promise<T[]> {
    const found: T[] = [];
    let widthMs = Math.max(NARROWEST_MS, (this.enoughMs.get(kind) ?? 0) / WIDER);
    // Above the newest there is no end: clocks of the brokers may be ahead.
    let topMs = untilMs;
    for (;;) {
      const bottomMs = (topMs ?? nowMs) - widthMs;
      const isLast = widthMs >= WIDEST_MS || (afterMs !== undefined && bottomMs <= afterMs);
      const window = { afterMs: isLast ? afterMs : bottomMs, untilMs: topMs };
      found.push(...(await read(window, limit - found.length)));
      if (isLast || found.length >= limit) {
        this.remember(kind, widthMs);
        return found;
      }
      topMs = bottomMs;
      widthMs *= WIDER;
    }
  }

  private remember(kind: string, widthMs: number): void {
    this.enoughMs.delete(kind);
    const [oldest] = this.enoughMs.keys();
    if (this.enoughMs.size >= MOST_KINDS && oldest !== undefined) this.enoughMs.delete(oldest);
    this.enoughMs.set(kind, widthMs);
  }
}

/** What a window and the place of a page say of documents sorted by time and id, both falling. */
export function olderThan(
  field: string,
  { afterMs, untilMs }: TimeWindow,
  last: { readonly atMs: number; readonly id: string } | undefined,
): Record<string, unknown> {
  const range = {
    ...(afterMs === undefined ? {} : { $gt: new Date(afterMs) }),
    ...(untilMs === undefined ? {} : { $lte: new Date(untilMs) }),
  };
  const isHere = last !== undefined && last.atMs === untilMs;
  return {
    ...(afterMs === undefined && untilMs === undefined ? {} : { [field]: range }),
    // Beside the range, which alone bounds the index: with the `$or` alone all newer ones are passed over one by one.
    ...(isHere ? { $or: [{ [field]: { $lt: new Date(last.atMs) } }, { _id: { $lt: last.id } }] } : {}),
  };
}
