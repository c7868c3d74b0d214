import { type Feed, type FeedRules, feedDueAtMs } from '../domain/feed.js';
import type { FeedWrites } from '../feeds.repository.js';

/** What is committed, as the database would hold it. Passes feeds-repository.contract.ts. */
export class MemoryFeedsRepository {
  readonly feeds = new Map<string, { readonly partition: number; readonly feed: Feed }>();

  async findMany(sources: readonly string[]): Promise<Map<string, Feed>> {
    return new Map(
      sources.flatMap((source) => {
        const found = this.feeds.get(source);
        return found ? [[source, found.feed] as const] : [];
      }),
    );
  }

  async findEarliestDueMs(partition: number, rules: FeedRules): Promise<number | undefined> {
    const own = [...this.feeds.values()].filter((one) => one.partition === partition);
    const dues = own.flatMap(({ feed }) => feedDueAtMs(feed, rules) ?? []);
    return dues.length > 0 ? Math.min(...dues) : undefined;
  }

  async findDue(partition: number, nowMs: number, rules: FeedRules, limit: number): Promise<Feed[]> {
    const own = [...this.feeds.values()].filter((one) => one.partition === partition).map(({ feed }) => feed);
    const quiet = own.filter((feed) => feed.beats && !feed.isQuiet && feed.lastSeenAtMs < nowMs - rules.quietAfterMs);
    const open = own.filter(({ ahead }) =>
      ahead.some(({ reported, sinceMs }) => !reported && sinceMs <= nowMs - rules.gapGraceMs),
    );
    return [...new Set([...quiet.slice(0, limit), ...open.slice(0, limit)])];
  }

  write({ feeds }: FeedWrites): void {
    for (const each of feeds) this.feeds.set(each.feed.source, each);
  }
}
