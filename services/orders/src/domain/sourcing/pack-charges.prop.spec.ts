import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareCharges } from './charge-places.js';
import { packCharges } from './pack-charges.js';

/** Some columns too wide to share a number. */
const highest = fc.constantFrom(0, 1, 7, 20_000, 2 ** 31, 2 ** 40);
const tables = fc
  .record({ rows: fc.integer({ min: 4, max: 6 }), spans: fc.array(highest, { maxLength: 8 }) })
  .chain(({ rows, spans }) =>
    fc.record({
      columns: fc.tuple(
        fc.constant(Array.from({ length: rows }, () => 0)),
        ...spans.map((max) =>
          fc.array(fc.oneof(fc.integer({ min: 0, max }), fc.constantFrom(0, max)), {
            minLength: rows,
            maxLength: rows,
          }),
        ),
      ),
      one: fc.array(fc.integer({ min: 0, max: rows - 1 }), { maxLength: 4 }),
      other: fc.array(fc.integer({ min: 0, max: rows - 1 }), { maxLength: 4 }),
    }),
  );

const sum = (rows: readonly (readonly number[])[], chosen: readonly number[]): number[] =>
  rows[0]!.map((_, i) => chosen.reduce((total, p) => total + rows[p]![i]!, 0));

describe('packed charges', () => {
  it('of up to so many places add and compare as the columns do', () => {
    fc.assert(
      fc.property(tables, ({ columns, one, other }) => {
        const rows = columns[0]!.map((_, p) => columns.map((column) => column[p]!));
        const packed = packCharges(columns, 4);
        const plain = compareCharges(sum(rows, one), sum(rows, other));
        expect(Math.sign(compareCharges(sum(packed, one), sum(packed, other)))).toBe(Math.sign(plain));
      }),
      { seed: 20260608, numRuns: 2000 },
    );
  });
});
