import { describe, expect, it } from '@jest/globals';
import { backlogOf } from './ledger-backlog.js';
import { noAvailability, noSuchDelta } from './nothing-found.js';

const behind = { records: 12_345, seconds: 45 };

describe('how far the ledger is behind', () => {
  const asked = { nowMs: 50_000, tickEveryMs: 1000 };
  const ends = [
    { partition: 0, end: 1000 },
    { partition: 1, end: 500 },
  ];
  const at = (zero: number, one: number) => [
    { partition: 0, next: zero, newestMs: 10_000 },
    { partition: 1, next: one, newestMs: 40_000 },
  ];

  it('is what stands on the topic beyond the checkpoints, and the age of the newest record applied', () => {
    expect(backlogOf(ends, at(400, 400), asked)).toEqual({ records: 700, seconds: 40 });
    expect(backlogOf(ends, at(400, 400), { ...asked, only: 1 })).toEqual({ records: 100, seconds: 10 });
    expect(backlogOf(ends, [], asked)).toEqual({ records: 1500, seconds: 0 });
  });

  it('is nothing to speak of while only ticks wait, and what came a moment ago', () => {
    expect(backlogOf(ends, at(1000, 480), asked)).toBeUndefined();
    expect(backlogOf(ends, at(1000, 480), { ...asked, tickEveryMs: 10_000 })).toEqual({ records: 20, seconds: 10 });
    expect(backlogOf(ends, at(400, 500), { ...asked, only: 1 })).toBeUndefined();
  });

  it('is also the little that has waited for long: a partition that stands still', () => {
    expect(backlogOf(ends, at(1000, 485), { ...asked, nowMs: 80_000 })).toEqual({ records: 15, seconds: 40 });
  });
});

describe('the answer that there is no such delta', () => {
  it('says that it may be waiting, and behind how much', () => {
    expect(noSuchDelta('me', '1', behind)).toMatch(/me\/1 may be waiting: 12,345 records.*45 s behind.*Ask again/);
  });
  it('does not claim that nothing waits while nobody can say', () => {
    expect(noSuchDelta('me', '1', 'unknown')).toMatch(
      /does not say.*me\/1 may be waiting.*not send it under another id/,
    );
  });
  it('says where else to look once nothing waits', () => {
    expect(noSuchDelta('me', '1', undefined)).toMatch(/nothing of it has waited.*ask again.*not accepted.*dead letter/);
  });
});

describe('the answer that nothing may be promised', () => {
  const asked = {
    sku: 'a b',
    channel: 'web',
    region: 'south',
    isProductKnown: true,
    isStockRecorded: false,
    backlog: undefined,
  };
  it.each([
    [{ backlog: behind }, /yet: no stock.*may be waiting: 12,345 records.*45 s behind.*Ask again/],
    [{ isProductKnown: false }, /catalog does not know.*no stock.*PUT \/api\/catalog\/products\/a%20b/],
    [{ isProductKnown: false, isStockRecorded: true }, /catalog does not know.*though stock.*PUT/],
    [{}, /catalog knows it.*no stock of it was ever recorded.*POST \/api\/inventory\/deltas/],
    [{ isStockRecorded: true }, /at no place that serves this channel and region\. GET.*sku=a%20b/],
    [{ isStockRecorded: true, backlog: behind }, /no place that serves.*may be waiting/],
    [{ backlog: 'unknown' as const }, /as far as is known.*may be waiting/],
  ])('tells which of its reasons it is: %j', (over, text) => {
    expect(noAvailability({ ...asked, ...over })).toMatch(text);
    expect(noAvailability({ ...asked, ...over })).toMatch(
      /^Nothing may be promised of SKU a b in channel web, region south/,
    );
  });
});
