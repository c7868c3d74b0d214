import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fact, hours, repair, reserve, step } from '../testing/deltas.js';
import { given, type Ledger, type Message } from '../testing/given-stock.js';
import { type LotLayer, unlottedOf } from './lots.js';
import type { StockEvent } from './stock.js';

const SEED = 20_261_127;
const PLACES = ['shop-a', 'shop-b'] as const;
const EXPIRY: Readonly<Record<string, string>> = { A: '2026-03-01', B: '2026-03-09', C: '2026-02-20' };

const place = fc.constantFrom(...PLACES);
const units = fc.integer({ min: 0, max: 9 });
const named = fc.record({
  lot: fc.option(fc.constantFrom('A', 'B', 'C', 'D'), { nil: undefined }),
  serials: fc.option(fc.uniqueArray(fc.constantFrom('s1', 's2', 's3', 's4', 's5'), { maxLength: 3 }), {
    nil: undefined,
    freq: 3,
  }),
  hour: fc.integer({ min: -30, max: 12 }),
});
const facts = fc
  .tuple(
    fc.constantFrom('receipt', 'sale', 'return', 'damage', 'transfer_in', 'transfer_out', 'count', 'adjustment'),
    units,
    place,
    named,
  )
  .map(([type, n, where, { lot, serials, hour }]) =>
    fact(type as 'sale', type === 'adjustment' ? n - 4 : n, where, {
      occurredAt: hours(hour),
      ...(lot === undefined ? {} : { lot, ...(EXPIRY[lot] === undefined ? {} : { expiresOn: EXPIRY[lot] }) }),
      ...(serials === undefined ? {} : { serials }),
    }),
  );
const holder = fc.constantFrom('R1', 'R2', 'R3');
const messages: fc.Arbitrary<Message[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: facts },
    fc.tuple(holder, units).map(([id, n]) => reserve(id, n + 1, { locations: [...PLACES], mode: 'split' })),
    fc
      .tuple(holder, fc.constantFrom('A', 'B', 'C'), units, fc.boolean())
      .map(([id, lot, quantity, isPicked]) => step('fulfil', id, isPicked ? { lots: [{ lot, quantity }] } : {})),
  ),
  { maxLength: 40 },
);

/** Mostly lots that come and sales that name none. */
const comingAndGoing: fc.Arbitrary<Message[]> = fc.array(
  fc.oneof(
    fc
      .tuple(fc.constantFrom(undefined, 'A', 'B', 'C', 'D', 'E'), units, fc.integer({ min: -30, max: 0 }))
      .map(([lot, n, hour]) =>
        fact('receipt', n, 'shop-a', {
          occurredAt: hours(hour),
          ...(lot === undefined ? {} : { lot, ...(EXPIRY[lot] === undefined ? {} : { expiresOn: EXPIRY[lot] }) }),
        }),
      ),
    fc
      .tuple(units, fc.integer({ min: -14, max: 13 }))
      .map(([n, hour]) => fact('sale', n, 'shop-a', { occurredAt: hours(hour) })),
    fc
      .tuple(fc.constantFrom('A', 'B'), units, fc.integer({ min: -20, max: 0 }))
      .map(([lot, n, hour]) => fact('count', n, 'shop-a', { lot, occurredAt: hours(hour) })),
  ),
  { maxLength: 25 },
);

const keyOf = (location: string, lot: string) => `${location}/${lot}`;
type Moved = Extract<StockEvent, { kind: 'stock_moved' }>;
const movesIn = (events: readonly StockEvent[]): Moved[] =>
  events.filter((event): event is Moved => event.kind === 'stock_moved');

/** Plays a history; `look` sees the ledger before and after each record. */
function play(
  list: readonly Message[],
  look: (message: Message, before: Before, moves: Moved[], ledger: Ledger) => void,
) {
  const { ledger } = given();
  for (const message of list) {
    const before = new Map(PLACES.map((location) => [location as string, ledger.level(location)]));
    look(message, before, movesIn(ledger.record(message)), ledger);
  }
}
type Before = ReadonlyMap<string, ReturnType<Ledger['level']>>;

describe('whatever moves, with and without naming lots', () => {
  it('the changes that are stored with movements add up to the lots and to what has none', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const sums = new Map<string, number>();
        const add = (key: string, n: number) => sums.set(key, (sums.get(key) ?? 0) + n);
        play(list, (_, __, moves, ledger) => {
          for (const { location, change, lots } of moves) {
            add(keyOf(location, ''), change.onHand ?? 0);
            for (const { lot, onHand = 0 } of lots?.changes ?? []) {
              add(keyOf(location, lot), onHand);
              add(keyOf(location, ''), -onHand);
            }
          }
          for (const location of PLACES) {
            const level = ledger.level(location);
            expect(unlottedOf(level)).toBe(sums.get(keyOf(location, '')) ?? 0);
            for (const { lot, onHand } of level.lots ?? []) expect(onHand).toBe(sums.get(keyOf(location, lot)) ?? 0);
          }
        });
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('what names no lot takes none while there are units without, none below 0, and none before one that ends earlier', () => {
    fc.assert(
      fc.property(comingAndGoing, (list) => {
        play(list, (message, before, moves, ledger) => {
          if (message.type !== 'sale' || message['lot'] !== undefined || message['serials'] !== undefined) return;
          const [moved] = moves;
          const taken = moved?.lots?.changes ?? [];
          if (!moved || taken.length === 0) return;
          const day = String(message['occurredAt']).slice(0, 10);
          const after = ledger.level(moved.location);
          expect(unlottedOf(after)).toBeLessThanOrEqual(0);
          const last = before.get(moved.location)!.lots!.find(({ lot }) => lot === taken.at(-1)!.lot)!;
          const atMs = Date.parse(String(message['occurredAt']));
          const isPassed = ({ countedAtMs }: LotLayer) => countedAtMs !== null && countedAtMs >= atMs;
          const overdrawn = after.lots!.filter(
            ({ lot, onHand }) => onHand < 0 && taken.some((each) => each.lot === lot),
          );
          const earlier = after.lots!.filter(
            (layer) => layer.lot !== last.lot && !isPassed(layer) && rank(layer, day) < rank(last, day),
          );
          expect([overdrawn, earlier.filter(({ onHand }) => onHand > 0)]).toEqual([[], []]);
        });
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('a serial number stands in one place at most, once', () => {
    fc.assert(
      fc.property(messages, (list) => {
        play(list, (_, __, ___, ledger) => {
          const serials = PLACES.flatMap((location) =>
            (ledger.level(location).serials ?? []).map(([serial]) => serial),
          );
          expect(new Set(serials).size).toBe(serials.length);
        });
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('a recount that lists the lots sets every one of them, and keeps what is known of their days', () => {
    fc.assert(
      fc.property(
        messages,
        fc.array(fc.tuple(fc.constantFrom('A', 'B', 'Z'), units), { maxLength: 3 }),
        (list, found) => {
          const { ledger } = given();
          let version = 1;
          for (const message of list) version += ledger.record(message).length;
          const before = ledger.level('shop-a');
          const lots = [...new Map(found)].map(([lot, onHand]) => ({ lot, onHand, damaged: 0, qualityControl: 0 }));
          const recount = { onHand: 9, reserved: 0, damaged: 0, qualityControl: 0, incoming: 0, lots };
          ledger.record(repair('shop-a', recount, version));
          const after = ledger.level('shop-a');
          const held = (after.lots ?? []).filter(({ onHand }) => onHand !== 0);
          expect(new Map(held.map(({ lot, onHand }) => [lot, onHand]))).toEqual(
            new Map(lots.filter(({ onHand }) => onHand !== 0).map(({ lot, onHand }) => [lot, onHand])),
          );
          for (const { lot, expiresOn } of held)
            expect(expiresOn).toBe(before.lots?.find((layer) => layer.lot === lot)?.expiresOn ?? null);
        },
      ),
      { seed: SEED, numRuns: 200 },
    );
  });
});

/** Sellable before expired; then by last day. */
const rank = ({ expiresOn }: LotLayer, day: string): string =>
  `${expiresOn !== null && expiresOn < day ? 1 : 0}${expiresOn ?? '~'}`;
