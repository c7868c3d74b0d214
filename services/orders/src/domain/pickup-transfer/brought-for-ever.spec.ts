import { describe, expect, it } from '@jest/globals';
import { changing } from '../../testing/changing.js';
import { collecting, PickupScene } from '../../testing/pickup-scene.js';
import { MOST_TASKS } from '../most-tasks.js';

/** On its way, and as if it had been brought so often before. */
function brought(times: number): PickupScene {
  const scene = new PickupScene({ A: { dc: 9 } }).when(collecting({ A: 2 })).does('ship');
  const { order } = scene.orders;
  const earlier = Array.from({ length: times }, (_, i) => ({ ...order.transfers![0]!, number: i + 2 }));
  scene.orders.orders.set(order.orderId, { ...order, transfers: [...order.transfers!, ...earlier] });
  return scene.does('close', { reason: 'lost' });
}

describe('an order whose units never come to where it is collected', () => {
  it('was brought anew for ever, and grew with each transfer', () => {
    const { orders } = brought(MOST_TASKS - 1);
    expect(orders.order).toMatchObject({ state: 'WAITING', reason: 'too_many_tasks' });
    expect(orders.order.transfers).toHaveLength(MOST_TASKS);
    const [refusal] = orders.hear(changing({ A: 3 })).refusals;
    expect(refusal).toMatchObject({ code: 'too_many_tasks', detail: expect.stringContaining('brought 200 times') });
  });

  it('is brought once more before that', () => {
    const { orders } = brought(MOST_TASKS - 2);
    expect(orders.order).toMatchObject({ state: 'ARRIVING' });
    expect(orders.order.transfers).toHaveLength(MOST_TASKS);
  });
});
