import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Feed, feedDueAtMs, newFeed } from '../domain/feed.js';
import type { FeedsRepository, FeedWrites } from '../feeds.repository.js';

export interface FeedsUnderTest {
  readonly repository: Pick<FeedsRepository, 'findMany' | 'findDue' | 'findEarliestDueMs'>;
  /** In a transaction of its own. */
  readonly write: (writes: FeedWrites) => Promise<void>;
}
const RULES = { quietAfterMs: 1000, gapGraceMs: 500 };

/** What every store of feeds promises. Each call of `setUp` gives an empty one. */
export function describeFeedsRepository(name: string, setUp: () => Promise<FeedsUnderTest>): void {
  describe(`feeds: ${name}`, () => {
    let under: FeedsUnderTest;
    beforeEach(async () => {
      under = await setUp();
    });
    const feed = (source: string, fields: Partial<Feed> = {}): Feed => ({
      ...newFeed(source),
      lastSeenAtMs: 10_000,
      ...fields,
    });
    const keep = (...feeds: Feed[]) => under.write({ feeds: feeds.map((each) => ({ partition: 1, feed: each })) });
    const due = async (partition: number, nowMs: number, limit = 10) =>
      (await under.repository.findDue(partition, nowMs, RULES, limit)).map(({ source }) => source).toSorted();

    it('finds what was written last, whole, and nothing else', async () => {
      const ahead = [{ from: 5, to: 7, sinceMs: 9000, reported: true }];
      await keep(feed('a'), feed('b', { seenTo: 3, ahead, beats: true, isQuiet: true }));
      await keep(feed('a', { seenTo: 2 }));
      expect(await under.repository.findMany(['a', 'b', 'c'])).toEqual(
        new Map([
          ['a', feed('a', { seenTo: 2 })],
          ['b', feed('b', { seenTo: 3, ahead, beats: true, isQuiet: true })],
        ]),
      );
      expect(await under.repository.findMany([])).toEqual(new Map());
    });

    it('finds who says that he is alive and was not heard for too long', async () => {
      await keep(feed('beats', { beats: true }), feed('told', { beats: true, isQuiet: true }), feed('never'));
      expect(await due(1, 11_000)).toEqual([]);
      expect(await due(1, 11_001)).toEqual(['beats']);
      expect(await due(0, 99_000)).toEqual([]);
    });

    it('finds whose numbers are missed for long enough and not told', async () => {
      const range = (sinceMs: number, reported: boolean) => ({ from: 5, to: 5, sinceMs, reported });
      await keep(
        feed('open', { ahead: [range(10_000, true), { ...range(10_200, false), from: 9, to: 9 }] }),
        feed('told', { ahead: [range(1000, true)] }),
      );
      expect(await due(1, 10_699)).toEqual([]);
      expect(await due(1, 10_700)).toEqual(['open']);
    });

    it('says when the first of a partition is due, and none is before', async () => {
      const earliest = (partition: number) => under.repository.findEarliestDueMs(partition, RULES);
      expect(await earliest(1)).toBeUndefined();
      const gap = (sinceMs: number, reported = false) => ({ from: 5, to: 5, sinceMs, reported });
      const never = [feed('silent'), feed('told', { beats: true, isQuiet: true, ahead: [gap(1, true)] })];
      await keep(...never);
      expect([await earliest(1), ...never.map((one) => feedDueAtMs(one, RULES))]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      const [beats, gone] = [feed('beats', { beats: true }), feed('gone', { beats: true, ahead: [gap(9000)] })];
      await keep(beats);
      expect([await earliest(1), feedDueAtMs(beats, RULES), await due(1, 11_000)]).toEqual([11_001, 11_001, []]);
      await keep(gone);
      expect([await earliest(1), feedDueAtMs(gone, RULES), await due(1, 9499)]).toEqual([9500, 9500, []]);
      expect(await due(1, 9500)).toEqual(['gone']);
      expect(await earliest(0)).toBeUndefined();
    });

    it('finds each once, and no more than are asked for', async () => {
      const ahead = [{ from: 5, to: 5, sinceMs: 1, reported: false }];
      await keep(feed('a', { beats: true, ahead }));
      expect(await due(1, 99_000)).toEqual(['a']);
      await keep(feed('b', { beats: true }), feed('c', { beats: true }));
      expect((await due(1, 99_000, 2)).length).toBeLessThanOrEqual(3);
    });
  });
}
