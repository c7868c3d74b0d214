import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asking, disposing, inspecting, receiving, saying, shipped } from '../../testing/return-cases.js';
import { returnEffects } from './return-effects.js';
import { feeMinorOf, shareMinor } from './return-money.js';

const SOLD = 4;
const units = fc.integer({ min: 1, max: SOLD });
const returnId = fc.constantFrom('r1', 'r2', 'r3');
const store = fc.constantFrom('shop-1', 'shop-2', 'shop-2', 'shop-2');
const step = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), returnId, units }),
  fc.record({ kind: fc.constant('receive' as const), returnId, units, store }),
  fc.record({
    kind: fc.constant('inspect' as const),
    returnId,
    units,
    store,
    condition: fc.constantFrom('as_new', 'as_new', 'as_new', 'opened', 'damaged', 'wrong_item'),
  }),
  fc.record({
    kind: fc.constant('dispose' as const),
    returnId,
    units,
    store,
    to: fc.constantFrom('restock', 'restock', 'restock', 'write_off', 'quality_control', 'hand_back'),
  }),
  fc.record({ kind: fc.constant('cancel' as const), returnId }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function messageOf(asked: Step) {
  switch (asked.kind) {
    case 'ask':
      return asking({ A: asked.units }, { returnId: asked.returnId });
    case 'receive':
      return receiving({ A: asked.units }, asked.store, { returnId: asked.returnId });
    case 'inspect':
      return inspecting({ A: asked.units }, asked.condition, { returnId: asked.returnId, store: asked.store });
    case 'dispose':
      return { ...disposing({ A: asked.units }, asked.to), returnId: asked.returnId, store: asked.store } as ReturnType<
        typeof disposing
      >;
    case 'cancel':
      return saying({ type: 'return_cancelled', returnId: asked.returnId });
  }
}

describe('returns of one order, in any order, from two stores, again and again', () => {
  it('bring back no more than was sold, and pay for no more than came', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 80 }), (steps) => {
        const scene = shipped({ A: SOLD });
        const ids = new Set<string>();
        let [backUnits, paidMinor] = [0, 0];
        for (const asked of steps) {
          scene.hear(messageOf(asked));
          const { facts = [], refunds = [] } = returnEffects(scene.order, scene.events) ?? {};
          for (const fact of facts) {
            expect(ids.has(fact.id)).toBe(false);
            ids.add(fact.id);
            if (fact.type === 'return') backUnits += fact.quantity;
          }
          for (const { refundMinor } of refunds) paidMinor += refundMinor!;
          const lines = (scene.order.returns ?? []).flatMap((one) => one.lines);
          for (const line of lines) {
            const inspected = line.acceptedUnits + line.declinedUnits;
            const waiting = line.waiting.restockable + line.waiting.unsaleable + line.waiting.declined;
            expect(line.receivedUnits).toBeLessThanOrEqual(line.requestedUnits);
            expect(inspected).toBeLessThanOrEqual(line.receivedUnits);
            expect(line.disposedUnits + waiting).toBe(inspected);
          }
          expect(backUnits).toBeLessThanOrEqual(SOLD);
          expect(paidMinor).toBe(100 * lines.reduce((sum, { acceptedUnits }) => sum + acceptedUnits, 0));
          expect(paidMinor).toBeLessThanOrEqual(100 * SOLD);
        }
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  it('keep back fees whose parts are the whole, however a line is divided', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        parts,
        fc.integer({ min: 0, max: 100_000_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        (divided, priceMinor, points) => {
          const quantity = divided.reduce((sum, part) => sum + part, 0);
          const wholeMinor = feeMinorOf(quantity * priceMinor, points);
          let before = 0;
          let sumMinor = 0;
          for (const part of divided) {
            sumMinor += shareMinor(wholeMinor, before, part, quantity);
            before += part;
          }
          expect(sumMinor).toBe(wholeMinor);
        },
      ),
      { seed: 5 },
    );
  });
});
