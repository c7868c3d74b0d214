import { describe, expect, it } from '@jest/globals';
import { rejectedLines, unitsByLine } from './rejected-lines.js';

const LINES = [
  { lineId: 'a', sku: 'A', quantity: 2 },
  { lineId: 'b', sku: 'B', quantity: 1 },
  { lineId: 'a', sku: 'A', quantity: 1 },
];
const lines = unitsByLine({ lines: LINES });

describe('what a store says it cannot do', () => {
  it('counts a line once, however it was reserved', () => {
    expect(lines).toEqual([
      { lineId: 'a', sku: 'A', quantity: 3 },
      { lineId: 'b', sku: 'B', quantity: 1 },
    ]);
  });
  it.each([
    ['is all of it, unless something else is typed in', [], 'all'],
    ['is all of it again', [['a', 3]] as const, 'all'],
    ['leaves out what can be done', [['b', 0]] as const, [{ lineId: 'a', quantity: 3 }]],
    [
      'names some of a line',
      [['a', 1]] as const,
      [
        { lineId: 'a', quantity: 1 },
        { lineId: 'b', quantity: 1 },
      ],
    ],
    [
      'is nothing',
      [
        ['a', 0],
        ['b', 0],
      ] as const,
      [],
    ],
  ] as const)('%s', (_name, units, expected) => {
    expect(rejectedLines(lines, new Map(units))).toEqual(expected);
  });
});
