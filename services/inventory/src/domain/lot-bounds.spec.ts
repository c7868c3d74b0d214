import { describe, expect, it } from '@jest/globals';
import { MOST_LOTS } from '@shelfline/contracts/lot';
import { SHOPS } from '../testing/catalog.js';
import { fact, hours, receipt, reserve, sale, step } from '../testing/deltas.js';
import { type Given, given, givenIn } from '../testing/given-stock.js';
import { MOST_LOT_CHANGES } from './lot-bounds.js';
import { findLayer, holdsNothing, unlottedOf } from './lots.js';
import type { Level } from './stock.js';

const heldOf = ({ lots = [] }: Level) => lots.filter((layer) => !holdsNothing(layer));
/** Lots L0, L1, … that came in this order, each of one unit and its serial number S0, S1, … */
function withSingles(many: number): Given {
  return given(
    ...Array.from({ length: many }, (_, i) =>
      receipt(1, 'shop-a', { lot: `L${i}`, occurredAt: hours(i - 5000), serials: [`S${i}`] }),
    ),
  );
}
const withFull = (units: number) =>
  given(
    ...Array.from({ length: MOST_LOTS }, (_, i) =>
      receipt(units, 'shop-a', { lot: `L${i}`, occurredAt: hours(i - 5000) }),
    ),
  );

describe('a lot that lost its name', () => {
  it('is not brought back by the serial number of a unit of it, which has no lot since', () => {
    const history = withSingles(MOST_LOTS + 1);
    expect(history.ledger.level('shop-a').serials!.slice(0, 2)).toEqual([
      ['S0', ''],
      ['S1', 'L1'],
    ]);
    history.when(receipt(1));
    const then = history.when(sale(1, 'shop-a', { serials: ['S0'] }));
    expect([then.lots('shop-a')[''], then.lots('shop-a')['L0'], then.note]).toEqual([1, undefined, undefined]);
  });

  it('is not brought back by two of them', () => {
    const history = withSingles(MOST_LOTS + 2);
    history.when(receipt(1));
    const then = history.when(sale(2, 'shop-a', { serials: ['S0', 'S1'] }));
    expect([heldOf(then.level('shop-a')).length, then.lots('shop-a')['']]).toEqual([MOST_LOTS, 1]);
  });

  it('is not brought back by damage, nor by a serial number of a level stored before', () => {
    const history = withSingles(MOST_LOTS + 1);
    const serials = history.ledger.level('shop-a').serials!.map(([serial]) => [serial, `L${serial.slice(1)}`] as const);
    history.tamperedWith('shop-a', { serials });
    const then = history.when(fact('damage', 1, 'shop-a', { serials: ['S0'] }));
    expect(findLayer(then.level('shop-a'), 'L0')).toBeUndefined();
    expect(history.when(sale(1, 'shop-a', { serials: ['S0'] })).lots('shop-a')).not.toHaveProperty('L0');
  });

  it('leaves no lots behind, however often thousands come and are sold by serial number', () => {
    const { ledger } = given();
    for (let cycle = 0; cycle < 3; cycle++) {
      const serials = Array.from({ length: 1000 }, (_, i) => `${cycle}-${i}`);
      for (const [i, serial] of serials.entries())
        ledger.record(receipt(1, 'shop-a', { lot: serial, occurredAt: hours(i - 5000), serials: [serial] }));
      ledger.record(sale(1000, 'shop-a', { serials }));
      expect(heldOf(ledger.level('shop-a')).length).toBeLessThanOrEqual(MOST_LOTS);
    }
    expect([ledger.level('shop-a').onHand, unlottedOf(ledger.level('shop-a'))]).toEqual([0, 0]);
  });

  it('that is forgotten empty leaves its serial numbers without one', () => {
    const history = given(
      receipt(1, 'shop-a', { lot: 'A', serials: ['a1'], occurredAt: hours(-9000) }),
      sale(1, 'shop-a', { lot: 'A' }),
    );
    for (let i = 0; i < 30; i++) {
      history.when(receipt(1, 'shop-a', { lot: `G${i}`, occurredAt: hours(i - 5000) }));
      history.when(sale(1, 'shop-a', { lot: `G${i}` }));
    }
    expect(history.ledger.level('shop-a').serials).toEqual([['a1', '']]);
  });
});

describe('a full level', () => {
  it('of which unknown lots are picked gives the names of as many old ones, each once', () => {
    const history = withFull(5);
    history.when(reserve('R', 10, { locations: ['shop-a'] }));
    const lots = Array.from({ length: 10 }, (_, i) => ({ lot: `X${i}`, quantity: 1 }));
    const then = history.when(step('fulfil', 'R', { lots }));
    expect(heldOf(then.level('shop-a'))).toHaveLength(MOST_LOTS);
    expect(then.lots('shop-a')).toMatchObject({ '': 50, L10: 5, X0: -1, X9: -1 });
    expect(then.lots('shop-a')).not.toHaveProperty('L0');
  });

  it('that grew beyond its bound is within it again with the next record of lots', () => {
    const history = withFull(1);
    const { lots = [], onHand } = history.ledger.level('shop-a');
    const more = lots.map((layer) => ({ ...layer, lot: `M${layer.lot}`, onHand: -1 }));
    history.tamperedWith('shop-a', { lots: [...more, ...lots], onHand });
    const then = history.when(receipt(1, 'shop-a', { lot: 'new' }));
    expect(heldOf(then.level('shop-a'))).toHaveLength(MOST_LOTS);
    expect(then.lots('shop-a')).toHaveProperty('new', 1);
  });
});

describe('a fulfilment that takes from very many lots', () => {
  it('stores no more changes than a record holds; what is beyond them leaves without a lot', () => {
    const places = Array.from({ length: 12 }, (_, i) => `shop-${String.fromCharCode(97 + i)}`);
    const locations = Object.fromEntries(places.map((place) => [place, { type: 'store' as const }]));
    const nameOf = (i: number) => `${i}`.padStart(64, '批');
    const { ledger } = givenIn({ ...SHOPS, locations });
    for (const place of places) for (let i = 0; i < 150; i++) ledger.record(receipt(1, place, { lot: nameOf(i) }));
    ledger.record(reserve('R', 1800, { locations: places, mode: 'split' }));
    const moves = ledger.record(step('fulfil', 'R')).filter(({ kind }) => kind === 'stock_moved');
    const changes = moves.flatMap((event) => ('lots' in event ? (event.lots?.changes ?? []) : []));
    expect(changes).toHaveLength(MOST_LOT_CHANGES);
    expect(Buffer.byteLength(JSON.stringify(moves))).toBeLessThan(400_000);
    const last = ledger.level(places.at(-1)!);
    expect([last.onHand, unlottedOf(last)]).toEqual([0, -150]);
  });
});
