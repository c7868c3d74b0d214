import { describe, expect, it } from '@jest/globals';
import { describeEnd, describeOrders, describeTotals, replayedOf } from './totals.js';

const TILLS = { lines: 201_232, leftOut: 983, sales: 200_249, deliveries: 51_875, opening: 110_794 };
const totals = { ...TILLS, orders: 0, orderLines: 0 };

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

  it('add up with online orders too: a line is sold at the till or ordered', () => {
    const some = { ...totals, sales: 190_249, orders: 900, orderLines: 10_000 };
    expect(describeTotals(some).slice(0, 2)).toEqual([
      '201,232 till lines: 190,249 sales; 983 are left out: their quantity is 0, or they cannot be read',
      '10,000 more lines are 900 baskets that are ordered online instead (--online)',
    ]);
    expect(describeTotals(some).at(-1)).toMatch(/^352,918 deltas/);
    expect(replayedOf(some)).toBe(243_024);
    expect(describeOrders({ placed: 880, outOfStock: 15, pending: 5, refused: 0 })).toEqual([
      '900 online orders: 880 placed, 15 of which nothing was there (they wait for it, or are cancelled), 5 taken and still being decided',
    ]);
    expect(describeOrders({ placed: 0, outOfStock: 0, pending: 0, refused: 0 })).toEqual([]);
  });

  it('say nothing of what there is none of', () => {
    expect(describeTotals({ ...totals, lines: 5, sales: 5, leftOut: 0 })[0]).toBe('5 till lines: 5 sales');
    expect(describeEnd(totals, 7, 1)).toMatch(/362,911 movements; 7 were refused$/);
  });
});
