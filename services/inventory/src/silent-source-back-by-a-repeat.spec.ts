import { expect, it } from '@jest/globals';
import { judgeFeed, newFeed, observeFeed } from './domain/feed.js';

const RULES = { quietAfterMs: 3000, gapGraceMs: 2000 };
const beat = (atMs: number) => ({ source: 'wms', sequences: [], atMs, isHeartbeat: true });

// Seed 9 of the simulator: a new owner of a ledger partition publishes again what the former one had committed, signs of
// life from before the silence among them. Each told "heard again", and the next tick the same silence once more.
it('a source that fell silent is not back because its last sign of life is seen once more', () => {
  const silent = judgeFeed(observeFeed(newFeed('wms'), beat(1000)).feed, 5000, RULES);
  expect(silent.risks.map(({ type }) => type)).toEqual(['feed_quiet']);
  const again = observeFeed(silent.feed, beat(1000));
  expect(again).toEqual({ feed: silent.feed, risks: [] });
  expect(judgeFeed(again.feed, 9000, RULES).risks).toEqual([]);
  expect(observeFeed(again.feed, beat(9500))).toMatchObject({
    feed: { isQuiet: false },
    risks: [{ type: 'feed_back' }],
  });
});
