import { describe, expect, it } from '@jest/globals';
import { count, receipt, reserve, step } from '../testing/deltas.js';
import { given } from '../testing/given-stock.js';

const both = [
  receipt(5, 'shop-a', { lot: 'A', serials: ['a1', 'a2'] }),
  receipt(5, 'shop-a', { lot: 'B', serials: ['b1', 'b2'] }),
];
const ofBoth = (units: number) => given(...both, reserve('R', units));

describe('a fulfilment that names lots and serial numbers', () => {
  it('takes a unit of the lot of a serial number that no picked lot stands for', () => {
    const then = ofBoth(2).when(step('fulfil', 'R', { lots: [{ lot: 'A', quantity: 1 }], serials: ['a1', 'b1'] }));
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 4, B: 4 });
    expect(then.serials('shop-a')).toEqual({ a2: 'A', b2: 'B' });
  });

  it('takes no more serial numbers than units leave, those of picked lots first', () => {
    const then = ofBoth(1).when(step('fulfil', 'R', { serials: ['a2', 'b2'] }));
    expect(then.serials('shop-a')).toEqual({ a1: 'A', b1: 'B', b2: 'B' });
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 4, B: 5 });
    const picked = ofBoth(1).when(step('fulfil', 'R', { lots: [{ lot: 'B', quantity: 1 }], serials: ['a2', 'b2'] }));
    expect(picked.serials('shop-a')).toEqual({ a1: 'A', a2: 'A', b1: 'B' });
  });

  it('takes a serial number once that is told twice', () => {
    const then = ofBoth(2).when(step('fulfil', 'R', { serials: ['a1', 'a1', 'b1'] }));
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 4, B: 4 });
  });
});

describe('a fulfilment of several places', () => {
  const places = { locations: ['shop-a', 'shop-b'], mode: 'split' as const };

  it('takes picked lots where they stand, in whatever order they are told', () => {
    const history = given(
      receipt(1, 'shop-a', { lot: 'A' }),
      receipt(1, 'shop-b', { lot: 'B' }),
      reserve('R', 2, places),
    );
    const lots = ['B', 'A'].map((lot) => ({ lot, quantity: 1 }));
    const then = history.when(step('fulfil', 'R', { lots }));
    expect([then.lots('shop-a'), then.lots('shop-b')]).toEqual([
      { '': 0, A: 0 },
      { '': 0, B: 0 },
    ]);
  });

  it('takes what stands nowhere where units are left, the first place first', () => {
    const history = given(receipt(2, 'shop-a', { lot: 'A' }), receipt(2, 'shop-b'), reserve('R', 4, places));
    const lots = [
      { lot: 'X', quantity: 2 },
      { lot: 'A', quantity: 1 },
      { lot: 'A', quantity: 9 },
    ];
    const then = history.when(step('fulfil', 'R', { lots }));
    expect([then.lots('shop-a'), then.lots('shop-b')]).toEqual([
      { '': 0, A: 0 },
      { '': 2, X: -2 },
    ]);
  });

  it('takes from a lot that was counted just now', () => {
    const history = given(receipt(2, 'shop-a', { lot: 'A' }), count(2, 'shop-a', { lot: 'A' }), reserve('R', 1));
    expect(history.when(step('fulfil', 'R', { lots: [{ lot: 'A', quantity: 1 }] })).lots('shop-a')).toEqual({
      '': 0,
      A: 1,
    });
  });
});

describe('what was picked and does not agree with what was known', () => {
  it.each([
    ['a lot that nobody knows', { lots: [{ lot: 'X', quantity: 1 }] }, 'lot_short'],
    ['more of a lot than stands there', { lots: [{ lot: 'A', quantity: 6 }] }, 'lot_short'],
    [
      'more units of lots than are held',
      { lots: ['A', 'B'].map((lot) => ({ lot, quantity: 4 })) },
      'picked_beyond_held',
    ],
    ['a serial number that stands elsewhere', { serials: ['c1'] }, 'serial_unknown'],
    ['what stands there', { lots: [{ lot: 'B', quantity: 5 }], serials: ['a1', 'b1'] }, undefined],
  ])('%s is told in the answer', (_, fields, reason) => {
    const history = given(...both, receipt(1, 'shop-b', { serials: ['c1'] }), reserve('R', 6));
    const { answer } = history.when(step('fulfil', 'R', fields));
    expect([answer?.result, answer?.reason]).toEqual(['accepted', reason]);
  });

  it('is told of each place: a lot may be there in the whole and short where it was picked', () => {
    const history = given(
      receipt(1, 'shop-a', { lot: 'A' }),
      receipt(1, 'shop-a'),
      receipt(1, 'shop-c', { lot: 'A' }),
      reserve('R', 2),
    );
    expect(history.when(step('fulfil', 'R', { lots: [{ lot: 'A', quantity: 2 }] })).answer?.reason).toBe('lot_short');
  });
});
