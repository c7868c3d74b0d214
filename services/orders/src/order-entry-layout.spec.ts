import { describe, expect, it } from '@jest/globals';
import type { OrderEntry } from './order-entry.js';
import { ORDER_ENTRY_LAYOUT, orderEntryIn } from './order-entry-layout.js';

const entry = {
  _id: 'web/place/1',
  contentHash: 'h',
  partition: 3,
  offset: 7,
  outcome: 'applied',
  orderId: 'o-1',
  told: [{ orderId: 'o-1', at: '2026-01-01T00:00:00.000Z', version: 7, state: 'RESERVING', type: 'placed' }],
  commands: [],
  answer: { id: 'place/1', source: 'web', orderId: 'o-1', version: 7, result: 'applied', state: 'RESERVING' },
  routings: [{ version: 7, why: { ruleVersion: 0 } }],
} as unknown as OrderEntry;

describe('entries of orders in their collection', () => {
  it('come back as they were', () => {
    const [document] = ORDER_ENTRY_LAYOUT.toDocuments([entry], 'c');
    expect(document).toMatchObject({ _id: 'web/place/1', orderId: 'o-1', offset: 7 });
    expect(ORDER_ENTRY_LAYOUT.toEntries(document as object)).toEqual([entry]);
  });

  it('without answer or routing come back without', () => {
    const { answer: _, routings: __, ...less } = entry;
    const [document] = ORDER_ENTRY_LAYOUT.toDocuments([less], 'c');
    expect(ORDER_ENTRY_LAYOUT.toEntries(document as object)).toStrictEqual([less]);
  });

  it('of former versions, which lie open, are read', () => {
    expect(orderEntryIn(entry as never)).toEqual(entry);
  });
});
