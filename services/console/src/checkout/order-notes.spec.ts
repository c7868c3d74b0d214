import { describe, expect, it } from '@jest/globals';
import type { TrackedOrder } from '@shelfline/client/storefront';
import { orderNotes } from './order-notes.js';

const line = { lineId: '1', sku: 'A', quantity: 2, cancelledUnits: 0 };
const order: TrackedOrder = {
  orderId: 'o-1',
  state: 'ARRIVING',
  method: 'pickup',
  store: { code: 's', name: 'Lyon', nameZh: '里昂' },
  lines: [line],
  parcels: [],
  placedAt: '2026-06-01T08:00:00Z',
  changedAt: '2026-06-01T08:00:00Z',
  version: 1,
};

describe('what a customer reads of his order', () => {
  it('left out the day on which what is brought to the store is ready', () => {
    const arriving = { ...order, arrivesBy: '2026-06-03T12:00:00Z' };
    expect(orderNotes(arriving, 'en')).toEqual([
      'Collect it at Lyon',
      expect.stringMatching(/brought to the store.*ready on .*3/),
    ]);
    expect(orderNotes(arriving, 'zh')[1]).toMatch(/调拨到店.*3/);
  });
  it('is what was cancelled, and what a delivery brings, with its day where anybody knows', () => {
    const lines = [
      { ...line, cancelledUnits: 1 },
      { ...line, lineId: '2', awaitedUnits: 2 },
      { ...line, lineId: '3', awaitedUnits: 3, expectedAt: '2026-06-09T12:00:00Z' },
    ];
    const { store: _, ...sent } = order;
    expect(orderNotes({ ...sent, lines }, 'en')).toEqual([
      '1 units cancelled',
      expect.stringMatching(/^2 units .*nobody has told/),
      expect.stringMatching(/^3 units .*leave on .*9/),
    ]);
  });
});
