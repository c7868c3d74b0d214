import { expect, it } from '@jest/globals';
import { placedAhead } from './placed-ahead.js';

const NOW_MS = Date.parse('2026-06-01T12:00:00Z');

it('an order placed in 2099 was taken, and stood before all others for seventy years', () => {
  expect(placedAhead({ placedAt: '2099-01-01T00:00:00Z' }, NOW_MS)).toEqual([
    {
      field: 'placedAt',
      code: 'future_date',
      detail: 'is 2099-01-01T00:00:00Z, more than 24 hours ahead; check the clock of the source',
    },
  ]);
  // A till's clock may be wrong by a zone, and what was placed long ago is taken over from another system.
  for (const placedAt of ['2026-06-02T11:59:00+00:00', '2026-06-02T00:00:00+12:00', '1999-01-01T00:00:00Z'])
    expect(placedAhead({ placedAt }, NOW_MS)).toEqual([]);
});
