import { describe, expect, it } from '@jest/globals';
import { count, receipt, sale } from '../testing/deltas.js';
import { given } from '../testing/given-stock.js';

const EARLY = { lot: 'A', expiresOn: '2026-05-01', serials: ['a1', 'a2'] };
const LATE = { lot: 'B', expiresOn: '2026-09-01', serials: ['b1', 'b2'] };
const both = [receipt(2, 'shop-a', EARLY), receipt(2, 'shop-a', LATE)];

describe('a count of the whole with serial numbers that its lots do not agree with', () => {
  it('finds pieces of the later lot missing: that lot has fewer, though the other ends first', () => {
    const then = given(...both).when(count(2, 'shop-a', { serials: ['a1', 'a2'] }));
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 2, B: 0 });
    expect([then.serials('shop-a'), then.note]).toEqual([{ a1: 'A', a2: 'A' }, undefined]);
  });

  it('takes nothing that was seen for what has no number', () => {
    const history = given(receipt(2, 'shop-a', EARLY), receipt(2, 'shop-a', { lot: 'B', expiresOn: '2026-09-01' }));
    expect(history.when(count(2, 'shop-a', { serials: ['a1', 'a2'] })).lots('shop-a')).toEqual({ '': 0, A: 2, B: 0 });
  });

  it('takes a piece without a lot before one that was seen, and keeps it where it was seen', () => {
    const unlotted = receipt(1, 'shop-a', { serials: ['u1'] });
    const history = given(unlotted, receipt(1, 'shop-a', { lot: 'A' }));
    expect(history.when(count(1, 'shop-a', { serials: ['u1'] })).lots('shop-a')).toEqual({ '': 1, A: 0 });
    const gone = given(unlotted, receipt(1, 'shop-a', { lot: 'A', serials: ['a1'] }));
    expect(gone.when(count(1, 'shop-a', { serials: ['a1'] })).lots('shop-a')).toEqual({ '': 0, A: 1 });
  });

  it('finds more missing than it misses numbers: the rest as where nobody names a lot', () => {
    const history = given(...both, receipt(3, 'shop-a', { lot: 'C', expiresOn: '2026-12-01' }));
    const then = history.when(count(3, 'shop-a', { serials: ['a1', 'b1', 'b2'] }));
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 1, B: 2, C: 0 });
  });

  it('misses more numbers than units: no more leave than are missing', () => {
    const then = given(...both).when(count(3, 'shop-a', { serials: [] }));
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 1, B: 2 });
    expect(then.serials('shop-a')).toEqual({});
  });

  it('sees more pieces of a lot than the lot has: the lot stays, and it is noted', () => {
    const history = given(...both, sale(2, 'shop-a', { lot: 'B' }));
    const then = history.when(count(2, 'shop-a', { serials: ['b1', 'b2'] }));
    expect([then.lots('shop-a'), then.note]).toEqual([{ '': 0, A: 2, B: 0 }, 'serial_lot_differs']);
  });
});

describe('a count of a lot with serial numbers of another', () => {
  it('has them in the counted lot from now on, leaves the units of the other, and is noted', () => {
    const then = given(...both).when(count(3, 'shop-a', { lot: 'A', serials: ['a1', 'a2', 'b1'] }));
    expect([then.lots('shop-a'), then.note]).toEqual([{ '': 0, A: 3, B: 2 }, 'serial_lot_differs']);
    expect(then.serials('shop-a')).toEqual({ a1: 'A', a2: 'A', b1: 'A', b2: 'B' });
  });
});

describe('a sale of a lot with a serial number of another', () => {
  it('takes the lot that is told and the piece, and is noted', () => {
    const then = given(...both).when(sale(1, 'shop-a', { lot: 'A', serials: ['b1'] }));
    expect([then.lots('shop-a'), then.note]).toEqual([{ '': 0, A: 1, B: 2 }, 'serial_lot_differs']);
    expect(then.serials('shop-a')).toEqual({ a1: 'A', a2: 'A', b2: 'B' });
  });
});
