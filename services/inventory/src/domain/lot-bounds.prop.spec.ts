import { describe, expect, it } from '@jest/globals';
import { MOST_LOTS } from '@shelfline/contracts/lot';
import fc from 'fast-check';
import { fact, hours, receipt, repair, reserve, sale, step } from '../testing/deltas.js';
import { given, type Ledger, type Message } from '../testing/given-stock.js';
import { findLayer, holdsNothing, type LotChange, unlottedOf } from './lots.js';

const SEED = 20_261_126;
const SHOP = 'shop-a';
/** Of more lots than a level keeps, so that names get lost, and come again. */
const NAMES = MOST_LOTS + 40;
const lot = fc.integer({ min: 0, max: NAMES - 1 }).map((i) => `L${i}`);
const serial = fc.integer({ min: 0, max: NAMES - 1 }).map((i) => `S${i}`);
const serials = fc.uniqueArray(serial, { maxLength: 30 });
const units = fc.integer({ min: 0, max: 4 });
const hour = fc.integer({ min: -9, max: 9 });

const messages: fc.Arbitrary<Message[]> = fc.array(
  fc.oneof(
    fc
      .tuple(lot, serials, units, hour)
      .map(([name, told, n, h]) => receipt(n, SHOP, { lot: name, serials: told, occurredAt: hours(h) })),
    fc.tuple(serials, hour).map(([told, h]) => sale(told.length, SHOP, { serials: told, occurredAt: hours(h) })),
    fc.tuple(lot, units, hour).map(([name, n, h]) => sale(n, SHOP, { lot: name, occurredAt: hours(h) })),
    fc.tuple(units, hour).map(([n, h]) => sale(n * 9, SHOP, { occurredAt: hours(h) })),
    fc.tuple(serials, units).map(([told, n]) => fact('damage', n, SHOP, { serials: told })),
    fc
      .tuple(lot, serials, hour)
      .map(([name, told, h]) => fact('count', told.length, SHOP, { lot: name, serials: told, occurredAt: hours(h) })),
    fc.tuple(serials, hour).map(([told, h]) => fact('count', 250, SHOP, { serials: told, occurredAt: hours(h) })),
    fc.constantFrom('R1', 'R2', 'R3', 'R4').map((id) => reserve(id, 9, { mode: 'partial' })),
    fc
      .tuple(fc.constantFrom('R1', 'R2', 'R3', 'R4'), fc.array(lot, { maxLength: 9 }), serials)
      .map(([id, names, told]) =>
        step('fulfil', id, { lots: names.map((name) => ({ lot: name, quantity: 1 })), serials: told }),
      ),
  ),
  { maxLength: 40 },
);

/** A level that keeps as many lots as it may, with a serial number of each; hours apart, the first first. */
const full: readonly Message[] = Array.from({ length: MOST_LOTS + 5 }, (_, i) =>
  receipt(1, SHOP, { lot: `L${i}`, serials: [`S${i}`], occurredAt: hours(i - 4000) }),
);

/** What the stored changes add up to, by lot; '' = without one. */
class Sums {
  private readonly units = new Map<string, number>();
  record(ledger: Ledger, message: Message): void {
    for (const event of ledger.record(message)) {
      if (event.kind !== 'stock_moved') continue;
      this.add('', event.change.onHand ?? 0);
      for (const { lot: name, onHand = 0 } of (event.lots?.changes ?? []) as readonly LotChange[]) {
        this.add(name, onHand);
        this.add('', -onHand);
      }
    }
  }
  private add(name: string, n: number): void {
    this.units.set(name, (this.units.get(name) ?? 0) + n);
  }
  held(): Record<string, number> {
    return Object.fromEntries([...this.units].filter(([, n]) => n !== 0));
  }
}

describe('a level of which more lots are named than it keeps, with serial numbers of them all', () => {
  it('keeps no more, and is the sum of what is stored, lot by lot and without one', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const { ledger } = given();
        const sums = new Sums();
        for (const message of full) sums.record(ledger, message);
        for (const message of list) {
          sums.record(ledger, message);
          const level = ledger.level(SHOP);
          const layers = level.lots!.filter((layer) => !holdsNothing(layer));
          expect(layers.length).toBeLessThanOrEqual(MOST_LOTS);
          const named = level.lots!.map(({ lot: name, onHand }): [string, number] => [name, onHand]);
          const found = [['', unlottedOf(level)] as [string, number], ...named].filter(([, n]) => n !== 0);
          expect(Object.fromEntries(found)).toEqual(sums.held());
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  it('has of every serial number a lot that it still knows, or none', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const { ledger } = given(...full, ...list);
        const level = ledger.level(SHOP);
        const lost = level.serials!.filter(([, name]) => name !== '' && !findLayer(level, name));
        expect(lost).toEqual([]);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  it('is within its bound after a recount too', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const { ledger } = given(...full, ...list);
        const lots = Array.from({ length: MOST_LOTS }, (_, i) => ({
          lot: `N${i}`,
          onHand: 1,
          damaged: 0,
          qualityControl: 0,
        }));
        const recount = { onHand: MOST_LOTS, reserved: 0, damaged: 0, qualityControl: 0, incoming: 0, lots };
        ledger.record(repair(SHOP, recount, 1_000_000));
        ledger.record(sale(9, SHOP, { serials: ['S1', 'S2', 'S3'] }));
        const level = ledger.level(SHOP);
        expect(level.lots!.filter((layer) => !holdsNothing(layer)).length).toBeLessThanOrEqual(MOST_LOTS);
      }),
      { seed: SEED, numRuns: 20 },
    );
  });
});
