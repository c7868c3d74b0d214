import { describe, expect, it } from '@jest/globals';
import type { StockLevel } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { SHOPS } from './testing/catalog.js';
import { count, hours, receipt, reserve, sale, step } from './testing/deltas.js';
import { MemoryLedger } from './testing/memory-ledger.js';

const HOUR_MS = 3_600_000;
const lotsOf = (level: StockLevel | undefined) =>
  Object.fromEntries((level?.lots ?? []).map(({ lot, onHand }) => [lot, onHand]));
const shown = (ledger: MemoryLedger, place = 'shop-a') => ledger.levels.get(`SKU-1@${place}`);

describe('lots in the ledger', () => {
  it('are published with their level, and stored with each movement that took them', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(
      receipt(5, 'shop-a', { lot: 'A', expiresOn: '2026-05-01', serials: ['s1'] }),
      receipt(5, 'shop-a', { lot: 'B', expiresOn: '2026-04-01' }),
      reserve('R', 6),
      step('fulfil', 'R'),
    );
    expect(shown(ledger)).toMatchObject({
      onHand: 4,
      lots: [{ lot: 'A', expiresOn: '2026-05-01', onHand: 4, receivedAt: expect.any(String) }],
    });
    const movements = ledger.outputsTo(TOPICS.movements) as { type: string; effects: object[]; traces?: object }[];
    const [fulfilled] = movements.filter(({ type }) => type === 'fulfil');
    expect(fulfilled).toMatchObject({
      effects: [
        {
          onHand: -6,
          lots: [
            { lot: 'B', onHand: -5 },
            { lot: 'A', onHand: -1 },
          ],
        },
      ],
    });
    expect(fulfilled?.traces).toBeUndefined();
    expect([...ledger.entries.values()].map(({ traces = [] }) => [...traces])).toEqual([
      ['lot:A', 'serial:s1'],
      ['lot:B'],
      [],
      ['lot:B', 'lot:A'],
    ]);
  });

  it('are there again after a restart, written or not', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(receipt(5, 'shop-a', { lot: 'A', serials: ['s1', 's2'] }));
    ledger.restart();
    await ledger.process(sale(1, 'shop-a', { serials: ['s1'] }));
    await ledger.flush();
    ledger.restart();
    await ledger.process(sale(1));
    expect(lotsOf(shown(ledger))).toEqual({ A: 3 });
  });

  it('are counted on top of what left the lot later, in the batch and before it', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(
      receipt(9, 'shop-a', { lot: 'A', occurredAt: hours(-9) }),
      receipt(9, 'shop-a', { lot: 'B', occurredAt: hours(-9) }),
      sale(1, 'shop-a', { lot: 'A', occurredAt: hours(-1) }),
      sale(2, 'shop-a', { lot: 'B', occurredAt: hours(-1) }),
    );
    await ledger.process(
      sale(1, 'shop-a', { lot: 'A', occurredAt: hours(-1) }),
      count(8, 'shop-a', { lot: 'A', occurredAt: hours(-2) }),
    );
    expect(lotsOf(shown(ledger))).toEqual({ A: 6, B: 7 });
    expect(shown(ledger)).toMatchObject({ onHand: 13 });
  });

  it('that end are no longer available once a tick comes after the last day, in the place’s own time', async () => {
    const ledger = new MemoryLedger({
      ...SHOPS,
      locations: { ...SHOPS.locations, 'shop-a': { type: 'regional_dc', timeZone: 'Asia/Shanghai' } },
    });
    await ledger.process(receipt(5, 'shop-a', { lot: 'A', expiresOn: '2026-03-01' }), receipt(2, 'shop-a'), 'tick');
    expect(shown(ledger)).toMatchObject({ available: 7 });
    // It is 20:00 there when the ledger's clock starts.
    ledger.wait(3.9 * HOUR_MS);
    await ledger.process('tick');
    expect(shown(ledger)?.expired).toBeUndefined();
    ledger.wait(0.2 * HOUR_MS);
    await ledger.process('tick');
    expect(shown(ledger)).toMatchObject({ available: 2, expired: 5, onHand: 7 });
    expect(ledger.availability.get('SKU-1|web|all')).toMatchObject({ available: 2 });
    const published = ledger.outputsTo(TOPICS.levels).length;
    await ledger.process('tick');
    expect(ledger.outputsTo(TOPICS.levels)).toHaveLength(published);
  });

  it('that end are not promised from the midnight on, though the batch began before it', async () => {
    const ledger = new MemoryLedger({ ...SHOPS, locations: { ecom: { type: 'ecommerce_dc' } } });
    await ledger.process(receipt(9, 'ecom', { lot: 'A', expiresOn: '2026-03-01' }));
    // The next record is appended a second later: half a second before midnight, the one after it behind midnight.
    ledger.wait(12 * HOUR_MS - 2500);
    const asked = (id: string, units: number) => reserve(id, units, { channel: 'web', expiresAt: hours(48) });
    await ledger.process(asked('too-many', 10), asked('too-late', 1));
    const answers = [...ledger.entries.values()].flatMap(({ answer }) => (answer ? [answer.shortUnits] : []));
    expect(answers).toEqual([1, 1]);
  });

  it('that nobody names leave no field anywhere', async () => {
    const ledger = new MemoryLedger();
    const { entries, images } = await ledger.process(
      receipt(5),
      sale(1),
      count(3),
      reserve('R', 1),
      step('fulfil', 'R'),
    );
    const written = JSON.stringify([entries, images, ledger.outputs]);
    for (const name of ['lots', 'serials', 'expired', 'traces', 'isTraced', 'hasLots'])
      expect(written).not.toContain(`"${name}"`);
  });

  it('do not let a sender pass off what only the ledger writes', async () => {
    const ledger = new MemoryLedger();
    await ledger.process({ ...sale(1), traces: ['lot:A'], isTraced: true });
    const [entry] = ledger.entries.values();
    expect([entry?.traces, entry?.isTraced]).toEqual([undefined, undefined]);
  });
});
