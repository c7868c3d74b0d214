import { describe, expect, it } from '@jest/globals';
import { fact, receipt, reserve } from '../testing/deltas.js';
import { given } from '../testing/given-stock.js';
import { MOST_OPEN } from './expectations.js';

const order = (quantity: number, reference?: string) =>
  fact('expect', quantity, 'shop-a', reference ? { reference } : {});
const documents = Array.from({ length: MOST_OPEN + 2 }, (_, i) => `PO-${i}`);

describe('deliveries under more documents than a level remembers', () => {
  it('were expected for ever once they had come, and promised a second time', () => {
    const after = given(
      ...documents.map((name) => order(1, name)),
      ...documents.map((reference) => receipt(1, 'shop-a', { reference })),
    ).when(reserve('ahead', 1, { against: 'incoming' }));
    expect(after.level('shop-a')).toMatchObject({ onHand: documents.length, incoming: 0, expected: [] });
    expect(after.answer).toMatchObject({ result: 'refused' });
  });
  it('are withdrawn by a document that lost its name', () => {
    const { ledger } = given(...documents.map((name) => order(1, name)));
    ledger.record(fact('expect', 1, 'shop-a', { reference: 'PO-0', withdrawn: true }));
    expect(ledger.level('shop-a').incoming).toBe(documents.length - 1);
  });
  it('stay expected of the others where one comes with more than it told', () => {
    const { ledger } = given(order(4), order(3, 'PO-1'), receipt(5, 'shop-a', { reference: 'PO-1' }));
    expect(ledger.level('shop-a')).toMatchObject({ incoming: 4, expected: [{ reference: '', units: 4 }] });
  });
});
