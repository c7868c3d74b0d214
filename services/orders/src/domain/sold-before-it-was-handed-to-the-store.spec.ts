import { expect, it } from '@jest/globals';
import { placing } from '../testing/order-cases.js';
import { OrderScene } from '../testing/order-scene.js';

/** The notice came while another line was still asked for; it was forgotten, and the store was sent after nothing. */
it('a line that a till sold while another was still asked for is taken from another place', () => {
  const scene = new OrderScene({ A: { 'shop-1': 1, 'shop-2': 1 }, B: { dc: 1 } }).hear(placing({ A: 1, B: 1 }));
  scene.deliverCommand();
  scene.deliverAnswer();
  expect(scene.order.holds).toMatchObject([{ state: 'held', location: 'shop-1' }, { state: 'asked' }]);
  scene.sell('A', 'shop-1', 1);
  scene.deliverAnswer();
  scene.deliverAll();
  expect(scene.order.tasks.map(({ location }) => location).toSorted()).toEqual(['dc', 'shop-2']);
});
