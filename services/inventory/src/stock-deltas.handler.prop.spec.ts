import { describe, expect, it, jest } from '@jest/globals';
import type { StockDelta } from '@shelfline/contracts/stock-delta';
import { LEVEL_BUCKETS } from '@shelfline/contracts/stock-level';
import fc from 'fast-check';
import { SHOPS } from './testing/catalog.js';
import { count, fact, fence, hours, move, reserve, step } from './testing/deltas.js';
import { MemoryLedger } from './testing/memory-ledger.js';

jest.setTimeout(60_000);

const SKUS = ['SKU-1', 'SKU-2', 'SKU-3'];
const CATALOG = { ...SHOPS, products: { 'SKU-1': {}, 'SKU-2': {} } };
const PLACES = ['shop-a', 'ecom', 'factory'];

const sku = fc.constantFrom(...SKUS);
const place = fc.constantFrom(...PLACES);
const units = fc.integer({ min: 0, max: 12 });
const hour = fc.integer({ min: -6, max: 6 }).map((h) => ({ occurredAt: hours(h) }));
const holder = fc.constantFrom('A', 'B', 'C', 'D');
const facts = fc
  .tuple(fc.constantFrom('receipt', 'sale', 'return', 'damage', 'expect', 'transfer_in'), units, place, sku, hour)
  .map(([type, n, where, what, when]) => fact(type as 'sale', n, where, { sku: what, ...when }));
const counts = fc
  .tuple(units, place, sku, hour)
  .map(([n, where, what, when]) => count(n, where, { sku: what, ...when }));
const holds = fc
  .tuple(holder, units, fc.constantFrom('all_or_nothing', 'split', 'partial'), sku, fc.boolean())
  .map(([id, n, mode, what, channel]) => ({
    ...reserve(id, n + 1, { mode: mode as 'split', ...(channel ? { channel: 'web' } : { locations: PLACES }) }),
    sku: what,
  }));
const steps = fc
  .tuple(fc.constantFrom('release', 'commit', 'fulfil'), holder, sku)
  .map(([type, id, what]) => ({ ...step(type as 'release', id), sku: what }));
const moves = fc
  .tuple(holder, place, place, units, sku)
  .map(([id, from, to, n, what]) => ({ ...move(id, from, to, n + 1), sku: what }));
const fences = fc
  .tuple(place, fc.constantFrom('web', 'tmall'), units, sku)
  .map(([where, channel, n, what]) => ({ ...fence(where, channel, n), sku: what }));
const history = fc.array(
  fc.oneof({ weight: 4, arbitrary: facts }, counts, { weight: 3, arbitrary: holds }, steps, moves, fences),
  {
    minLength: 1,
    maxLength: 40,
  },
);

async function play(messages: readonly StockDelta[], sizes: readonly number[]): Promise<MemoryLedger> {
  const ledger = new MemoryLedger(CATALOG);
  let from = 0;
  for (let i = 0; from < messages.length; i++) {
    const to = from + (sizes[i % sizes.length] ?? 1);
    await ledger.process(...messages.slice(from, to));
    from = to;
  }
  return ledger;
}

const stored = (ledger: MemoryLedger) => [...ledger.repository.levels.values()];

describe('whatever happens', () => {
  it('the size of batches changes nothing that is stored, nor what is shown in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1 }),
        async (messages, sizes) => {
          const [one, other] = [await play(messages, [1]), await play(messages, sizes)];
          expect(other.repository.entries).toEqual(one.repository.entries);
          expect(other.repository.reservations).toEqual(one.repository.reservations);
          expect(new Map(stored(other).map(({ sku: s, level }) => [`${s}@${level.location}`, level]))).toEqual(
            new Map(stored(one).map(({ sku: s, level }) => [`${s}@${level.location}`, level])),
          );
          for (const [key, { available, status }] of one.availability)
            expect(other.availability.get(key)).toMatchObject({ available, status });
        },
      ),
      { numRuns: 80 },
    );
  });

  it('levels are the sum of the effects that are stored', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (messages) => {
        const ledger = await play(messages, [7]);
        const sums = new Map<string, Record<string, number>>();
        for (const entry of ledger.repository.entries.values())
          for (const effect of entry.effects) {
            const key = `${entry.sku}@${effect.location}`;
            const sum = sums.get(key) ?? Object.fromEntries(LEVEL_BUCKETS.map((bucket) => [bucket, 0]));
            for (const bucket of LEVEL_BUCKETS) sum[bucket] = sum[bucket]! + (effect[bucket] ?? 0);
            sums.set(key, sum);
          }
        for (const { sku: s, level } of stored(ledger))
          expect(level).toMatchObject(sums.get(`${s}@${level.location}`)!);
      }),
      { numRuns: 80 },
    );
  });

  it('what other SKUs do changes nothing of one', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (messages) => {
        const all = await play(messages, [5]);
        const alone = await play(
          messages.filter((message) => 'sku' in message && message.sku === 'SKU-1'),
          [5],
        );
        const bucketsOf = (ledger: MemoryLedger) =>
          stored(ledger)
            .filter(({ sku: s }) => s === 'SKU-1')
            .map(({ level: { location, onHand, reserved, incoming } }) => ({ location, onHand, reserved, incoming }));
        expect(bucketsOf(all)).toEqual(bucketsOf(alone));
      }),
      { numRuns: 60 },
    );
  });

  it('live reservations add up to what is reserved, and none was made of what did not stand there', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (messages) => {
        const ledger = await play(messages, [3]);
        const held = new Map<string, number>();
        for (const { sku: s, reservation } of ledger.repository.reservations.values())
          if (reservation.state === 'ACTIVE' || reservation.state === 'COMMITTED')
            for (const { location, quantity } of reservation.allocations)
              held.set(`${s}@${location}`, (held.get(`${s}@${location}`) ?? 0) + quantity);
        for (const { sku: s, level } of stored(ledger))
          expect(level.reserved).toBe(held.get(`${s}@${level.location}`) ?? 0);
        const promises = [...ledger.repository.entries.values()]
          .filter(({ type }) => type === 'reserve' || type === 'move')
          .flatMap(({ effects }) => effects.filter(({ reserved = 0 }) => reserved > 0));
        for (const { reservedAfter, onHandAfter } of promises) expect(reservedAfter).toBeLessThanOrEqual(onHandAfter);
      }),
      { numRuns: 80 },
    );
  });

  it('facts and counts end at the same figure, in whatever order they arrive', async () => {
    const distinctCounts = fc
      .uniqueArray(fc.integer({ min: -5, max: 5 }), { maxLength: 3 })
      .chain((at) => fc.tuple(...at.map((h) => units.map((n) => count(n, 'ecom', { occurredAt: hours(h + 0.5) })))));
    const pieces = fc.array(
      fc
        .tuple(fc.constantFrom('receipt', 'sale', 'return'), units, hour)
        .map(([type, n, when]) => fact(type as 'sale', n, 'ecom', when)),
      { maxLength: 12 },
    );
    const arrivals = fc.tuple(pieces, distinctCounts).chain(([some, counted]) => {
      const all = [...some, ...counted];
      const shuffled = fc.shuffledSubarray(all, { minLength: all.length });
      return fc.tuple(shuffled, shuffled, fc.integer({ min: 1, max: 6 }));
    });
    await fc.assert(
      fc.asyncProperty(arrivals, async ([first, second, size]) => {
        const [one, other] = [await play(first, [size]), await play(second, [1])];
        expect(stored(other).map(({ level }) => level.onHand)).toEqual(stored(one).map(({ level }) => level.onHand));
      }),
      { numRuns: 120 },
    );
  });
});
