import { describe, expect, it } from '@jest/globals';
import { changing } from '../testing/changing.js';
import { doing, placing } from '../testing/order-cases.js';
import { orderFaults } from '../testing/order-faults.js';
import { given, type OrderScene } from '../testing/order-scene.js';
import { MOST_TASKS } from './most-tasks.js';

/** As if it had been sent on so often before. */
function sentOn(scene: OrderScene, count: number): OrderScene {
  const { order } = scene;
  const [task] = order.tasks;
  const closed = Array.from({ length: count }, (_, i) => ({ ...task!, number: i + 2, state: 'TIMED_OUT' as const }));
  scene.orders.set(order.orderId, { ...order, tasks: [...order.tasks, ...closed] });
  return scene;
}
const UNITS = { A: { 'shop-1': 3, 'shop-2': 3 } };

describe('an order that was sent on for ever', () => {
  it('waits in the queue, promises nothing more, and stays there when it is tried again', () => {
    const scene = sentOn(given(UNITS, placing({ A: 1 })), MOST_TASKS - 1).when(doing('reject'));
    expect([scene.order.state, scene.order.reason, scene.ledger.live()]).toEqual(['WAITING', 'too_many_tasks', []]);
    scene.after(scene.order.retryAtMs! - scene.nowMs);
    expect([scene.order.state, scene.order.tasks.length, orderFaults(scene)]).toEqual(['WAITING', MOST_TASKS, []]);
  });

  it('goes to one more place before that', () => {
    const scene = sentOn(given(UNITS, placing({ A: 1 })), MOST_TASKS - 2).when(doing('reject'));
    expect(scene.order.tasks.at(-1)).toMatchObject({ location: 'shop-2', state: 'ASSIGNED', number: MOST_TASKS });
  });

  it('is not changed to what needs another task, and keeps what it has', () => {
    const scene = sentOn(given(UNITS, placing({ A: 2 })), MOST_TASKS);
    for (const change of [changing({ A: 3 }), changing({}, { method: 'pickup', store: 'shop-2' })])
      expect(scene.when(change).refusals).toMatchObject([{ code: 'too_many_tasks' }]);
    expect(scene.when(changing({ A: 1 })).refusals).toEqual([]);
    expect(scene.ledger.reservedOf('A', 'shop-1')).toBe(1);
  });
});
