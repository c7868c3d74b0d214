import { expect, it } from '@jest/globals';
import { placing, TIMES } from '../testing/order-cases.js';
import { OrderScene } from '../testing/order-scene.js';

/** An order that waits for all reserved the part that was there, and gave it back, with every trial. */
it('an order that waits for all asks for nothing before all of it is there', () => {
  const scene = new OrderScene({ A: { dc: 1 } }).hear(placing({ A: 1, B: 1 }, { wish: 'wait_for_all' }));
  for (let trial = 0; trial < 3; trial += 1) {
    expect([scene.order.state, scene.commands]).toEqual(['WAITING', []]);
    scene.pass(TIMES.retryAfterMs);
  }
  scene.ledger.receive('B', 'dc', 1);
  expect(scene.after(TIMES.retryAfterMs).order.state).toBe('ROUTED');
});
