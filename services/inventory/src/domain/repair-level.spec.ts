import { describe, expect, it } from '@jest/globals';
import { fact, receipt, repair, reserve, sale } from '../testing/deltas.js';
import { given } from '../testing/given-stock.js';

const sums = (onHand: number, more: object = {}) => ({
  onHand,
  reserved: 0,
  damaged: 0,
  qualityControl: 0,
  incoming: 0,
  ...more,
});

describe('a repair', () => {
  it('sets the level to what its movements add up to, whatever it showed', () => {
    const history = given(receipt(10), sale(3)).tamperedWith('shop-a', { onHand: 50, damaged: 4 });
    const repaired = history.when(repair('shop-a', sums(7), 3));
    expect(repaired.level('shop-a')).toMatchObject(sums(7));
    expect(repaired.note).toBeUndefined();
  });
  it('moves nothing, so the movements add up to the same as before', () => {
    const { events } = given(receipt(10))
      .tamperedWith('shop-a', { onHand: 50 })
      .when(repair('shop-a', sums(10), 2));
    expect(events).toEqual([{ kind: 'level_recounted', location: 'shop-a', recount: sums(10) }]);
  });
  it('is shown: the version grows', () => {
    const history = given(receipt(10)).tamperedWith('shop-a', { onHand: 50 });
    expect(history.when(repair('shop-a', sums(10), 2)).level('shop-a').version).toBe(2);
  });
  it('is written again where only the stored document is wrong and memory is right', () => {
    const repaired = given(receipt(10)).when(repair('shop-a', sums(10), 2));
    expect(repaired.level('shop-a')).toMatchObject({ onHand: 10, version: 2 });
  });
  it('is refused when the level has moved since it was recounted', () => {
    const history = given(receipt(10)).tamperedWith('shop-a', { onHand: 50 });
    history.ledger.record(sale(1));
    const refused = history.when(repair('shop-a', sums(10), 2));
    expect(refused.events).toEqual([{ kind: 'noted', note: 'refused_outdated_recount' }]);
    expect(refused.level('shop-a')).toMatchObject({ onHand: 49, version: 2 });
  });
  it('is not outdated by what moved at another place', () => {
    const history = given(receipt(10)).tamperedWith('shop-a', { onHand: 50 });
    history.ledger.record(receipt(1, 'shop-b'));
    expect(history.when(repair('shop-a', sums(10), 2)).level('shop-a').onHand).toBe(10);
  });
  it('sent twice is refused the second time', () => {
    const command = repair('shop-a', sums(10), 2);
    const ledger = given(receipt(10)).tamperedWith('shop-a', { onHand: 50 }).ledger;
    ledger.record(command);
    expect(ledger.record(command)).toEqual([{ kind: 'noted', note: 'refused_outdated_recount' }]);
    expect(ledger.level('shop-a').onHand).toBe(10);
  });
  it('makes a level whose document is gone', () => {
    expect(
      given()
        .when(repair('shop-a', sums(4, { incoming: 2 }), 1))
        .level('shop-a'),
    ).toMatchObject(sums(4, { incoming: 2 }));
  });
  it('keeps what is no sum: when it was counted, what is fenced, how fresh it is', () => {
    const history = given(fact('count', 9)).tamperedWith('shop-a', { onHand: 50 });
    const { countedAtMs, newestFactAtMs, asOfMs } = history.ledger.level('shop-a');
    expect(history.when(repair('shop-a', sums(9), 2)).level('shop-a')).toMatchObject({
      countedAtMs,
      newestFactAtMs,
      asOfMs,
    });
  });
  it('names the promises for which nothing stands there', () => {
    const history = given(receipt(2)).tamperedWith('shop-a', { onHand: 50 });
    history.ledger.record(reserve('A', 5));
    expect(history.when(repair('shop-a', sums(2, { reserved: 5 }), 3)).shortfall).toMatchObject({
      location: 'shop-a',
      shortUnits: 3,
      endangered: [{ reservationId: 'A', quantity: 5 }],
    });
  });
});
