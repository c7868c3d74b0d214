import { findEarliestMs } from '@shelfline/streaming/mongo-earliest';
import type { TransactionWrites } from '@shelfline/streaming/transaction-writes';
import { type Connection, type mongo, Schema } from 'mongoose';
import type { Feed, FeedRules, SeenRange } from './domain/feed.js';

export interface FeedWrites {
  readonly feeds: readonly { readonly partition: number; readonly feed: Feed }[];
}
export const NO_FEED_WRITES: FeedWrites = { feeds: [] };

interface FeedDocument {
  _id: string;
  partition: number;
  seenTo: number | null;
  ahead: SeenRange[];
  lastSeenAt: Date;
  beats: boolean;
  isQuiet: boolean;
  /** When the oldest gap that was not told yet was noticed. */
  gapSince: Date | null;
}

/** Sources and what was seen of them, in MongoDB. */
export class FeedsRepository {
  private readonly model;

  constructor(connection: Connection) {
    const options = { autoIndex: false, autoCreate: false, versionKey: false, strict: 'throw', collection: 'feeds' };
    const feed = new Schema(
      { _id: String, partition: Number, lastSeenAt: Date, beats: Boolean, isQuiet: Boolean, gapSince: Date },
      options as object,
    )
      .index({ partition: 1, lastSeenAt: 1 })
      .index({ partition: 1, gapSince: 1 });
    this.model = connection.model('Feed', feed);
  }
  private get feeds(): mongo.Collection<FeedDocument> {
    return this.model.collection as unknown as mongo.Collection<FeedDocument>;
  }

  async prepare(): Promise<void> {
    await this.model.createIndexes();
  }

  async findMany(sources: readonly string[]): Promise<Map<string, Feed>> {
    if (sources.length === 0) return new Map();
    const found = await this.feeds.find({ _id: { $in: [...sources] } }).toArray();
    return new Map(found.map((document) => [document._id, toFeed(document)]));
  }

  /** When time alone makes the first risk; undefined = never. */
  async findEarliestDueMs(partition: number, { quietAfterMs, gapGraceMs }: FeedRules): Promise<number | undefined> {
    const [seenMs, gapMs] = await Promise.all([
      findEarliestMs(this.feeds, { partition, beats: true, isQuiet: false }, 'lastSeenAt'),
      findEarliestMs(this.feeds, { partition }, 'gapSince'),
    ]);
    const moments = [
      ...(seenMs === undefined ? [] : [seenMs + quietAfterMs + 1]),
      ...(gapMs === undefined ? [] : [gapMs + gapGraceMs]),
    ];
    return moments.length > 0 ? Math.min(...moments) : undefined;
  }

  /** Those of which time alone makes a risk. */
  async findDue(partition: number, nowMs: number, rules: FeedRules, limit: number): Promise<Feed[]> {
    const quiet = { lastSeenAt: { $lt: new Date(nowMs - rules.quietAfterMs) }, beats: true, isQuiet: false };
    const open = { gapSince: { $ne: null, $lte: new Date(nowMs - rules.gapGraceMs) } };
    const found = new Map<string, Feed>();
    for (const filter of [quiet, open])
      for (const document of await this.feeds
        .find({ partition, ...filter })
        .limit(limit)
        .toArray())
        found.set(document._id, toFeed(document));
    return [...found.values()];
  }

  write({ feeds }: FeedWrites, transaction: TransactionWrites): void {
    transaction.put(
      this.feeds,
      feeds.map(({ partition, feed }) => toDocument(partition, feed)),
    );
  }
}

const toFeed = ({ _id, seenTo, ahead, lastSeenAt, beats, isQuiet }: FeedDocument): Feed => ({
  source: _id,
  seenTo,
  ahead,
  lastSeenAtMs: lastSeenAt.getTime(),
  beats,
  isQuiet,
});

function toDocument(partition: number, { source, lastSeenAtMs, ...rest }: Feed): FeedDocument {
  const untold = rest.ahead.filter(({ reported }) => !reported).map(({ sinceMs }) => sinceMs);
  return {
    _id: source,
    partition,
    seenTo: rest.seenTo,
    ahead: [...rest.ahead],
    lastSeenAt: new Date(lastSeenAtMs),
    beats: rest.beats,
    isQuiet: rest.isQuiet,
    gapSince: untold.length > 0 ? new Date(Math.min(...untold)) : null,
  };
}
