import { describe, expect, it } from '@jest/globals';
import type { StockCommand } from '@shelfline/contracts/stock-delta';
import fc from 'fast-check';
import { at, fact, reserve, Scene, step } from '../testing/given.js';
import { expectedBy } from './expectations.js';
import { awaitedOf, missingUnits, promisableArrivals, promisableIncoming } from './incoming-promises.js';
import { instantOf } from './instant.js';
import { emptyLevel, isLive, type Level, type Reservation } from './stock.js';

const SEED = 20_260_101;
const PLACES = ['dc', 'dc2'] as const;
const units = fc.integer({ min: 1, max: 9 });
const place = fc.constantFrom(...PLACES);
const document = fc.constantFrom('D1', 'D2');

const messages = fc.array(
  fc.oneof(
    fc.record({ units, place, document, withdrawn: fc.constantFrom(true, false, false) }).map((one) =>
      fact('expect', one.units, {
        location: one.place,
        reference: one.document,
        ...(one.withdrawn ? { withdrawn: true } : {}),
      }),
    ),
    fc
      .record({ units, place, document, type: fc.constantFrom('receipt', 'transfer_in' as const) })
      .map((one) => fact(one.type, one.units, { location: one.place, reference: one.document })),
    fc.record({ units, place }).map((one) => fact('sale', one.units, { location: one.place })),
    fc
      .record({
        id: fc.integer({ min: 1, max: 40 }),
        units,
        isAhead: fc.constantFrom(true, true, false),
        mode: fc.constantFrom('all_or_nothing', 'split', 'partial'),
      })
      .map((one) =>
        reserve(`r${one.id}`, one.units, {
          locations: [...PLACES],
          mode: one.mode,
          ...(one.isAhead ? { against: 'incoming' } : {}),
        }),
      ),
    fc
      .record({ id: fc.integer({ min: 1, max: 40 }), type: fc.constantFrom('release', 'commit', 'fulfil' as const) })
      .map((one) => step(one.type as 'release', `r${one.id}`)),
    fc
      .record({ id: fc.integer({ min: 1, max: 40 }), keep: fc.integer({ min: 1, max: 5 }) })
      .map(({ id, keep }) => ({ ...step('release', `r${id}`), type: 'reduce', keep }) as StockCommand),
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
);

const sum = (of: readonly { readonly quantity: number }[]) => of.reduce((total, { quantity }) => total + quantity, 0);

describe('whatever is expected, comes in, or does not', () => {
  it('no more is promised than is expected, and what is promised is what live reservations await', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const scene = new Scene();
        for (const message of list) {
          scene.when(message);
          const live = [...scene.draft.reservations.values()].filter(isLive);
          for (const location of PLACES) {
            const level = scene.level(location);
            const promised = level?.promisedIncoming ?? 0;
            expect(promised).toBeLessThanOrEqual(level?.incoming ?? 0);
            const at = (shares: readonly { location: string; quantity: number }[]) =>
              sum(shares.filter((share) => share.location === location));
            expect(promised).toBe(live.reduce((total, { awaited = [] }) => total + at(awaited), 0));
            expect(level?.reserved ?? 0).toBe(live.reduce((total, { allocations }) => total + at(allocations), 0));
          }
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('a promise is kept once or taken back once, and never both', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const scene = new Scene();
        const ended = new Map<string, string>();
        const waited = new Set<string>();
        for (const message of list) {
          const before = new Map(scene.draft.reservations);
          for (const { reservationId, awaited } of before.values()) if (awaited) waited.add(reservationId);
          for (const event of scene.when(message).events) {
            const named =
              event.kind === 'promises_met'
                ? event.met
                : event.kind === 'shortfall_found' && event.of === 'incoming'
                  ? event.endangered
                  : [];
            for (const { reservationId } of named) {
              expect(ended.has(reservationId)).toBe(false);
              ended.set(reservationId, event.kind);
              expect(before.get(reservationId)?.awaited).toBeDefined();
            }
          }
        }
        for (const [reservationId, kind] of ended) {
          const { state, awaited } = scene.draft.findReservation(reservationId)!;
          expect(awaited).toBeUndefined();
          expect(kind === 'promises_met' || state === 'RELEASED').toBe(true);
        }
        // Whoever awaited something and holds all that is left of it was told so, or would wait for ever.
        for (const { reservationId, awaited } of [...scene.draft.reservations.values()].filter(isLive))
          expect(awaited !== undefined || !waited.has(reservationId) || ended.has(reservationId)).toBe(true);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('a live reservation holds and awaits together what it was promised, at every step', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const scene = new Scene();
        const promised = new Map<string, number>();
        for (const message of list) {
          scene.when(message);
          for (const one of scene.draft.reservations.values()) {
            if (!isLive(one)) continue;
            const total = sum(one.allocations) + sum(one.awaited ?? []);
            const before = promised.get(one.reservationId) ?? total;
            const isReduced = message.type === 'reduce' && message.reservationId === one.reservationId;
            expect(total).toBe(isReduced ? Math.min(message.keep, before) : before);
            promised.set(one.reservationId, total);
          }
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('each promise is told the day of the delivery that serves it, as its place hears of deliveries, and told once', () => {
    const dated = messages.map((list) =>
      list.map((message, i) =>
        message.type === 'expect' && i % 4 > 0 ? { ...message, expectedAt: at((i % 4) * 1000) } : message,
      ),
    );
    fc.assert(
      fc.property(dated, (list) => {
        const scene = new Scene();
        for (const message of list) {
          const before = new Map(scene.draft.reservations);
          const { events } = scene.when(message);
          if (message.type !== 'expect' && message.type !== 'receipt' && message.type !== 'transfer_in') continue;
          const { location } = message;
          const level = scene.level(location)!;
          const dayOf = (one: Reservation | undefined) =>
            one?.awaited?.find((share) => share.location === location)?.expectedAt;
          const told = events.flatMap((event) => (event.kind === 'promises_moved' ? event.moved : []));
          const waiting = [...scene.draft.reservations.values()]
            .filter((one) => isLive(one) && one.awaited?.some((share) => share.location === location))
            .sort((a, b) => a.madeVersion - b.madeVersion);
          let passed = missingUnits(level);
          for (const one of waiting) {
            passed += one.awaited!.find((share) => share.location === location)!.quantity;
            const atMs = expectedBy(level.expected, passed);
            expect(dayOf(one)).toBe(atMs === undefined ? undefined : instantOf(atMs));
            const isTold = told.some(({ reservationId }) => reservationId === one.reservationId);
            expect(isTold).toBe(dayOf(one) !== dayOf(before.get(one.reservationId)));
          }
          expect(told.length).toBeLessThanOrEqual(waiting.length);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('who was promised first is served first', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const scene = new Scene();
        for (const message of list) {
          scene.when(message);
          for (const location of PLACES) {
            const waiting = [...scene.draft.reservations.values()]
              .filter((one) => isLive(one) && one.awaited?.some((share) => share.location === location))
              .sort((a, b) => a.madeVersion - b.madeVersion);
            // Only the oldest may hold a part already: the others have to wait for it.
            for (const { allocations } of waiting.slice(1))
              expect(allocations.filter((share) => share.location === location)).toEqual([]);
          }
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe('what is told of deliveries by their days', () => {
  const deliveredTo = fc
    .record({
      onHand: fc.integer({ min: -3, max: 5 }),
      reserved: fc.integer({ min: 0, max: 8 }),
      promised: fc.integer({ min: 0, max: 20 }),
      untold: fc.integer({ min: 0, max: 3 }),
      expected: fc.array(
        fc.record({ units, atMs: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined, freq: 6 }) }),
        { maxLength: 12 },
      ),
    })
    .map(({ onHand, reserved, promised, untold, expected }): Level => {
      const incoming = expected.reduce((total, one) => total + one.units, untold);
      return {
        ...emptyLevel('dc'),
        onHand,
        reserved,
        incoming,
        ...(promised === 0 ? {} : { promisedIncoming: Math.min(promised, incoming) }),
        expected: expected.map(({ atMs, ...one }, i) => ({
          reference: `D${i}`,
          ...one,
          ...(atMs === undefined ? {} : { atMs }),
        })),
      };
    });

  it('is all that may be promised, by the day that each promise would be told', () => {
    fc.assert(
      fc.property(deliveredTo, (level) => {
        const arrivals = promisableArrivals(level);
        const all = promisableIncoming(level);
        expect(arrivals.reduce((total, one) => total + one.units, 0)).toBe(all);
        const days = arrivals.flatMap(({ units: more, atMs }) => Array.from({ length: more }, () => atMs));
        for (let quantity = 1; quantity <= all; quantity++) {
          const { expectedAt } = awaitedOf(level, quantity);
          expect(expectedAt === undefined ? undefined : Date.parse(expectedAt)).toBe(days[quantity - 1]);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('is no longer than twenty days, and tells none sooner than it is', () => {
    const expected = Array.from({ length: 30 }, (_, i) => ({ reference: `D${i}`, units: 1, atMs: i }));
    const arrivals = promisableArrivals({ ...emptyLevel('dc'), incoming: 30, expected });
    expect([arrivals.length, arrivals[18], arrivals[19]]).toEqual([
      20,
      { units: 1, atMs: 18 },
      { units: 11, atMs: 29 },
    ]);
  });
});
