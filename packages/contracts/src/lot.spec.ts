import { describe, expect, it } from '@jest/globals';
import { LotCode, SerialNumbers } from './lot.js';

describe('names of lots and serial numbers', () => {
  it.each(['L-1', ' 42/b', '批次一', 'Ünïcode 🥛', '"quoted"'])('may be %s', (name) => {
    expect([LotCode.safeParse(name).success, SerialNumbers.safeParse([name]).success]).toEqual([true, true]);
  });

  it.each([
    ['a control character', 'L\u0000'],
    ['a tab', 'L\t1'],
    ['a control character of Latin-1', 'L\u0085'],
    ['half of a surrogate pair', 'L\ud83e'],
    ['nothing', ''],
  ])('hold no %s', (_, name) => {
    expect([LotCode.safeParse(name).success, SerialNumbers.safeParse([name]).success]).toEqual([false, false]);
  });
});
