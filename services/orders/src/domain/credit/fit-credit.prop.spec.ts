import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answerTo, CreditBook, creditScene, onAccount } from '../../testing/credit-scene.js';
import { cancelling } from '../../testing/order-cases.js';
import type { OrderScene } from '../../testing/order-scene.js';
import { sumMinor } from './credit-state.js';

const SEED = 20_260_601;
const IDS = ['o-1', 'o-2', 'o-3'] as const;
const step = fc.oneof(
  fc.record({ do: fc.constantFrom('place', 'cancel'), order: fc.nat(2), units: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constantFrom('ask', 'ask', 'again', 'lose', 'down'), at: fc.nat(9) }),
  fc.record({ do: fc.constant('limit'), limitMinor: fc.constantFrom(0, 300, 700, 2000) }),
  fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(5000, 30_000, 900_000) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Questions may be answered in any order, twice, not at all, or with the answer lost on its way back. */
function take(scene: OrderScene, book: CreditBook, one: Step): void {
  if ('at' in one) ask(scene, book, one.do, one.at);
  else if ('order' in one) {
    const orderId = IDS[one.order]!;
    scene.when(one.do === 'place' ? onAccount({ A: one.units }, { orderId }) : cancelling(orderId));
  } else if ('limitMinor' in one) book.limitMinor = one.limitMinor;
  else scene.after(one.ms);
}

function ask(scene: OrderScene, book: CreditBook, how: 'ask' | 'again' | 'lose' | 'down', at: number): void {
  const index = at % Math.max(1, scene.creditRequests.length);
  const request = scene.creditRequests[index];
  if (!request) return;
  if (how !== 'again') scene.creditRequests.splice(index, 1);
  const result = how === 'down' ? ('unavailable' as const) : book.answer(request);
  if (how !== 'lose') scene.when(answerTo(request, result));
}

const promisedWithoutCredit = (scene: OrderScene): string[] =>
  [...scene.orders.values()].flatMap(({ orderId, credit, holds }) =>
    holds.length > 0 && !credit?.isGranted ? [orderId] : [],
  );

/** Nobody misbehaves any more, and time goes on. */
function comeToRest(scene: OrderScene, book: CreditBook): void {
  for (let round = 0; round < 40; round++) {
    while (scene.creditRequests.length > 0) ask(scene, book, 'ask', 0);
    scene.after(900_000);
  }
}

it('what is held of a limit is what the orders cost, at rest, and nothing is promised without it', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), (steps) => {
      const scene = creditScene({ A: { dc: 6 } });
      const book = new CreditBook(700);
      for (const one of steps) {
        take(scene, book, one);
        expect(promisedWithoutCredit(scene)).toEqual([]);
      }
      comeToRest(scene, book);
      const owed = [...scene.orders.values()].map((order) => [
        order.orderId,
        order.credit?.isGranted ? sumMinor(order) : 0,
      ]);
      const held = [...scene.orders.keys()].map((orderId) => [orderId, book.holds.get(orderId)?.holdMinor ?? 0]);
      expect(held).toEqual(owed);
    }),
    { seed: SEED, numRuns: 400 },
  );
});
