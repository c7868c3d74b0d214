import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { acceptDelta, acceptDeltas } from './accept-deltas.js';

const NOW_MS = Date.parse('2026-06-01T12:00:00Z');
const good = fc.nat().map((n) => ({
  id: `e${n}`,
  source: 'wms',
  type: 'receipt',
  sku: `s${n % 50}`,
  location: 'dc-1',
  quantity: n % 1000,
  occurredAt: '2026-05-31T00:00:00Z',
}));
const broken = fc
  .tuple(good, fc.constantFrom('id', 'source', 'type', 'sku', 'location', 'quantity', 'occurredAt'), fc.jsonValue())
  .map(([item, field, value]) => ({ ...item, [field]: value }));

describe('acceptDeltas', () => {
  it('never throws, answers every item once and takes the good ones whatever stands between them', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(good, broken, fc.jsonValue()), { maxLength: 30 }), (items) => {
        const { accepted, rejected } = acceptDeltas(items, NOW_MS);
        const answered = [...accepted, ...rejected].map(({ index }) => index).sort((a, b) => a - b);
        expect(answered).toEqual(items.map((_, index) => index));
        for (const { index, delta } of accepted) expect(delta).toEqual(items[index]);
        for (const { type, detail, title } of rejected) expect([type, detail, title].every(Boolean)).toBe(true);
        const alone = items.filter((item) => acceptDelta(item, NOW_MS).ok) as { source: string; id: string }[];
        expect(accepted).toHaveLength(new Set(alone.map(({ source, id }) => `${source}|${id}`)).size);
      }),
      { numRuns: 500 },
    );
  });
});
