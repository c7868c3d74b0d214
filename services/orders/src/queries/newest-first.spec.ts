import { describe, expect, it } from '@jest/globals';
import { NewestFirstReader, olderThan, otherThan, type TimeWindow } from './newest-first.js';

const NOW_MS = 1_000_000_000_000;

/** Documents are their times; `read` counts how many a window holds, which is what the server looks at. */
function scene(timesMs: readonly number[]) {
  const windows: TimeWindow[] = [];
  let looked = 0;
  const reader = new NewestFirstReader();
  const page = (limit: number, over: Partial<TimeWindow> = {}, kind = 'all', of?: string) =>
    reader.read(
      { kind, of },
      {
        afterMs: undefined,
        untilMs: undefined,
        nowMs: NOW_MS,
        limit,
        atMsOf: (atMs: number) => atMs,
        ...over,
        read: (window, most) => {
          windows.push(window);
          const { afterMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = window;
          const inside = timesMs.filter((atMs) => atMs > afterMs && atMs <= untilMs);
          looked += inside.length;
          return Promise.resolve(inside.toSorted((a, b) => b - a).slice(0, most));
        },
      },
    );
  return { page, windows, looked: () => looked };
}
const every = (ms: number, count: number) => Array.from({ length: count }, (_, i) => NOW_MS - i * ms);

describe('a page of a long list', () => {
  it('holds the newest ones, in order, whatever lies between them', async () => {
    const timesMs = [NOW_MS + 5000, NOW_MS, NOW_MS - 3000, NOW_MS - 86_400_000, NOW_MS - 900 * 86_400_000];
    for (const limit of [1, 2, 3, 4, 5, 6]) expect(await scene(timesMs).page(limit)).toEqual(timesMs.slice(0, limit));
  });

  it('looks at a few times its length, however long the list is', async () => {
    const { page, looked } = scene(every(2000, 100_000));
    expect(await page(50)).toHaveLength(50);
    expect(looked()).toBeLessThan(50 * 3 + 50);
  });

  it('of the same kind begins with the window that was enough', async () => {
    const { page, windows } = scene(every(600_000, 1000));
    await page(50);
    const first = windows.length;
    await page(50);
    expect(first).toBeGreaterThan(5);
    expect(windows.length - first).toBe(1);
    await page(50, {}, 'another');
    expect(windows.length - first - 1).toBe(first);
  });

  it('of kinds that anybody made up filled the memory', async () => {
    const { page, windows } = scene(every(600_000, 1000));
    await page(50, {}, 'ours');
    const first = windows.length;
    for (let i = 0; i < 1999; i += 1) await page(1, {}, `made up ${i}`);
    const known = windows.length;
    await page(50, {}, 'ours');
    expect(windows.length - known).toBe(1);
    // The one that nobody has asked for the longest is forgotten, and looked for anew.
    for (let i = 0; i < 2000; i += 1) await page(1, {}, `another ${i}`);
    const later = windows.length;
    await page(50, {}, 'ours');
    expect(windows.length - later).toBe(first);
  });

  it('that is never full takes one look from the second time on', async () => {
    const { page, windows } = scene(every(86_400_000 * 30, 20));
    await page(50);
    const first = windows.length;
    expect(await page(50)).toHaveLength(20);
    expect(windows.length - first).toBe(1);
  });

  it('begins where the last one of its kind ended, and looks at little more than a page', async () => {
    const { page, windows, looked } = scene(every(2000, 100_000));
    await page(50);
    const [first, before] = [windows.length, looked()];
    await page(50, { untilMs: NOW_MS - 100_000_000 });
    await page(50, {}, 'all', 'of a store that nobody has asked for');
    expect(windows.length - first).toBe(2);
    expect(looked() - before).toBeLessThan(2 * 50 * 1.4);
  });

  it('after the last page of all read the whole list at once', async () => {
    const { page, looked } = scene(every(2000, 100_000));
    await page(50);
    expect(await page(50, { untilMs: NOW_MS - 99_990 * 2000 })).toHaveLength(10);
    const before = looked();
    await page(50);
    expect(looked() - before).toBeLessThan(100);
  });

  it('after one that lies across a pause read as long a time where many are', async () => {
    const old = every(2000, 1000).map((atMs) => atMs - 86_400_000 * 30);
    const { page, looked } = scene([...every(2000, 100_000), ...old]);
    await page(50);
    expect(await page(50, { untilMs: NOW_MS - 99_980 * 2000 })).toHaveLength(50);
    const before = looked();
    await page(50);
    expect(looked() - before).toBeLessThan(50 * 5);
  });

  it('of a store that has few did not say that others have few too', async () => {
    const { page, windows, looked } = scene(every(2000, 100_000));
    const few = { afterMs: NOW_MS - 1, untilMs: undefined };
    await page(50, {}, 'of a store', 'large');
    await page(50, few, 'of a store', 'new');
    const [first, before] = [windows.length, looked()];
    await page(50, {}, 'of a store', 'another large');
    expect(windows.length - first).toBe(1);
    expect(looked() - before).toBeLessThan(100);
  });

  it('ends at the bounds that were asked for', async () => {
    const { page, windows } = scene(every(1000, 100));
    expect(await page(50, { afterMs: NOW_MS - 5000, untilMs: NOW_MS - 2000 })).toEqual([
      NOW_MS - 2000,
      NOW_MS - 3000,
      NOW_MS - 4000,
    ]);
    expect(windows.at(-1)!.afterMs).toBe(NOW_MS - 5000);
  });

  it('of nothing is empty after a few looks, and at the second time after one', async () => {
    const { page, windows } = scene([]);
    expect(await page(50)).toEqual([]);
    const first = windows.length;
    expect(first).toBeLessThan(20);
    expect(await page(50)).toEqual([]);
    expect(windows.length - first).toBe(1);
  });
});

describe('what bounds an index', () => {
  const window = { afterMs: 1, untilMs: 5 };
  const last = { atMs: 5, id: 'B' };
  const [after, until] = [new Date(1), new Date(5)];

  it('stood beside what is looked at in documents: the whole of a state was read for each page', () => {
    const equal = { state: 'WAITING' };
    const refused = [{ foreign: true }, otherThan('channel', 'web')];
    const seen = { $and: [{ $eq: ['$placedAt', until] }, { $gte: ['$_id', { $literal: 'B' }] }] };
    expect(olderThan({ equal, time: 'placedAt', window }, last, refused)).toEqual({
      $and: [
        { state: 'WAITING', placedAt: { $gt: after, $lte: until } },
        { $nor: [{ foreign: true }, { channel: { $ne: 'web' } }, { $expr: seen }] },
      ],
    });
  });

  it('had one end only over an array: all orders of a store that are older, or newer, were read', () => {
    const bounds = { equal: { stores: 's1' }, isOverArray: true, time: 'placedAt' };
    expect(olderThan({ ...bounds, window }, undefined, [{ foreign: true }])).toEqual({
      $and: [
        { $or: [{ stores: 's1', placedAt: { $gt: after } }] },
        { $or: [{ stores: 's1', placedAt: { $lte: until } }] },
        { $nor: [{ foreign: true }] },
      ],
    });
    expect(olderThan({ ...bounds, window: { afterMs: 1, untilMs: undefined } }, undefined)).toEqual({
      stores: 's1',
      placedAt: { $gt: after },
    });
  });
});
