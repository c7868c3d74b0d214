import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lotTrace } from './entry-traces.js';
import { effectsIn, linesIn, MOVEMENT_PACKS, type MovementPack, movementsIn } from './movement-packs.js';
import { type Decided, StockEntry, type StoredAnswer } from './stock-entry.js';
import { entryOutputs } from './stock-outputs.js';

const HOUR_MS = 3_600_000;
const NOON_MS = Date.parse('2026-03-01T12:00:00Z');
const sale = {
  id: '7',
  source: 'pos',
  type: 'sale',
  sku: 'A',
  location: 'shop "a"',
  quantity: 2,
  occurredAt: '2026-03-01T12:00:00Z',
  note: 'kept\nwhole',
} as const;
const effects = [{ location: sale.location, onHand: -2, onHandAfter: 3, reservedAfter: 0 }];
const decided: Decided = {
  id: 'pos/7',
  partition: 3,
  offset: 9,
  outcome: 'applied',
  atMs: NOON_MS,
  recordedAtMs: NOON_MS + 1000,
  version: 2 ** 40 + 9,
  effects,
};
const published = { ...sale, version: decided.version, recordedAt: '2026-03-01T12:00:01.000Z', effects };
const textOf = (entry: StockEntry) =>
  entryOutputs([entry]).map(({ value }) => JSON.parse((value as { text: string }).text) as object);

const packsOf = (...entries: Parameters<typeof MOVEMENT_PACKS.toDocuments>[0][number][]) =>
  MOVEMENT_PACKS.toDocuments(entries, 'c') as readonly MovementPack[];
const entriesOf = (packs: readonly MovementPack[], wanted?: ReadonlySet<string>) =>
  packs.flatMap((pack) => [...MOVEMENT_PACKS.toEntries(pack, wanted)]);

describe('entries in packs', () => {
  it('are published as they are stored', () => {
    const entry = new StockEntry(sale, decided);
    const [line] = linesIn(packsOf(entry)[0]!);
    const [, , storedEffects, content] = JSON.parse(line!) as [string, number, object[], object];
    expect(textOf(entry)).toEqual([published]);
    expect({ ...content, effects: storedEffects }).toEqual(published);
  });

  it('come back as they were', () => {
    const answer: StoredAnswer = { result: 'accepted', state: 'ACTIVE', allocations: [], shortUnits: 0 };
    const shortfalls = [{ type: 'shortfall', id: '7' }] as never;
    const lots = [{ ...effects[0]!, lots: [{ lot: 'L', onHand: -2 }] }];
    const release = { id: '7', source: 'shop', type: 'release', sku: 'A', reservationId: 'r' } as const;
    const atOnce = { ...decided, atMs: decided.recordedAtMs };
    for (const entry of [
      new StockEntry(sale, decided),
      new StockEntry(sale, { ...decided, effects: [], outcome: 'superseded_count' }),
      new StockEntry(sale, { ...decided, effects: lots, shortfalls, traces: [lotTrace('L')] }),
      new StockEntry(release, { ...atOnce, answer, outcome: 'accepted' }),
      new StockEntry({ id: 'h', source: 'wms', type: 'heartbeat', occurredAt: sale.occurredAt }, decided),
    ]) {
      const [back] = entriesOf(packsOf(entry));
      expect(back).toEqual(entry);
      expect(back!.contentHash).toBe(entry.contentHash);
    }
  });

  it('keep no field of a message that would pass for one of the ledger', () => {
    const forged = { ...sale, answer: 'x', effects: ['y'], outcome: 'z', content: '{}', partition: 77 };
    expect(new StockEntry(forged as never, decided)).toEqual(new StockEntry(sale, decided));
    const command = { id: '7', source: 'shop', type: 'release', sku: 'A', reservationId: 'r' } as const;
    const dated = new StockEntry({ ...command, occurredAt: 'long ago' } as never, decided);
    expect(dated.contentHash).toBe(new StockEntry(command, decided).contentHash);
  });

  it('that are no movements come back too', () => {
    const forward = { _id: 'f', contentHash: '', partition: 1, offset: 2, outcome: 'forwarded', key: 'k', value: null };
    expect(entriesOf(packsOf(forward, { ...forward, _id: 'g' }))).toEqual([forward, { ...forward, _id: 'g' }]);
    expect(packsOf(forward)).toHaveLength(1);
    expect(effectsIn(linesIn(packsOf(forward)[0]!)[0]!)).toBeUndefined();
  });

  it('are all there once, of one hour a pack, by SKU in the order of the ledger', () => {
    const one = fc.record({
      sku: fc.constantFrom('A', 'B', 'B"', '茶', 'A b'),
      atMs: fc.integer({ min: NOON_MS, max: NOON_MS + 3 * HOUR_MS }),
      reason: fc.string({ maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 260 }), (made) => {
        const entries = made.map(({ sku, atMs, reason }, i) => {
          const occurredAt = new Date(atMs).toISOString();
          const place = { id: `pos/${i}`, offset: i, version: 2 ** 40 + i, atMs };
          return new StockEntry({ ...sale, id: String(i), sku, occurredAt, reason }, { ...decided, ...place });
        });
        const packs = packsOf(...entries);
        expect(new Set(packs.map(({ _id }) => _id)).size).toBe(packs.length);
        for (const pack of packs) {
          const times = (entriesOf([pack]) as StockEntry[]).map(({ atMs }) => atMs);
          expect([pack.firstAt.getTime(), pack.lastAt.getTime()]).toEqual([Math.min(...times), Math.max(...times)]);
          expect(Math.floor(Math.min(...times) / HOUR_MS)).toBe(Math.floor(Math.max(...times) / HOUR_MS));
          expect(times.length).toBeLessThanOrEqual(100);
          expect(pack.skus.flatMap((sku) => movementsIn(pack, sku)).length).toBe(times.length);
        }
        const back = entriesOf(packs) as StockEntry[];
        expect(back.toSorted((a, b) => a.offset - b.offset)).toEqual(entries);
        for (const sku of new Set(made.map((each) => each.sku))) {
          const ofSku = packs.flatMap((pack) => movementsIn(pack, sku));
          const inAnHour = ofSku.filter(({ atMs }) => atMs < NOON_MS + HOUR_MS).map(({ offset }) => offset);
          expect(inAnHour).toEqual(inAnHour.toSorted((a, b) => a - b));
          expect(ofSku).toHaveLength(entries.filter((entry) => entry.sku === sku).length);
        }
        const wanted = new Set(['pos/0', `pos/${made.length - 1}`]);
        expect(new Set(entriesOf(packs, wanted).map(({ _id }) => _id))).toEqual(wanted);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('are bounded in bytes: what is large lies by itself', () => {
    const serials = Array.from({ length: 20_000 }, (_, i) => `serial-${i}`);
    const entries = [0, 1, 2].map(
      (i) => new StockEntry({ ...sale, id: `${i}`, serials }, { ...decided, id: `pos/${i}`, offset: i }),
    );
    expect(packsOf(...entries)).toHaveLength(3);
  });
});
