import { describe, expect, it } from '@jest/globals';
import { doing, NOW_MS, placing, STORE_TERMS, TIMES } from './testing/order-cases.js';
import { orderFaults } from './testing/order-faults.js';
import { Intake } from './testing/order-intake.js';
import { OrderScene } from './testing/order-scene.js';

const MINUTE_MS = 60_000;
const UNITS = { A: { 'shop-1': 1, 'shop-2': 1 } };
const minutes = (atMs: number | undefined) => (atMs! - NOW_MS) / MINUTE_MS;
const placed = () => {
  const scene = new OrderScene(UNITS);
  const accept = [{ afterMinutes: 5, level: 'remind' as const }];
  const pick = [{ afterMinutes: 30, level: 'reroute' as const }];
  scene.terms = { ...STORE_TERMS, escalation: { store: { accept, pick } } };
  return scene.when(placing());
};
/** Orders are down from one minute to another, counted from when the order was placed. */
const down = (scene: OrderScene, from: number, until: number) => {
  scene.absences.push({ fromMs: NOW_MS + from * MINUTE_MS, untilMs: NOW_MS + until * MINUTE_MS });
  return scene;
};

describe('whoever takes over a partition', () => {
  it('knows from its checkpoint how long nobody read it, and moves on nothing that was never shown', async () => {
    const intake = new Intake(UNITS);
    intake.lastAppliedMs = NOW_MS - 60 * MINUTE_MS;
    await intake.batch(placing());
    await intake.ledgerAnswers();
    intake.nowMs += 40 * MINUTE_MS;
    await intake.batch('tick');
    const [task] = intake.orders.orders.get('web-1')!.tasks;
    expect([task!.state, minutes(task!.acceptByMs)]).toEqual(['ASSIGNED', 55]);
    expect(intake.sent('orders.tasks')).toMatchObject([{ taskId: 'web-1/1', state: 'ASSIGNED' }]);
  });
});

describe('a store’s time while orders are down', () => {
  it('does not run: what was left of it is left when they are back', () => {
    const scene = down(placed(), 2, 40).after(40 * MINUTE_MS);
    const [task] = scene.order.tasks;
    expect([task!.state, minutes(task!.acceptByMs)]).toEqual(['ASSIGNED', 40 + 13]);
    expect(task!.levels).toMatchObject([{ atMs: NOW_MS + 43 * MINUTE_MS }]);
    scene.after(13 * MINUTE_MS);
    expect(scene.order.tasks).toMatchObject([{ state: 'TIMED_OUT' }, { location: 'shop-2', state: 'ASSIGNED' }]);
    expect(orderFaults(scene)).toEqual([]);
  });
  it('is all of it where the task was assigned meanwhile', () => {
    const scene = down(placed(), -10, 40).after(40 * MINUTE_MS);
    expect(minutes(scene.order.tasks[0]!.acceptByMs)).toBe(40 + TIMES.acceptWithinMs / MINUTE_MS);
  });
  it('is moved once for each absence, however often time passes', () => {
    const scene = down(placed(), 2, 40)
      .after(40 * MINUTE_MS)
      .after(1000)
      .after(3 * MINUTE_MS);
    expect(minutes(scene.order.tasks[0]!.acceptByMs)).toBe(53);
    down(scene, 44, 50).after(10 * MINUTE_MS);
    expect(minutes(scene.order.tasks[0]!.acceptByMs)).toBe(59);
  });
  it('does not run for picking either, from when it was accepted', () => {
    const scene = placed()
      .after(4 * MINUTE_MS)
      .when(doing('accept'));
    down(scene, 2, 3);
    down(scene, 10, 100).after(96 * MINUTE_MS);
    expect(scene.order.tasks[0]).toMatchObject({ state: 'ACCEPTED', levels: [{ atMs: NOW_MS + 124 * MINUTE_MS }] });
    expect(scene.after(24 * MINUTE_MS).order.tasks[0]).toMatchObject({ state: 'TIMED_OUT' });
  });
});
