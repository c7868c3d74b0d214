import { describe, expect, it } from '@jest/globals';
import type { PlaceOrder } from '@shelfline/contracts/order';
import { cancelling, doing, placing } from '../testing/order-cases.js';
import { orderFaults } from '../testing/order-faults.js';
import { OrderScene } from '../testing/order-scene.js';
import { isFinal } from './order.js';

type Move = readonly [name: string, (scene: OrderScene) => void];
const command: Move = ['the ledger hears', (scene) => scene.deliverCommand()];
const answer: Move = ['the order hears', (scene) => scene.deliverAnswer()];
const store = (action: Parameters<typeof doing>[0], number: number, place: string): Move => [
  `${place} says ${action}`,
  (scene) => scene.hear(doing(action, { number, store: place })),
];
const SHOP_1 = (action: Parameters<typeof doing>[0]) => store(action, 1, 'shop-1');
const SHOP_2 = (action: Parameters<typeof doing>[0]) => store(action, 2, 'shop-2');

/** Two lines from two shops, one step at a time: reserve, hear of it, and both shops' work. */
const UNITS = { A: { 'shop-1': 2 }, B: { 'shop-2': 3 } };
const asked = placing({ A: 2, B: 3 }, { wish: 'cancel_rest' });
const RUN: readonly Move[] = [
  command,
  answer,
  command,
  answer,
  ...(['accept', 'pick', 'pack', 'ship'] as const).map(SHOP_1),
  command,
  SHOP_1('deliver'),
  ...(['accept', 'pick', 'pack', 'ship'] as const).map(SHOP_2),
  command,
  SHOP_2('deliver'),
];

function afterSteps(count: number, message: PlaceOrder = asked): OrderScene {
  const scene = new OrderScene(UNITS).hear(message);
  for (const [, move] of RUN.slice(0, count)) move(scene);
  return scene;
}
const held = ({ ledger }: OrderScene) => ledger.live().map(({ reservationId }) => reservationId);
/** Units in the house and units that left it. */
const unitsOf = ({ ledger, order }: OrderScene) =>
  ledger.onHandOf('A', 'shop-1') +
  ledger.onHandOf('B', 'shop-2') +
  order.holds.reduce((sum, { state, quantity }) => sum + (state === 'fulfilled' ? quantity : 0), 0);
/** What is on the road arrives. */
function deliver(scene: OrderScene): void {
  for (const { number, location, state } of scene.order.tasks)
    if (state === 'SHIPPED') scene.hear(doing('deliver', { number, store: location }));
  scene.deliverAll();
}
const steps = RUN.map(([name], i) => [i, name] as const);

describe('an undisturbed run', () => {
  it('ends with everything gone and nothing held', () => {
    const scene = afterSteps(RUN.length);
    expect([scene.order.state, held(scene), scene.commands, scene.answers]).toEqual(['COMPLETED', [], [], []]);
    expect([scene.ledger.onHandOf('A', 'shop-1'), scene.ledger.onHandOf('B', 'shop-2')]).toEqual([0, 0]);
  });
});

describe('leaves a clean slate, whichever step of a run it is undone before', () => {
  it.each(steps)('by cancelling before step %i (%s)', (count) => {
    const scene = afterSteps(count);
    scene.hear(cancelling()).deliverAll();
    deliver(scene);
    expect([held(scene), orderFaults(scene), unitsOf(scene), isFinal(scene.order)]).toEqual([[], [], 5, true]);
  });

  it.each(steps)('by cancelling before step %i (%s), the release overtaking all that is on its way', (count) => {
    const scene = afterSteps(count);
    scene.hear(cancelling());
    while (scene.commands.length > 0) scene.deliverCommand(scene.commands.length - 1);
    while (scene.answers.length > 0) scene.deliverAnswer(scene.answers.length - 1);
    deliver(scene);
    expect([held(scene), orderFaults(scene), unitsOf(scene), isFinal(scene.order)]).toEqual([[], [], 5, true]);
  });

  it.each(steps)('by every store refusing what it still has before step %i (%s)', (count) => {
    const scene = afterSteps(count);
    scene.deliverAll();
    for (const { number, location, state } of scene.order.tasks)
      if (state !== 'SHIPPED') scene.hear(doing('reject', { number, store: location })).deliverAll();
    deliver(scene);
    expect([held(scene), orderFaults(scene), unitsOf(scene), isFinal(scene.order)]).toEqual([[], [], 5, true]);
  });

  it.each(steps)('by tills selling what is promised before step %i (%s), and the stores then refusing', (count) => {
    const scene = afterSteps(count);
    scene.sell('A', 'shop-1', 2).sell('B', 'shop-2', 3).deliverAll();
    for (const { number, location, state } of scene.order.tasks)
      if (state !== 'SHIPPED') scene.hear(doing('reject', { number, store: location })).deliverAll();
    deliver(scene);
    expect([held(scene), orderFaults(scene), isFinal(scene.order)]).toEqual([[], [], true]);
  });

  it.each(steps)('by standing still for a day before step %i (%s), and being cancelled then', (count) => {
    const scene = afterSteps(count);
    scene.after(86_400_000).hear(cancelling()).deliverAll();
    deliver(scene);
    expect([held(scene), orderFaults(scene), unitsOf(scene), isFinal(scene.order)]).toEqual([[], [], 5, true]);
  });
});
