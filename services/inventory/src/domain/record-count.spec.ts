import { describe, expect, it } from '@jest/globals';
import { count, fact, hours, receipt, reserve, sale, step } from '../testing/deltas.js';
import { given } from '../testing/given-stock.js';

const at = (h: number) => ({ occurredAt: hours(h) });

describe('a count', () => {
  it('says what stands there', () => {
    const level = given(receipt(10)).when(count(7)).level('shop-a');
    expect(level).toMatchObject({ onHand: 7, countedAtMs: Date.parse(hours(0)) });
  });
  it('that comes late keeps the facts that occurred after it on top', () => {
    const history = given(receipt(10, 'shop-a', at(0)), sale(2, 'shop-a', at(2)), sale(1, 'shop-a', at(3)));
    expect(history.when(count(8, 'shop-a', at(1))).level('shop-a').onHand).toBe(5);
  });
  it('keeps a hand-over that the ledger recorded after it', () => {
    const history = given(receipt(5, 'shop-a', at(-2)), reserve('A', 2), step('fulfil', 'A'));
    expect(history.when(count(5, 'shop-a', at(-1))).level('shop-a').onHand).toBe(3);
  });
  it('older than the newest one changes nothing', () => {
    const old = given(count(9, 'shop-a', at(2))).when(count(4, 'shop-a', at(1)));
    expect(old.level('shop-a').onHand).toBe(9);
    expect(old.note).toBe('superseded_count');
  });
  it('of one place leaves the other places alone', () => {
    const ledger = given(receipt(10), receipt(10, 'shop-b'), count(1)).ledger;
    expect(ledger.level('shop-b')).toMatchObject({ onHand: 10, countedAtMs: null });
  });
});

describe('accuracy', () => {
  it('is full for the count that opens a level', () => {
    expect(given(count(100)).ledger.level('shop-a').accuracy).toBe(1);
  });
  it('falls by how wrong the first check found the figure', () => {
    expect(given(receipt(10)).when(count(8)).level('shop-a').accuracy).toBeCloseTo(0.8);
  });
  it('is smoothed over later counts and compares with what should have stood there then', () => {
    const history = given(
      receipt(10, 'shop-a', at(-3)),
      count(5, 'shop-a', at(-2)),
      sale(1, 'shop-a', at(1)),
      count(5, 'shop-a', at(0)),
    ).ledger;
    expect(history.level('shop-a')).toMatchObject({ onHand: 4, accuracy: 0.75 });
  });
  it('never leaves 0 to 1, whatever the ledger thought', () => {
    expect(given(receipt(1), sale(50)).when(count(0)).level('shop-a').accuracy).toBe(0);
    expect(given(fact('adjustment', -5)).when(count(1000)).level('shop-a').accuracy).toBe(0);
  });
});
