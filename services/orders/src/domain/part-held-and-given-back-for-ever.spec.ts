import { describe, expect, it } from '@jest/globals';
import { placed, RETRY_AFTER_MS, worldAt } from '../testing/placing.js';
import { fallDue, stockArrived } from './fall-due.js';

const LINES = [
  { lineId: '1', sku: 'THERE', quantity: 1, unitPriceMinor: 1 },
  { lineId: '2', sku: 'GONE', quantity: 1, unitPriceMinor: 1 },
];

/** It held the first line, gave it back for want of the second, heard of stock that had arrived, and began again. */
describe('an order for all or nothing of which a part is there', () => {
  const order = placed(worldAt(1, { THERE: 9 }), { wish: 'wait_for_all', lines: LINES });

  it('waits, and asks the ledger for nothing', () => {
    expect(order).toMatchObject({ state: 'WAITING', holds: [] });
  });

  it('still does when its time comes, and when more of the part arrives', () => {
    const later = fallDue(order, worldAt(1 + RETRY_AFTER_MS, { THERE: 9 }));
    expect(later).toMatchObject({ kind: 'applied', order: { state: 'WAITING', holds: [] } });
    expect(stockArrived(order, worldAt(2, { THERE: 10 }))).toEqual({ kind: 'unchanged' });
  });

  it('asks for everything, one thing after the other, once everything is there', () => {
    const arrived = stockArrived(order, worldAt(2, { THERE: 9, GONE: 1 }));
    const asked = { holds: [{ sku: 'GONE' }], queued: [{ sku: 'THERE' }] };
    expect(arrived).toMatchObject({ kind: 'applied', order: asked });
  });
});
