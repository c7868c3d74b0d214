import { expect, it } from '@jest/globals';
import { placing, TIMES } from '../testing/order-cases.js';
import { orderFaults } from '../testing/order-faults.js';
import { OrderScene } from '../testing/order-scene.js';

/**
 * A reservation ran out before its task was made lasting. The task's other line was given back and, since no plan could
 * see its units before the ledger had heard of that, cancelled at once as out of stock.
 */
it('an order whose task is lost gets the units again that it had itself', () => {
  const scene = new OrderScene({ A: { 'shop-1': 1 }, B: { 'shop-1': 1 } });
  scene.hear(placing({ A: 1, B: 1 }, { wish: 'cancel_rest' }));
  scene.deliverCommand();
  scene.deliverAnswer();
  // The ledger hears of the second line a moment before the first one's hold ends, and of the commits a moment after.
  scene.nowMs += TIMES.holdForMs - 1;
  scene.deliverCommand();
  scene.deliverAnswer();
  scene.deliverCommand(1);
  scene.nowMs += 1;
  const { seen } = scene;
  scene.seen = () => 0;
  scene.deliverAll();
  expect(scene.order).toMatchObject({ state: 'WAITING', lines: [{ cancelledUnits: 0 }, { cancelledUnits: 0 }] });
  scene.seen = seen;
  scene.after(TIMES.askAgainAfterMs);
  expect(scene.order).toMatchObject({ state: 'ROUTED', tasks: [{ state: 'CANCELLED' }, { location: 'shop-1' }] });
  expect(orderFaults(scene)).toEqual([]);
});
