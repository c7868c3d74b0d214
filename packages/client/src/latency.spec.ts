import { describe, expect, it } from '@jest/globals';
import { LatencyRecord } from './latency.js';

describe('latency record', () => {
  it('has no figures until something arrives, and none of what arrived more than a minute ago', () => {
    const record = new LatencyRecord();
    expect(record.figures(0)).toBeUndefined();
    record.add(12, 1_000);
    expect(record.figures(60_999)).toEqual({ p50Ms: 12, p99Ms: 12, updates: 1 });
    expect(record.figures(61_000)).toBeUndefined();
  });
  it('tells the median from the worst', () => {
    const record = new LatencyRecord();
    for (let delayMs = 1; delayMs <= 100; delayMs++) record.add(delayMs, 0);
    expect(record.figures(1)).toEqual({ p50Ms: 51, p99Ms: 100, updates: 100 });
  });
  it('keeps the newest 512 and leaves out what is no number; a clock that is behind counts as 0', () => {
    const record = new LatencyRecord();
    for (let i = 0; i < 600; i++) record.add(i < 88 ? 9_999 : 5, 0);
    record.add(Number.NaN, 0);
    expect(record.figures(1)).toEqual({ p50Ms: 5, p99Ms: 5, updates: 512 });
    for (let i = 0; i < 512; i++) record.add(-3, 0);
    expect(record.figures(1)).toEqual({ p50Ms: 0, p99Ms: 0, updates: 512 });
  });
});
