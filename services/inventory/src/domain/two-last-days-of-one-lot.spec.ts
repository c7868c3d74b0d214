import { describe, expect, it } from '@jest/globals';
import { count, fact, hours, receipt, sale } from '../testing/deltas.js';
import { given } from '../testing/given-stock.js';

const MAY = { lot: 'A', expiresOn: '2026-05-01' };
const JUNE = { lot: 'A', expiresOn: '2026-06-01' };
const dayAt = (then: { level(location: string): { lots?: readonly { expiresOn: string | null }[] } }, place: string) =>
  then.level(place).lots?.[0]?.expiresOn;

describe('two last days that are told of one lot', () => {
  it.each([
    ['receipt', receipt(1, 'shop-a', JUNE)],
    ['return', fact('return', 1, 'shop-a', JUNE)],
    ['count', count(2, 'shop-a', JUNE)],
    ['damage', fact('damage', 1, 'shop-a', JUNE)],
    ['sale of more than there is', sale(9, 'shop-a', JUNE)],
  ])('the one of the %s that came last stands, and is noted', (_, second) => {
    const then = given(receipt(2, 'shop-a', MAY)).when(second);
    expect([then.note, dayAt(then, 'shop-a')]).toEqual(['last_day_differs', '2026-06-01']);
  });

  it('at two places stand side by side, and are noted', () => {
    const then = given(receipt(2, 'shop-a', MAY)).when(receipt(2, 'shop-b', JUNE));
    expect([then.note, dayAt(then, 'shop-a'), dayAt(then, 'shop-b')]).toEqual([
      'last_day_differs',
      '2026-05-01',
      '2026-06-01',
    ]);
  });

  it('is told of a receipt that a count has seen already too, since its day is heard', () => {
    const history = given(
      receipt(2, 'shop-a', { ...MAY, occurredAt: hours(-3) }),
      count(4, 'shop-a', { occurredAt: hours(-1) }),
    );
    const then = history.when(receipt(2, 'shop-a', { ...JUNE, occurredAt: hours(-2) }));
    expect([then.note, dayAt(then, 'shop-a')]).toEqual(['last_day_differs', '2026-06-01']);
  });

  it.each([
    ['the same day again', receipt(1, 'shop-a', MAY)],
    ['a lot without its day', receipt(1, 'shop-b', { lot: 'A' })],
    ['the day of another lot', receipt(1, 'shop-a', { ...JUNE, lot: 'B' })],
  ])('is not: %s', (_, second) => {
    expect(given(receipt(2, 'shop-a', MAY)).when(second).note).toBeUndefined();
  });

  it('is not told of a count that changes nothing, since its day is not heard', () => {
    const history = given(receipt(2, 'shop-a', MAY), count(2, 'shop-a', { lot: 'A' }));
    const then = history.when(count(2, 'shop-a', { ...JUNE, occurredAt: hours(-1) }));
    expect([then.note, dayAt(then, 'shop-a')]).toEqual(['superseded_count', '2026-05-01']);
  });
});
