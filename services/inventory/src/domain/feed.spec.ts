import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Feed, judgeFeed, newFeed, observeFeed } from './feed.js';

const SOURCE = 'wms-7';
const RULES = { quietAfterMs: 900_000, gapGraceMs: 60_000 };
const seen = (before: Feed, atMs: number, ...sequences: number[]): Feed =>
  observeFeed(before, { source: SOURCE, sequences, atMs, isHeartbeat: false }).feed;
const beat = (before: Feed, atMs: number) =>
  observeFeed(before, { source: SOURCE, sequences: [], atMs, isHeartbeat: true });

describe('the numbers of a source', () => {
  it('leave no gap when they come out of order', () => {
    const feed = seen(seen(seen(newFeed(SOURCE), 0, 10, 13), 1, 12), 2, 11);
    expect(feed).toMatchObject({ seenTo: 13, ahead: [] });
  });
  it('begin with the first that is seen', () => {
    expect(seen(newFeed(SOURCE), 0, 1_000_000)).toMatchObject({ seenTo: 1_000_000, ahead: [] });
  });
  it('are told missing once, after a while', () => {
    const feed = seen(newFeed(SOURCE), 0, 1, 2, 5, 9);
    expect(judgeFeed(feed, 59_999, RULES).risks).toEqual([]);
    const told = judgeFeed(feed, 60_000, RULES);
    expect(told.risks.map(({ type, detail }) => [type, detail])).toEqual([
      ['sequence_gap', 'numbers 3 to 4 never came'],
      ['sequence_gap', 'numbers 6 to 8 never came'],
    ]);
    expect(judgeFeed(told.feed, 120_000, RULES).risks).toEqual([]);
  });
  it('that come after all close their gap', () => {
    const told = judgeFeed(seen(newFeed(SOURCE), 0, 1, 3), 60_000, RULES).feed;
    expect(judgeFeed(seen(told, 61_000, 2), 200_000, RULES)).toMatchObject({
      risks: [],
      feed: { seenTo: 3, ahead: [] },
    });
  });
  it('of a source that skips without end are given up from the oldest, and told', () => {
    const odd = Array.from({ length: 300 }, (_, i) => 2 * i + 1);
    const { feed, risks } = observeFeed(newFeed(SOURCE), {
      source: SOURCE,
      sequences: odd,
      atMs: 0,
      isHeartbeat: false,
    });
    expect(feed.ahead.length).toBeLessThanOrEqual(100);
    expect(risks[0]?.detail).toBe('numbers 2 to 2 never came');
    expect(risks.length + feed.ahead.length).toBe(299);
  });
  it('are the same whatever their order and grouping', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });
    fc.assert(
      fc.property(
        numbers.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        fc.integer({ min: 1, max: 7 }),
        ([list, shuffled], size) => {
          let one = seen(newFeed(SOURCE), 0, 0, ...list);
          let other = seen(newFeed(SOURCE), 0, 0);
          for (let i = 0; i < shuffled.length; i += size) other = seen(other, 0, ...shuffled.slice(i, i + size));
          expect(other).toEqual(one);
          one = seen(one, 0, ...shuffled);
          expect(one).toEqual(other);
        },
      ),
    );
  });
});

describe('a source that says it is alive', () => {
  it('is told quiet once, and heard again', () => {
    const { feed } = beat(newFeed(SOURCE), 0);
    expect(judgeFeed(feed, 900_000, RULES).risks).toEqual([]);
    const quiet = judgeFeed(feed, 900_001, RULES);
    expect(quiet.risks).toMatchObject([{ type: 'feed_quiet', subject: SOURCE }]);
    expect(judgeFeed(quiet.feed, 2_000_000, RULES).risks).toEqual([]);
    expect(beat(quiet.feed, 2_000_001).risks).toMatchObject([{ type: 'feed_back' }]);
  });
  it('is not missed while its records come, and a till that never says so may rest', () => {
    const { feed } = beat(newFeed(SOURCE), 0);
    expect(judgeFeed(seen(feed, 800_000, 1), 1_000_000, RULES).risks).toEqual([]);
    expect(judgeFeed(seen(newFeed(SOURCE), 0, 1), 90_000_000, RULES).risks).toEqual([]);
  });
});
