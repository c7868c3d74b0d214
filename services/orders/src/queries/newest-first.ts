import type { mongo } from 'mongoose';

/** Exclusive below, inclusive above; absent = without end. */
export interface TimeWindow {
  readonly afterMs: number | undefined;
  readonly untilMs: number | undefined;
}
/** `kind` = lists that lie about as dense; `of` = whose list of that kind. */
export interface ListName {
  readonly kind: string;
  readonly of?: string | undefined;
}
export interface NewestFirst<T> extends TimeWindow {
  readonly nowMs: number;
  readonly limit: number;
  readonly atMsOf: (found: T) => number;
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
/** With more, the last window holds many more than a page; with less, the first page of a kind takes more of them. */
const WIDER = 3;
/** As long as the last page and a little: the next one seldom needs a second look then, and leaves little over. */
const SPARE = 1.3;
/** Whoever asks names channels as he likes: of so many lists the depths are remembered, and no more. */
const MOST_LISTS = 2000;
/** Five months: what is left behind it is read at once. */
const DEEPEST_MS = NARROWEST_MS * WIDER ** 15;

/**
 * Pages of a long list, through windows of time that grow until they hold a page: however many documents match, the
 * database is asked for those of a few windows. A page costs the same among a thousand and among a million, also where
 * the server finds all that matches before it counts a page off. How deep the last page reached is remembered.
 */
export class NewestFirstReader {
  private readonly enoughMs = new Map<string, number>();

  async read<T>(
    { kind, of }: ListName,
    { afterMs, untilMs, nowMs, limit, atMsOf, read }: NewestFirst<T>,
  ): Promise<T[]> {
    const found: T[] = [];
    const startMs = untilMs ?? nowMs;
    const own = of === undefined ? kind : `${kind}/${of}`;
    let depthMs = this.enoughMs.get(own) ?? this.enoughMs.get(kind) ?? NARROWEST_MS;
    // Above the newest there is no end: clocks of the brokers may be ahead.
    let topMs = untilMs;
    for (;;) {
      const bottomMs = startMs - depthMs;
      const isLast = depthMs >= DEEPEST_MS || (afterMs !== undefined && bottomMs <= afterMs);
      const window = { afterMs: isLast ? afterMs : bottomMs, untilMs: topMs };
      found.push(...(await read(window, limit - found.length)));
      const last = found.at(-1);
      if (last !== undefined && found.length >= limit) {
        const enoughMs = (startMs - atMsOf(last)) * SPARE;
        for (const list of new Set([kind, own])) this.remember(list, enoughMs);
        return found;
      }
      if (isLast) {
        // What is short from its top on is short as a whole; the last page of a long list says nothing of others.
        if (untilMs === undefined) this.set(own, Math.min(depthMs, startMs - (afterMs ?? Number.NEGATIVE_INFINITY)));
        return found;
      }
      topMs = bottomMs;
      depthMs *= WIDER;
    }
  }

  /** Deeper by steps: a page that lies across a pause would make the next one read as long a time where many are. */
  private remember(list: string, depthMs: number): void {
    this.set(list, Math.min(depthMs, (this.enoughMs.get(list) ?? Number.POSITIVE_INFINITY) * WIDER));
  }

  private set(list: string, depthMs: number): void {
    this.enoughMs.delete(list);
    const [oldest] = this.enoughMs.keys();
    if (this.enoughMs.size >= MOST_LISTS && oldest !== undefined) this.enoughMs.delete(oldest);
    this.enoughMs.set(list, Math.max(NARROWEST_MS, depthMs));
  }
}

type Conditions = Readonly<Record<string, unknown>>;

/** Equality of an index's first fields and a window of the time that follows them in it, before `_id`. */
export interface Bounds {
  readonly equal: Conditions;
  /** One of the first fields is an array. */
  readonly isOverArray?: boolean;
  readonly time: string;
  readonly window: TimeWindow;
}

/** Of documents that are looked at: this one has another value, so it is none of those that are asked for. */
export const otherThan = (field: string, value: unknown): Conditions => ({ [field]: { $ne: value } });

const isAt = (time: string, atMs: number) => ({ $eq: [`$${time}`, new Date(atMs)] });

/**
 * Documents sorted by time and id, both falling, that come after the last one seen and are none of the `refused`. What
 * bounds the index stands by itself, everything that is looked at in a document in one `$nor`: with both in one piece, or with an
 * `$or`, SecantusDB reads all that is equal in the first field. Of an index over an array it takes one end of a window, so
 * each end has its piece there, and it cuts them. MongoDB makes the same of all of them.
 */
export function olderThan(
  { equal, isOverArray = false, time, window: { afterMs, untilMs } }: Bounds,
  last: { readonly atMs: number; readonly id: string } | undefined,
  refused: readonly Conditions[] = [],
): Record<string, unknown> {
  const ends: Conditions[] = [];
  if (afterMs !== undefined) ends.push({ $gt: new Date(afterMs) });
  if (untilMs !== undefined) ends.push({ $lte: new Date(untilMs) });
  const within = (end: Conditions) => ({ ...equal, [time]: end });
  const isCut = isOverArray && ends.length === 2;
  const own = ends.length === 0 ? equal : within(Object.assign({}, ...ends));
  const bounds = isCut ? ends.map((end) => ({ $or: [within(end)] })) : Object.keys(own).length > 0 ? [own] : [];
  const isHere = last !== undefined && last.atMs === untilMs;
  // As an expression: of a condition SecantusDB's planner takes the end of `_id` for a bound, and may choose that index.
  const seen = isHere ? [{ $expr: { $and: [isAt(time, last.atMs), { $gte: ['$_id', { $literal: last.id }] }] } }] : [];
  const looked = [...refused, ...seen];
  const all = [...bounds, ...(looked.length > 0 ? [{ $nor: looked }] : [])];
  return all.length > 1 ? { $and: all } : { ...all[0] };
}
