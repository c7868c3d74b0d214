import { describe, expect, it } from '@jest/globals';
import type { Image } from './image.js';
import { UnflushedImages } from './unflushed-images.js';

const image = (key: string, version: number): Image => ({ group: key[0]!, key, version, state: { version } });
const versionsIn = (images: Iterable<Image>): Record<string, number> =>
  Object.fromEntries([...images].map(({ key, version }) => [key, version]));

describe('images that are not written yet', () => {
  it('shows the newest of each document of a group, while it is being written too', () => {
    const unflushed = new UnflushedImages();
    unflushed.committed(0, ['1'], [image('a1', 1), image('a2', 1), image('b1', 1)], 0);
    const round = unflushed.beginRound(0)!;
    unflushed.committed(0, ['2'], [image('a1', 2), image('a3', 2)], 10);
    expect(versionsIn(unflushed.imagesOf(0, 'a'))).toEqual({ a1: 2, a2: 1, a3: 2 });
    expect([...unflushed.groups(0)].sort()).toEqual(['a', 'b']);
    round.ended();
    expect(versionsIn(unflushed.imagesOf(0, 'a'))).toEqual({ a1: 2, a3: 2 });
    expect(unflushed.imagesOf(0, 'b')).toEqual([]);
  });

  it('writes a document once that changed many times, and leaves what changed again to the next round', () => {
    const unflushed = new UnflushedImages();
    for (let version = 1; version <= 9; version++) unflushed.committed(0, [`${version}`], [image('a1', version)], 0);
    unflushed.committed(0, ['10'], [image('a2', 10)], 0);
    const round = unflushed.beginRound(0)!;
    expect(round.storedIds).toHaveLength(10);
    unflushed.committed(0, ['11'], [image('a2', 11)], 0);
    expect(versionsIn(round.images())).toEqual({ a1: 9 });
    round.ended();
    const next = unflushed.beginRound(0)!;
    expect(versionsIn(next.images())).toEqual({ a2: 11 });
    expect(next.storedIds).toEqual(['11']);
  });

  it('has one round at a time, of what has waited long enough', () => {
    const unflushed = new UnflushedImages();
    expect(unflushed.beginRound(0)).toBeUndefined();
    unflushed.committed(1, ['1'], [image('a1', 1)], 1000);
    unflushed.committed(0, ['2'], [image('b1', 1)], 2000);
    expect(unflushed.due(999)).toEqual([]);
    expect(unflushed.due(5000)).toEqual([1, 0]);
    const round = unflushed.beginRound(1)!;
    expect(unflushed.beginRound(1)).toBeUndefined();
    expect(unflushed.due(5000)).toEqual([0]);
    round.ended();
    expect(unflushed.sizeOf(1)).toBe(0);
  });

  it('begins a claim with what was stored, whatever was held before; a round of an earlier claim ends nothing', () => {
    const unflushed = new UnflushedImages();
    unflushed.committed(0, ['mine'], [image('a1', 5)], 0);
    const round = unflushed.beginRound(0)!;
    unflushed.claimed(
      0,
      [
        { id: 'newer', json: JSON.stringify([image('a1', 8)]) },
        { id: 'older', json: JSON.stringify([image('a1', 7), image('a2', 7)]) },
      ],
      0,
    );
    expect(round.isCurrent()).toBe(false);
    round.ended();
    expect(versionsIn(unflushed.imagesOf(0, 'a'))).toEqual({ a1: 8, a2: 7 });
    expect(unflushed.beginRound(0)!.storedIds).toEqual(['newer', 'older']);
    unflushed.released(0);
    expect(unflushed.size).toBe(0);
  });
});
