import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fact, receipt, repair, reserve, sale, step } from '../testing/deltas.js';
import { given, type Ledger, type Message } from '../testing/given-stock.js';

const SEED = 20_261_126;
const BUCKETS = ['onHand', 'reserved', 'damaged', 'qualityControl', 'incoming'] as const;
const units = fc.integer({ min: 0, max: 9 });
const messages: fc.Arbitrary<Message[]> = fc.array(
  fc.oneof(
    units.map((n) => receipt(n)),
    units.map((n) => sale(n)),
    units.map((n) => fact('damage', n)),
    units.map((n) => fact('expect', n)),
    units.map((n) => fact('count', n)),
    fc
      .record({ id: fc.integer({ min: 1, max: 4 }), n: fc.integer({ min: 1, max: 5 }) })
      .map(({ id, n }) => reserve(`r${id}`, n)),
    fc.integer({ min: 1, max: 4 }).map((id) => step('fulfil', `r${id}`)),
  ),
  { maxLength: 20 },
);
const damage = fc.record({ onHand: units, reserved: units, damaged: units, qualityControl: units, incoming: units });

/** Records, and keeps what an audit reads: the sum of stored effects. */
class Recount {
  readonly sums = { onHand: 0, reserved: 0, damaged: 0, qualityControl: 0, incoming: 0 };
  records = 0;
  constructor(private readonly ledger: Ledger) {}
  add(list: readonly Message[]): this {
    for (const message of list)
      for (const event of this.ledger.record(message)) {
        this.records++;
        if (event.kind === 'stock_moved') for (const bucket of BUCKETS) this.sums[bucket] += event.change[bucket] ?? 0;
      }
    return this;
  }
}

describe('whatever was done to a level', () => {
  it('a repair in time leaves the sum of its movements, and so does everything after it', () => {
    fc.assert(
      fc.property(messages, damage, messages, (before, wrong, after) => {
        const history = given();
        const recount = new Recount(history.ledger).add(before);
        history.tamperedWith('shop-a', wrong);
        recount.add([repair('shop-a', { ...recount.sums }, recount.records + 1)]);
        expect(history.ledger.level('shop-a')).toMatchObject(recount.sums);
        recount.add(after);
        expect(history.ledger.level('shop-a')).toMatchObject(recount.sums);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('a recount that lacks a movement of the level is never taken', () => {
    fc.assert(
      fc.property(messages, messages, (before, between) => {
        const history = given();
        const recount = new Recount(history.ledger).add(before);
        const outdated = repair('shop-a', { ...recount.sums }, recount.records + 1);
        recount.add(between).add([outdated]);
        expect(history.ledger.level('shop-a')).toMatchObject(recount.sums);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
