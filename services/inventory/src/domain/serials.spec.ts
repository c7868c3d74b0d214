import { describe, expect, it } from '@jest/globals';
import { count, hours, receipt, reserve, sale, step } from '../testing/deltas.js';
import { given } from '../testing/given-stock.js';

const ofLot = (lot: string, expiresOn?: string) => ({ lot, ...(expiresOn === undefined ? {} : { expiresOn }) });

describe('serial numbers', () => {
  const phones = receipt(3, 'shop-a', { ...ofLot('A'), serials: ['s1', 's2', 's3'] });

  it('stand where they came, and lead a sale to their lot', () => {
    const then = given(phones, receipt(2, 'shop-a', ofLot('B', '2026-03-02'))).when(
      sale(2, 'shop-a', { serials: ['s3', 's1'] }),
    );
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 1, B: 2 });
    expect(then.serials('shop-a')).toEqual({ s2: 'A' });
  });

  it('of several lots are each taken from their own, units without one as where nobody names any', () => {
    const history = given(phones, receipt(2, 'shop-a', { ...ofLot('B'), serials: ['t1', 't2'] }), receipt(1));
    const then = history.when(sale(4, 'shop-a', { serials: ['s1', 't1'] }));
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 1, B: 1 });
    expect(then.serials('shop-a')).toEqual({ s2: 'A', s3: 'A', t2: 'B' });
  });

  it('that come twice are noted, never refused, and stand where they came last', () => {
    const history = given(phones);
    expect(history.when(receipt(1, 'shop-a', { serials: ['s1'] })).note).toBe('serial_repeated');
    const elsewhere = history.when(receipt(1, 'shop-b', { serials: ['s2'] }));
    expect(elsewhere.note).toBe('serial_repeated');
    expect([elsewhere.serials('shop-a'), elsewhere.serials('shop-b')]).toEqual([{ s1: 'A', s3: 'A' }, { s2: '' }]);
    expect([elsewhere.level('shop-a').onHand, elsewhere.level('shop-b').onHand]).toEqual([4, 1]);
  });

  it('that nobody knows there are noted', () => {
    const then = given(phones).when(sale(1, 'shop-a', { serials: ['x'] }));
    expect([then.note, then.level('shop-a').onHand]).toEqual(['serial_unknown', 2]);
    expect(then.serials('shop-a')).toEqual({ s1: 'A', s2: 'A', s3: 'A' });
  });

  it('are those that a count finds, unless it comes late', () => {
    const history = given(phones);
    history.when(count(2, 'shop-a', { serials: ['s2', 'n1'], occurredAt: hours(1) }));
    expect(history.ledger.level('shop-a').serials).toEqual([
      ['s2', 'A'],
      ['n1', ''],
    ]);
    history.when(sale(1, 'shop-a', { serials: ['s2'], occurredAt: hours(3) }));
    const late = history.when(count(2, 'shop-a', { serials: ['s2', 'n1'], occurredAt: hours(2) }));
    expect(late.serials('shop-a')).toEqual({ n1: '' });
  });

  it('leave with what is fulfilled, wherever they stand', () => {
    const history = given(
      phones,
      receipt(2, 'shop-b', { serials: ['t1', 't2'] }),
      reserve('R', 4, { locations: ['shop-a', 'shop-b'], mode: 'split' }),
    );
    const then = history.when(step('fulfil', 'R', { serials: ['s1', 's2', 's3', 't2'] }));
    expect([then.serials('shop-a'), then.serials('shop-b')]).toEqual([{}, { t1: '' }]);
  });

  it('that come elsewhere make the figure of where they stood no fresher', () => {
    const history = given(receipt(5, 'shop-b', { serials: ['z'] }));
    const { asOfMs, version } = history.ledger.level('shop-b');
    const then = history.when(receipt(1, 'shop-a', { serials: ['z'] }));
    expect(then.level('shop-b')).toMatchObject({ asOfMs, serials: [] });
    expect(then.level('shop-b').version).toBeGreaterThan(version);
  });
});
