import { describe, expect, it } from '@jest/globals';
import { ExpiryDate, LotCode, SerialNumbers } from './lot.js';

describe('names of lots and serial numbers', () => {
  it.each(['L-1', '42 /b', '批次一', 'Ünïcode 🥛', '"quoted"'])('may be %s', (name) => {
    expect([LotCode.safeParse(name).success, SerialNumbers.safeParse([name]).success]).toEqual([true, true]);
  });

  it.each([
    ['a control character', 'L\u0000'],
    ['a tab', 'L\t1'],
    ['a control character of Latin-1', 'L\u0085'],
    ['half of a surrogate pair', 'L\ud83e'],
    ['nothing', ''],
    ['line break', 'L\n1'],
    ['line break of Unicode', 'L\u20281'],
    ['blank at its begin', ' L-1'],
    ['blank at its end', 'L-1\u3000'],
    ['blank alone', ' '],
  ])('hold no %s', (_, name) => {
    expect([LotCode.safeParse(name).success, SerialNumbers.safeParse([name]).success]).toEqual([false, false]);
  });
});

describe('the last day of a lot', () => {
  it('is none that a system writes for "none"', () => {
    expect(
      ['0001-01-01', '1989-12-31', '1990-01-01', '9999-12-31'].map((day) => ExpiryDate.safeParse(day).success),
    ).toEqual([false, false, true, true]);
  });
});
