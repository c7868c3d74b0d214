import { describe, expect, it } from '@jest/globals';
import { MOST_LOTS } from '@shelfline/contracts/lot';
import { fact, hours, receipt, sale } from '../testing/deltas.js';
import { given } from '../testing/given-stock.js';
import { findLayer, holdsNothing, isExpired } from './lots.js';

// The ledger's clock starts on 2026-03-01.
const TODAY = '2026-03-01';
const ENDED = '2026-02-01';
const expired = (units: number, lot: string, i = 0) =>
  receipt(units, 'shop-a', { lot, expiresOn: ENDED, occurredAt: hours(i - 5000) });

describe('units of an expired lot', () => {
  it('stay expired when their lot loses its name for want of room', () => {
    const history = given(
      expired(50, 'EXPIRED'),
      ...Array.from({ length: MOST_LOTS - 1 }, (_, i) => expired(1, `E${i}`, i + 1)),
    );
    history.when(receipt(1, 'shop-a', { lot: 'LATER', expiresOn: '2026-02-15' }));
    const level = history.ledger.level('shop-a');
    const held = level.lots!.filter((layer) => !holdsNothing(layer));
    expect([level.onHand, held.length, held.every((layer) => isExpired(layer, TODAY))]).toEqual([250, MOST_LOTS, true]);
    expect(held.reduce((units, { onHand }) => units + onHand, 0)).toBe(250);
    expect(history.ledger.figures('shop-a').available).toBe(0);
  });

  it('keep their name while another lot can go without', () => {
    const history = given(
      expired(50, 'EXPIRED'),
      receipt(3, 'shop-a', { lot: 'KEEPS', occurredAt: hours(-100) }),
      ...Array.from({ length: MOST_LOTS - 2 }, (_, i) => expired(1, `E${i}`, i + 1)),
    );
    history.when(receipt(1, 'shop-a', { lot: 'FRESH', expiresOn: '2027-01-01' }));
    const level = history.ledger.level('shop-a');
    expect([findLayer(level, 'KEEPS'), findLayer(level, 'EXPIRED')?.onHand]).toEqual([undefined, 50]);
    expect(history.ledger.figures('shop-a').available).toBe(4);
  });

  it('stay expired where they are moved to, though the transfer does not tell their last day', () => {
    const history = given(expired(9, 'A'), fact('transfer_out', 5, 'shop-a', { lot: 'A', toLocation: 'shop-b' }));
    history.when(fact('transfer_in', 5, 'shop-b', { lot: 'A' }));
    expect(findLayer(history.ledger.level('shop-b'), 'A')?.expiresOn).toBe(ENDED);
    expect(history.ledger.figures('shop-b').available).toBe(0);
    // What is told counts more than what is known elsewhere.
    history.when(fact('transfer_in', 1, 'shop-b', { lot: 'A', expiresOn: '2026-12-31' }));
    expect(findLayer(history.ledger.level('shop-b'), 'A')?.expiresOn).toBe('2026-12-31');
    expect(history.when(sale(1, 'shop-b', { lot: 'A' })).level('shop-b').onHand).toBe(5);
  });

  it('stay expired where only their serial numbers say which lot they are of', () => {
    const history = given(
      expired(3, 'A'),
      fact('count', 2, 'shop-b', { lot: 'A', serials: ['s1', 's2'], occurredAt: hours(-2) }),
    );
    history.when(fact('return', 2, 'shop-b', { serials: ['s1', 's2'], occurredAt: hours(-1) }));
    expect(findLayer(history.ledger.level('shop-b'), 'A')).toMatchObject({ onHand: 4, expiresOn: ENDED });
    expect(history.ledger.figures('shop-b').available).toBe(0);
  });
});
