import { describe, expect, it } from '@jest/globals';
import { taskOutput, toldEvents } from '../../order-outputs.js';
import { doing, NOW_MS, placing, STORE_TERMS, TIMES } from '../../testing/order-cases.js';
import { orderFaults } from '../../testing/order-faults.js';
import { OrderScene, type Units } from '../../testing/order-scene.js';
import { dueAtMs } from '../order-due.js';
import type { EscalationRule } from './escalation-rule.js';

const MINUTE_MS = 60_000;
const RULE: EscalationRule = {
  store: {
    accept: [
      { afterMinutes: 10, level: 'manager' },
      { afterMinutes: 5, level: 'remind' },
    ],
    pick: [
      { afterMinutes: 30, level: 'remind' },
      { afterMinutes: 60, level: 'manager' },
      { afterMinutes: 120, level: 'reroute' },
    ],
  },
};
const UNITS = { A: { 'shop-1': 1, 'shop-2': 1 } };
const sceneOf = (units: Units = UNITS) => {
  const scene = new OrderScene(units);
  scene.terms = { ...STORE_TERMS, escalation: RULE };
  return scene.when(placing());
};
const shownBy = ({ order }: OrderScene, number = 1) =>
  taskOutput(order, order.tasks[number - 1]!).value as { escalation?: object; nextEscalation?: object } | null;
const dueMinutes = ({ order }: OrderScene) => (dueAtMs(order, TIMES.askAgainAfterMs)! - NOW_MS) / MINUTE_MS;
const at = (minutes: number) => new Date(NOW_MS + minutes * MINUTE_MS).toISOString();

describe('a task that nobody accepts', () => {
  it('is reminded of, shown to the manager and moved on, each at its moment and not before', () => {
    const scene = sceneOf();
    expect([dueMinutes(scene), shownBy(scene)]).toMatchObject([5, { nextEscalation: { level: 'remind', at: at(5) } }]);
    expect(shownBy(scene)).not.toHaveProperty('escalation');
    expect(shownBy(scene.after(5 * MINUTE_MS - 1))).not.toHaveProperty('escalation');
    scene.after(1);
    expect(toldEvents(scene.order, scene.events, false)).toMatchObject([
      { type: 'task_escalated', level: 'remind', location: 'shop-1', taskId: 'web-1/1' },
    ]);
    expect(shownBy(scene)).toMatchObject({
      escalation: { level: 'remind', at: at(5) },
      nextEscalation: { level: 'manager', at: at(10) },
    });
    expect(shownBy(scene.after(5 * MINUTE_MS))).toMatchObject({ escalation: { level: 'manager', at: at(10) } });
    expect(dueMinutes(scene)).toBe(15);
    scene.after(5 * MINUTE_MS);
    expect(scene.order.tasks).toMatchObject([{ state: 'TIMED_OUT' }, { location: 'shop-2', state: 'ASSIGNED' }]);
    expect([dueMinutes(scene), orderFaults(scene)]).toEqual([20, []]);
  });
  it('is moved on at once, and reminded of no more, where nothing was decided for an hour', () => {
    const scene = sceneOf().after(60 * MINUTE_MS);
    expect(scene.eventTypes).not.toContain('task_escalated');
    expect(scene.order.tasks.map(({ state }) => state)).toEqual(['TIMED_OUT', 'ASSIGNED']);
    expect(orderFaults(scene)).toEqual([]);
  });
  it('has a new version with each level, so that screens are told', () => {
    const scene = sceneOf();
    const { version } = scene.order.tasks[0]!;
    expect(scene.after(5 * MINUTE_MS).order.tasks[0]!.version).toBeGreaterThan(version);
  });
});

describe('a task that was accepted and is not picked', () => {
  const accepted = () =>
    sceneOf()
      .after(7 * MINUTE_MS)
      .when(doing('accept'));
  it('is watched anew from that moment, and goes elsewhere at the last level', () => {
    const scene = accepted();
    expect(shownBy(scene)).toMatchObject({ nextEscalation: { level: 'remind', at: at(37) } });
    expect(shownBy(scene)).not.toHaveProperty('escalation');
    scene.after(30 * MINUTE_MS).when(doing('pick'));
    expect(shownBy(scene)).toMatchObject({ escalation: { level: 'remind' } });
    scene.after(90 * MINUTE_MS - 1);
    expect([scene.order.tasks[0]!.state, dueMinutes(scene)]).toEqual(['PICKING', 127]);
    scene.after(1);
    expect(scene.order.tasks).toMatchObject([
      { state: 'TIMED_OUT', reason: 'not_picked_in_time' },
      { location: 'shop-2', state: 'ASSIGNED' },
    ]);
    expect([scene.order.refusedBy, orderFaults(scene)]).toEqual([['shop-1'], []]);
  });
  it('is watched no more once it is packed', () => {
    const scene = accepted().when(doing('pick'), doing('pack'));
    expect(dueAtMs(scene.order, TIMES.askAgainAfterMs)).toBeUndefined();
    expect(scene.after(500 * MINUTE_MS).order.tasks).toMatchObject([{ state: 'PACKED' }]);
    expect(shownBy(scene)).not.toHaveProperty('nextEscalation');
  });
});

describe('a closed store', () => {
  it('is given its time from when it opens, for accepting and for picking', () => {
    const scene = new OrderScene(UNITS);
    scene.terms = { ...STORE_TERMS, escalation: RULE };
    // NOW_MS is a Monday, noon.
    const openingHours = [1, 2].map((day) => ({ day, opens: '10:00', closes: '12:05' }));
    scene.hours = { 'shop-1': { openingHours, timeZone: 'UTC' } };
    scene.when(placing());
    const night = 22 * 60 - 5;
    expect(scene.order.tasks[0]).toMatchObject({ acceptByMs: NOW_MS + (15 + night) * MINUTE_MS });
    expect(shownBy(scene)).toMatchObject({ nextEscalation: { level: 'remind', at: at(5) } });
    scene.after(5 * MINUTE_MS);
    expect(shownBy(scene)).toMatchObject({ nextEscalation: { level: 'manager', at: at(10 + night) } });
    scene.when(doing('accept'));
    expect(shownBy(scene)).toMatchObject({ nextEscalation: { level: 'remind', at: at(35 + night) } });
    expect(scene.order.tasks[0]).not.toHaveProperty('escalated');
  });
});

describe('a rule', () => {
  it('watches no warehouse, and changes no task that is under way', () => {
    expect(sceneOf({ A: { dc: 1 } }).after(500 * MINUTE_MS).order.tasks).toMatchObject([{ state: 'ASSIGNED' }]);
    const scene = sceneOf();
    scene.terms = STORE_TERMS;
    expect(shownBy(scene.after(5 * MINUTE_MS))).toMatchObject({ escalation: { level: 'remind' } });
  });
});
