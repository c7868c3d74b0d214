import { beforeEach, describe, expect, it } from '@jest/globals';
import { PassingError } from './errors.js';
import type { Image } from './image.js';
import { silentLog } from './log.js';
import { ManualClock, settle } from './testing/manual-clock.js';
import { UnflushedImages } from './unflushed-images.js';
import { HURRY_FROM_IMAGES, WriteBehind } from './write-behind.js';

const images = (count: number, version = 1): Image[] =>
  Array.from({ length: count }, (_, i) => ({ group: `g${i}`, key: `k${i}`, version, state: {} }));

describe('writing behind', () => {
  let clock: ManualClock;
  let unflushed: UnflushedImages;
  let chunks: number[];
  let forgotten: string[];
  let fatal: Error[];
  let flush: (chunk: readonly Image[]) => Promise<void>;
  let publishing: (partition: number) => Promise<boolean> | undefined;
  const begin = (): WriteBehind => {
    const behind = new WriteBehind({
      unflushed,
      flush: (chunk) => flush(chunk),
      forget: async (ids) => void forgotten.push(...ids),
      publishing: (partition) => publishing(partition),
      clock,
      log: silentLog,
      onFatal: (error) => fatal.push(error),
    });
    behind.start();
    return behind;
  };
  beforeEach(() => {
    clock = new ManualClock();
    unflushed = new UnflushedImages();
    [chunks, forgotten, fatal] = [[], [], []];
    flush = async (chunk) => void chunks.push(chunk.length);
    publishing = () => undefined;
  });

  it('forgets nothing before it is published, and lets no other partition wait for that', async () => {
    let published: (is: boolean) => void = () => {};
    const ofTheFirst = new Promise<boolean>((resolve) => {
      published = resolve;
    });
    publishing = (partition) => (partition === 0 ? ofTheFirst : undefined);
    begin();
    unflushed.committed(0, ['a'], images(1), clock.now());
    unflushed.committed(1, ['b'], images(2), clock.now());
    await clock.advance(8000);
    expect([chunks, forgotten]).toEqual([[1, 2], ['b']]);
    published(true);
    await settle();
    expect([chunks, forgotten, unflushed.size]).toEqual([[1, 2], ['b', 'a'], 0]);
  });

  it('keeps what will have to be published again', async () => {
    publishing = async () => false;
    begin();
    unflushed.committed(0, ['a'], images(1), clock.now());
    await clock.advance(8000);
    expect([forgotten, unflushed.size, fatal]).toEqual([[], 1, []]);
    publishing = () => undefined;
    await clock.advance(1000);
    expect([forgotten, unflushed.size]).toEqual([['a'], 0]);
  });

  it('waits for further changes, then writes in chunks and forgets what was stored', async () => {
    begin();
    unflushed.committed(0, ['a', 'b'], images(60), clock.now());
    await clock.advance(4500);
    expect(chunks).toEqual([]);
    await clock.advance(1500);
    expect(chunks).toEqual([25, 25, 10]);
    expect(forgotten).toEqual(['a', 'b']);
    expect(unflushed.size).toBe(0);
  });

  it('forgets nothing before all is written, and tries again what failed for a while', async () => {
    let failures = 2;
    flush = async (chunk) => {
      if (failures-- > 0) throw new PassingError('the server is away');
      chunks.push(chunk.length);
    };
    begin();
    unflushed.committed(0, ['a'], images(10), clock.now());
    await clock.advance(5500);
    expect(forgotten).toEqual([]);
    await clock.advance(1500);
    expect([chunks, forgotten, fatal]).toEqual([[10], ['a'], []]);
  });

  it('one-partition-kept-all-waiting: what cannot be written for one keeps no other from being written', async () => {
    let isLocked = true;
    flush = async (chunk) => {
      if (isLocked && chunk[0]!.group === 'locked') throw new PassingError('somebody else is writing the same levels');
      chunks.push(chunk.length);
    };
    begin();
    unflushed.committed(0, ['a'], [{ group: 'locked', key: 'k', version: 1, state: {} }], clock.now());
    unflushed.committed(1, ['b'], images(10), clock.now());
    await clock.advance(8000);
    expect([chunks, forgotten]).toEqual([[10], ['b']]);
    isLocked = false;
    await clock.advance(1000);
    expect([chunks, forgotten, fatal]).toEqual([[10, 1], ['b', 'a'], []]);
  });

  it('halves what is too much for one transaction', async () => {
    flush = async (chunk) => {
      if (chunk.length > 10) throw Object.assign(new Error('too much'), { codeName: 'TransactionTooLargeForCache' });
      chunks.push(chunk.length);
    };
    begin();
    unflushed.committed(0, ['a'], images(20), clock.now());
    await clock.advance(6000);
    expect([chunks, forgotten]).toEqual([[10, 10], ['a']]);
  });

  it('ends the process on what time does not mend', async () => {
    flush = () => Promise.reject(new Error('a defect'));
    begin();
    unflushed.committed(0, ['a'], images(1), clock.now());
    await clock.advance(6000);
    expect(fatal.map(({ message }) => message)).toEqual(['a defect']);
    expect(forgotten).toEqual([]);
  });

  it('leaves a partition that went to somebody else to its new owner', async () => {
    flush = async (chunk) => {
      chunks.push(chunk.length);
      unflushed.released(0);
    };
    begin();
    unflushed.committed(0, ['a'], images(250), clock.now());
    await clock.advance(8000);
    expect([chunks, forgotten]).toEqual([[25], []]);
  });

  it('writes at once what is left when it is stopped', async () => {
    const behind = begin();
    await settle();
    unflushed.committed(0, ['a'], images(3), clock.now());
    const stopped = behind.stop(1000);
    await clock.advance(500);
    await stopped;
    expect([chunks, forgotten]).toEqual([[3], ['a']]);
  });

  it('says when too much waits', () => {
    const behind = begin();
    unflushed.committed(0, ['a'], images(2 * HURRY_FROM_IMAGES - 1), clock.now());
    expect(behind.isFull(0)).toBe(false);
    unflushed.committed(0, ['b'], [{ group: 'g', key: 'one more', version: 1, state: {} }], clock.now());
    expect(behind.isFull(0)).toBe(true);
    expect(behind.isFull(1)).toBe(false);
  });

  it('writes a partition that is nearly full before those that waited longer, and none of them slowly', async () => {
    const order: string[] = [];
    flush = async (chunk) => void order.push(chunk[0]!.group);
    unflushed.committed(0, ['early'], [{ group: 'calm', key: 'k', version: 1, state: {} }], clock.now());
    unflushed.committed(1, ['late'], images(HURRY_FROM_IMAGES), clock.now());
    begin();
    await clock.advance(6000);
    await settle();
    expect(order[0]).toBe('g0');
    expect(order).toContain('calm');
    expect(forgotten).toEqual(['late', 'early']);
  });
});
