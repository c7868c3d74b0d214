import { describe, expect, it } from '@jest/globals';
import { describeEnd, describeTotals, replayedOf } from './totals.js';

const totals = { lines: 201_232, leftOut: 983, sales: 200_249, deliveries: 51_875, opening: 110_794 };

describe('the figures that a replay shows', () => {
  it('add up: lines to sales, sales and receipts to deltas, deltas to movements', () => {
    expect(describeTotals(totals)).toEqual([
      '201,232 till lines: 200,249 sales; 983 are left out: their quantity is 0, or they cannot be read',
      'derived from them: 110,794 receipts of opening stock, 51,875 of deliveries',
      '362,918 deltas in all; each becomes one movement in the ledger',
    ]);
    expect(replayedOf(totals)).toBe(252_124);
    expect(describeEnd(totals, 0, 120)).toMatch(
      /200,249 sales and 51,875 deliveries, after 110,794 .*: 362,918 movements$/,
    );
  });

  it('say nothing of what there is none of', () => {
    expect(describeTotals({ ...totals, lines: 5, sales: 5, leftOut: 0 })[0]).toBe('5 till lines: 5 sales');
    expect(describeEnd(totals, 7, 1)).toMatch(/362,911 movements; 7 were refused$/);
  });
});
