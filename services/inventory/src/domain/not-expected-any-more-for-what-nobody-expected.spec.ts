import { describe, expect, it } from '@jest/globals';
import { fact, hours, receipt, reserve } from '../testing/deltas.js';
import { given } from '../testing/given-stock.js';

const TRANSFER = { reference: 'transfer/T1', source: 'transfers' };
/** Five are expected of nobody knows which delivery, and all of them promised. */
const promised = () =>
  given(fact('expect', 5), reserve('ahead', 5, { against: 'incoming', lasting: true, locations: ['shop-a'] }));
const heldFor = {
  reservationId: 'order/web-1/1/1.1',
  quantity: 2,
  mode: 'all_or_nothing' as const,
  expiresAt: hours(9),
};

describe('what is expected without a document', () => {
  it.each([
    ['that comes for an order', fact('transfer_in', 2, 'shop-a', { ...TRANSFER, heldFor })],
    ['that turned round', fact('transfer_in', 2, 'shop-a', { ...TRANSFER, reason: 'transfer_turned_back: flat tyre' })],
    ['that an order waits for and was lost', fact('expect', 2, 'shop-a', { ...TRANSFER, withdrawn: true })],
  ])('was taken back, with its promises, for a transfer %s, which nobody was told to expect', (_, told) => {
    const { ledger, events } = promised().when(told);
    expect(events.some(({ kind }) => kind === 'shortfall_found')).toBe(false);
    const { incoming, promisedIncoming = 0 } = ledger.level('shop-a');
    expect(incoming).toBe(5);
    expect(promisedIncoming).toBe(told.type === 'transfer_in' && !told.heldFor ? 3 : 5);
  });

  it('comes by a receipt of any document all the same', () => {
    const { ledger } = given(fact('expect', 5), receipt(5, 'shop-a', { reference: 'DN-1' }));
    expect(ledger.level('shop-a')).toMatchObject({ onHand: 5, incoming: 0, expected: [] });
  });
});
