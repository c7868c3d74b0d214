import { describe, expect, it } from '@jest/globals';
import { SHOPS } from '../testing/catalog.js';
import { count, fact, hours, receipt, reserve, sale, step } from '../testing/deltas.js';
import { Given, given, Ledger, SKU } from '../testing/given-stock.js';
import { MemoryLedger } from '../testing/memory-ledger.js';

const PROMISE = { reservationId: 'r', quantity: 2, mode: 'all_or_nothing', expiresAt: hours(24) } as const;
const coming = (quantity = 2, more: object = {}) =>
  fact('transfer_in', quantity, 'shop-a', { heldFor: { ...PROMISE, ...more } });
const lasting = reserve('r', 2, { lasting: true, expiresAt: hours(24) });

describe('units that come for somebody', () => {
  it('are reserved in the step that books them in: nobody else is promised them in between', () => {
    const { ledger } = given(coming());
    expect(ledger.level('shop-a')).toMatchObject({ onHand: 2, reserved: 2 });
    expect(new Given(ledger).when(reserve('other', 1)).answer).toMatchObject({ result: 'refused' });
    expect(ledger.findReservation('r')).toMatchObject({
      state: 'COMMITTED',
      allocations: [{ location: 'shop-a', quantity: 2 }],
    });
  });
  it('are told to whoever asks for them just as they were promised', () => {
    expect(given(coming()).when(lasting).answer).toMatchObject({
      result: 'unchanged',
      state: 'COMMITTED',
      allocations: [{ location: 'shop-a', quantity: 2 }],
    });
  });
  it('are kept back by no safety stock, which is for strangers', () => {
    const { ledger } = new Given(new Ledger(SHOPS, { storeUnits: 5, warehouseUnits: 0 })).when(coming());
    expect(ledger.level('shop-a').reserved).toBe(2);
  });
  it('are not promised where tills have sold them already, or a count has counted them with what was sold', () => {
    expect(given(sale(1)).when(coming()).level('shop-a')).toMatchObject({ onHand: 1, reserved: 0 });
    expect(
      given(sale(1))
        .when(coming(2, { mode: 'partial' }))
        .level('shop-a').reserved,
    ).toBe(1);
    const counted = given(count(1, 'shop-a', { occurredAt: hours(1) })).when(coming());
    expect(counted.level('shop-a')).toMatchObject({ onHand: 1, reserved: 0 });
  });
  it('take no place of what is promised to others', () => {
    const then = given(receipt(3), reserve('other', 3), sale(2)).when(coming());
    expect(then.level('shop-a')).toMatchObject({ onHand: 3, reserved: 3 });
  });
  it('are free where it was given back before they came, and held once where it was made before', () => {
    expect(given(step('release', 'r')).when(coming()).level('shop-a')).toMatchObject({ onHand: 2, reserved: 0 });
    expect(given(receipt(2), lasting).when(coming()).level('shop-a')).toMatchObject({ onHand: 4, reserved: 2 });
  });
  it('are given back and shipped like any promise', () => {
    expect(given(coming()).when(step('release', 'r')).level('shop-a')).toMatchObject({ onHand: 2, reserved: 0 });
    expect(given(coming()).when(step('fulfil', 'r')).level('shop-a')).toMatchObject({ onHand: 0, reserved: 0 });
  });
  it('are free although what was given back is forgotten by memory and known to the database alone', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(step('release', 'r'));
    await ledger.process(coming());
    expect(ledger.levels.get(`${SKU}@shop-a`)).toMatchObject({ onHand: 2, reserved: 0 });
  });
});
