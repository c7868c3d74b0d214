import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { at, fact, given, reserve, Scene, step } from '../testing/given.js';

const SEED = 20_260_101;
const facts = fc.record({
  type: fc.constantFrom('receipt', 'sale', 'return', 'damage' as const),
  units: fc.integer({ min: 0, max: 9 }),
  minute: fc.integer({ min: -120, max: 0 }),
});
const messages = fc.array(
  fc.oneof(
    facts.map(({ type, units, minute }) => fact(type as 'sale', units, { occurredAt: at(minute) })),
    fc
      .record({
        id: fc.integer({ min: 1, max: 6 }),
        units: fc.integer({ min: 1, max: 9 }),
        mode: fc.constantFrom('all_or_nothing', 'split', 'partial'),
      })
      .map(({ id, units, mode }) => reserve(`r${id}`, units, { mode, locations: ['dc', 'dc2'] })),
    fc
      .record({
        id: fc.integer({ min: 1, max: 6 }),
        kind: fc.constantFrom('release', 'commit', 'fulfil', 'expire' as const),
      })
      .map(({ id, kind }) => step(kind as 'release', `r${id}`)),
  ),
  { maxLength: 40 },
);

describe('whatever happens to a SKU', () => {
  it('no reservation makes what is promised exceed what stood there', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const scene = new Scene();
        for (const message of list) {
          const before = scene.level();
          scene.when(message);
          const after = scene.level();
          if (message.type !== 'reserve' || !after || after.reserved === (before?.reserved ?? 0)) continue;
          expect(after.reserved).toBeLessThanOrEqual(after.onHand - after.damaged);
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('units reserved at places are the sum of live reservations', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const scene = given(fact('receipt', 20), ...list);
        const live = [...scene.draft.reservations.values()].filter(
          ({ state }) => state === 'ACTIVE' || state === 'COMMITTED',
        );
        for (const location of ['dc', 'dc2']) {
          const held = live
            .flatMap(({ allocations }) => allocations)
            .filter((a) => a.location === location)
            .reduce((sum, a) => sum + a.quantity, 0);
          expect(scene.level(location)?.reserved ?? 0).toBe(held);
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('facts and a count end at the same figure in any order of arrival', () => {
    const shuffledCase = fc
      .tuple(
        fc.array(facts, { maxLength: 12 }),
        fc.record({ units: fc.integer({ min: 0, max: 30 }), minute: fc.integer({ min: -120, max: 0 }) }),
      )
      .chain(([list, count]) => {
        const all = [
          ...list.map(({ type, units, minute }) => fact(type as 'sale', units, { occurredAt: at(minute) })),
          fact('count', count.units, { occurredAt: at(count.minute) }),
        ];
        return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }));
      });
    fc.assert(
      fc.property(shuffledCase, ([inOrder, shuffled]) => {
        expect(given(...shuffled).level()?.onHand).toBe(given(...inOrder).level()?.onHand);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('effects add up to the level', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const scene = new Scene();
        let sum = 0;
        for (const message of list)
          for (const event of scene.when(message).events)
            if (event.kind === 'stock_moved' && event.location === 'dc') sum += event.change.onHand ?? 0;
        expect(scene.level()?.onHand ?? 0).toBe(sum);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
