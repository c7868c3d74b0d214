import { describe, expect, it } from '@jest/globals';
import { addPoint, type Point, sparkArea, sparkPath } from './spark-path.js';

const frame = { nowMs: 100, windowMs: 100, width: 50, height: 20 };

describe('points of the last minutes', () => {
  it('are those within the time, and the one before them', () => {
    let points: readonly Point[] = [];
    for (const atMs of [0, 50, 160]) points = addPoint(points, { atMs, value: atMs }, 100);
    expect(points.map(({ atMs }) => atMs)).toEqual([50, 160]);
  });
  it('stay few however often stock changes, and the newest value is always there', () => {
    let points: readonly Point[] = [];
    for (let atMs = 0; atMs < 600_000; atMs += 20) points = addPoint(points, { atMs, value: atMs }, 300_000);
    expect(points.length).toBeLessThan(210);
    expect(points.at(-1)!.value).toBe(599_980);
  });
  it('keep the first value when a change follows at once', () => {
    const points = addPoint(addPoint([], { atMs: 0, value: 9 }, 100_000), { atMs: 1, value: 8 }, 100_000);
    expect(points.map(({ value }) => value)).toEqual([9, 8]);
  });
});

describe('spark line', () => {
  it('is nothing without points and level with one', () => {
    expect(sparkPath([], frame)).toBe('');
    expect(sparkArea([], frame)).toBe('');
    expect(sparkPath([{ atMs: 50, value: 7 }], frame)).toMatch(/^M25 \d+(\.\d+)?H50$/);
  });
  it('goes in steps up to now, between the margins', () => {
    const points = [
      { atMs: 0, value: 10 },
      { atMs: 50, value: 0 },
    ];
    expect(sparkPath(points, frame)).toBe('M0 3H25V17H50');
    expect(sparkArea(points, frame)).toBe('M0 3H25V17H50V20H0Z');
  });
  it('shows a small change of a large stock', () => {
    const [from, to] = sparkPath(
      [
        { atMs: 0, value: 10_000 },
        { atMs: 50, value: 9_998 },
      ],
      frame,
    )
      .match(/M0 ([\d.]+)H25V([\d.]+)/)!
      .slice(1)
      .map(Number);
    expect(to! - from!).toBeGreaterThan(5);
  });
  it('begins at the edge for what is older and ends at it for what is newer', () => {
    expect(
      sparkPath(
        [
          { atMs: -500, value: 1 },
          { atMs: 120, value: 1 },
        ],
        frame,
      ),
    ).toMatch(/^M0 .*H50V.*H50$/);
  });
});
