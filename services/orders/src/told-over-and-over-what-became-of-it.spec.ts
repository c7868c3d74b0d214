import { expect, it } from '@jest/globals';
import { NOW_MS, placing, TIMES } from './testing/order-cases.js';
import { Intake } from './testing/order-intake.js';

/** Each time an order left RESERVING, whoever had placed it was answered once more: with every trial of one that waits. */
it('whoever placed an order that is tried again and again is told once what became of it', async () => {
  const intake = new Intake({});
  // The tables have not heard yet that there is none.
  intake.scene.seen = (_sku, place) => (place === 'dc' ? 1 : 0);
  await intake.batch(placing());
  const states: (string | undefined)[] = [];
  for (let trial = 1; trial <= 3; trial += 1) {
    for (let round = 0; round < 4; round += 1) {
      await intake.ledgerAnswers();
      states.push(...intake.answers.map(({ state }) => state));
    }
    intake.nowMs = NOW_MS + trial * TIMES.retryAfterMs;
    await intake.batch('tick');
  }
  expect(states).toEqual(['WAITING']);
  expect(intake.orders.orders.get('web-1')!.holdsAsked).toBeGreaterThan(8);
});
