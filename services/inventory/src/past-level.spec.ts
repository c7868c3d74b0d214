import { describe, expect, it } from '@jest/globals';
import { pastLevel } from './past-level.js';
import { addLottedEffect, emptyLottedSums } from './stock-buckets.js';
import type { LevelDocument } from './stock-documents.js';

const lot = (name: string, onHand: number, expiresOn: string | null) => ({
  lot: name,
  onHand,
  damaged: 0,
  qualityControl: 0,
  expiresOn,
  receivedAt: new Date(0),
  countedAt: null,
});
/** 12 on hand: 4 of May, 5 of June, 3 without a lot. */
const TODAY = {
  onHand: 12,
  reserved: 1,
  damaged: 0,
  qualityControl: 0,
  incoming: 7,
  safetyStock: 2,
  available: 0,
  expired: 9,
  lots: [lot('M', 4, '2026-05-31'), lot('J', 5, '2026-06-30')],
} as unknown as LevelDocument;
/** Since then 6 of May were sold and 2 of June came. */
const since = () => {
  const sums = emptyLottedSums();
  addLottedEffect(sums, {
    location: 'dc',
    onHand: -6,
    onHandAfter: 0,
    reservedAfter: 0,
    lots: [{ lot: 'M', onHand: -6 }],
  });
  addLottedEffect(sums, {
    location: 'dc',
    onHand: 2,
    onHandAfter: 0,
    reservedAfter: 0,
    lots: [{ lot: 'J', onHand: 2 }],
  });
  return sums;
};
const at = (instant: string, timeZone = 'UTC') => pastLevel(TODAY, since(), { timeZone } as never, Date.parse(instant));

describe('a level of the past', () => {
  it.each([
    ['2026-05-31T12:00:00Z', undefined, 13],
    ['2026-06-01T12:00:00Z', 10, 3],
    ['2026-07-01T12:00:00Z', 13, 0],
  ])('at %s has %s expired units, by that day, and they are not available', (instant, expired, available) => {
    expect(at(instant)).toMatchObject({ onHand: 16, reserved: 1, incoming: 7, expired, available, lots: undefined });
  });

  it('was told to await deliveries as they are announced today', () => {
    expect(at('2026-06-01T12:00:00Z')).toMatchObject({ expected: [], promisedIncoming: undefined });
  });

  it('has the date of its place', () => {
    expect(at('2026-05-31T18:00:00Z', 'Asia/Shanghai').expired).toBe(10);
  });
});
