import { expect, it } from '@jest/globals';
import { fact, receipt } from '../testing/deltas.js';
import { given } from '../testing/given-stock.js';
import { earliestFirst } from './expectations.js';

const order = (reference: string) => fact('expect', 1, 'shop-a', { reference });

it('deliveries were put in order for each sale beside them, and not once they changed', () => {
  const { ledger } = given(receipt(9), order('PO-1'), order('PO-2'));
  const before = earliestFirst(ledger.level('shop-a').expected);
  ledger.record(fact('sale', 1));
  expect(earliestFirst(ledger.level('shop-a').expected)).toBe(before);
  ledger.record(order('PO-3'));
  expect(earliestFirst(ledger.level('shop-a').expected)).toHaveLength(3);
});
