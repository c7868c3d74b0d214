import { describe, expect, it } from '@jest/globals';
import type { Destination } from '@shelfline/contracts/order';
import type { PlanVisit } from '@shelfline/contracts/visit';
import { taskOutput } from '../order-outputs.js';
import { orderView } from '../order-views.js';
import { doing, NOW_MS, placing } from '../testing/order-cases.js';
import { OrderScene } from '../testing/order-scene.js';
import { roundOf } from './visit-views.js';

const UNITS = { A: { 'shop-1': 9 } };
const PLACE = { latitude: 31.23, longitude: 121.47, timeZone: 'Asia/Shanghai' };
const at = (latitude: number) => ({ city: 'Shanghai', recipient: 'Mei', latitude, longitude: 121.47 });
const visiting = (orderId: string, guide: string, more: Partial<PlanVisit> = {}): PlanVisit => ({
  type: 'visit',
  id: `visit/${orderId}`,
  source: 'desk',
  orderId,
  taskId: `${orderId}/1`,
  store: 'shop-1',
  guide,
  ...more,
});
const steps = (orderId: string) => (['accept', 'pick', 'pack'] as const).map((action) => doing(action, { orderId }));
const brought = (destinations: Readonly<Record<string, Destination>>) => {
  const scene = new OrderScene(UNITS);
  for (const [orderId, destination] of Object.entries(destinations))
    scene.when(placing({ A: 1 }, { orderId, method: 'guide_visit', destination }), ...steps(orderId));
  return scene;
};
const round = (scene: OrderScene, guide?: string, day?: string) =>
  roundOf([...scene.orders.values()], { store: 'shop-1', place: PLACE, guide, day, nowMs: NOW_MS });

describe('a guide’s round', () => {
  it('goes up the road and back, and to what is nowhere on the map last', () => {
    const scene = brought({ far: at(31.29), nowhere: { city: 'Shanghai' }, near: at(31.24), middle: at(31.26) });
    const { stops, distanceM } = round(scene);
    expect(stops.at(-1)).toMatchObject({ orderId: 'nowhere' });
    expect(distanceM).toBe(13_344);
    expect(stops.slice(0, 3).map(({ orderId }) => orderId)).toEqual(expect.arrayContaining(['near', 'middle', 'far']));
  });
  it('holds what the guide brings, as long as it is on its way', () => {
    const scene = brought({ one: at(31.24), two: at(31.25) });
    scene.when(visiting('one', 'Li', { until: '2026-06-01T11:00:00Z' }), visiting('two', 'Wu'));
    expect(round(scene, 'Li').stops).toMatchObject([{ orderId: 'one', visit: { guide: 'Li' }, lateMinutes: 65 }]);
    scene.when(doing('ship', { orderId: 'one' }));
    expect(round(scene, 'Li').stops.length).toBe(1);
    scene.when(doing('deliver', { orderId: 'one' }));
    expect(round(scene).stops).toMatchObject([{ orderId: 'two' }]);
  });
});

describe('a round of a day', () => {
  const stopsOf = (scene: OrderScene, day: string) => round(scene, undefined, day).stops.map(({ orderId }) => orderId);
  it('leaves out what is promised for other days only, by the store’s calendar', () => {
    const scene = brought({ today: at(31.24), tomorrow: at(31.25), whenever: at(31.26) }).when(
      // After midnight in Shanghai.
      visiting('today', 'Li', { from: '2026-05-31T16:30:00Z', until: '2026-05-31T18:00:00Z' }),
      visiting('tomorrow', 'Li', { until: '2026-06-02T09:00:00Z' }),
      visiting('whenever', 'Li'),
    );
    expect(stopsOf(scene, '2026-06-01').toSorted()).toEqual(['today', 'whenever']);
    expect(stopsOf(scene, '2026-06-02').toSorted()).toEqual(['tomorrow', 'whenever']);
    expect(round(scene).stops.length).toBe(3);
  });
  it('holds what is promised for a span of days on each of them', () => {
    const scene = brought({ long: at(31.24) }).when(
      visiting('long', 'Li', { from: '2026-06-01T02:00:00Z', until: '2026-06-03T02:00:00Z' }),
    );
    const days = ['2026-05-31', '2026-06-01', '2026-06-02', '2026-06-03', '2026-06-04'];
    expect(days.filter((day) => stopsOf(scene, day).length > 0)).toEqual(days.slice(1, 4));
  });
});

describe('today’s round', () => {
  const ordered = (destinations: Readonly<Record<string, readonly [latitude: number, promisedBy?: string]>>) => {
    const scene = new OrderScene(UNITS);
    for (const [orderId, [latitude, promisedBy]] of Object.entries(destinations)) {
      const by = promisedBy === undefined ? {} : { promisedBy };
      scene.when(
        placing({ A: 1 }, { orderId, method: 'same_city', destination: at(latitude), ...by }),
        ...steps(orderId),
      );
    }
    return scene;
  };
  it('left out what should have gone yesterday', () => {
    const scene = brought({ late: at(31.24), later: at(31.25) }).when(
      visiting('late', 'Li', { until: '2026-05-31T11:00:00Z' }),
      visiting('later', 'Li', { from: '2026-06-02T09:00:00Z' }),
    );
    const { day, stops } = round(scene, undefined, 'today');
    expect([day, stops.map(({ orderId }) => orderId)]).toEqual(['2026-06-01', ['late']]);
    expect(stops).toMatchObject([{ lateBecause: 'over_before' }]);
  });
  it('goes by what customers were promised, where nobody said when they are there', () => {
    // Up the road and back is the same way in either order: the promise decides.
    const soon = new Date(NOW_MS + 15 * 60_000).toISOString();
    const scene = ordered({ near: [31.24], promised: [31.26, soon] });
    const { stops } = round(scene, undefined, 'today');
    expect(stops.map(({ orderId, promisedBy, lateMinutes }) => [orderId, promisedBy, lateMinutes])).toEqual([
      ['promised', soon, undefined],
      ['near', undefined, undefined],
    ]);
  });
  it('says why a stop is late', () => {
    const inMinutes = (minutes: number) => new Date(NOW_MS + minutes * 60_000).toISOString();
    const late = (destinations: Parameters<typeof ordered>[0]) =>
      round(ordered(destinations)).stops.flatMap(({ orderId, lateBecause }) =>
        lateBecause === undefined ? [] : [[orderId, lateBecause]],
      );
    expect(late({ far: [31.43, inMinutes(30)] })).toEqual([['far', 'too_far']]);
    expect(late({ south: [31.2, inMinutes(14)], north: [31.26, inMinutes(14)] })).toEqual([
      [expect.stringMatching(/north|south/), 'others_first'],
    ]);
  });
});

describe('who brings a task', () => {
  it('is shown at the store, and may be another one while it is on its way', () => {
    const scene = brought({ 'web-1': at(31.24) }).when(visiting('web-1', 'Li'), doing('ship'), visiting('web-1', 'Wu'));
    expect(taskOutput(scene.order, scene.order.tasks[0]!).value).toMatchObject({ visit: { guide: 'Wu' } });
  });
  it('is said by its store alone, of what is brought and not yet there', () => {
    const scene = brought({ 'web-1': at(31.24) });
    const codes = (message: PlanVisit) => scene.hear(message).refusals.map(({ code }) => code);
    expect(codes(visiting('web-1', 'Li', { store: 'shop-2' }))).toEqual(['unknown_task']);
    scene.when(doing('ship'), doing('deliver'));
    expect(codes(visiting('web-1', 'Li'))).toEqual(['out_of_state']);
    scene.when(placing({ A: 1 }, { orderId: 'web-2' }));
    expect(codes(visiting('web-2', 'Li'))).toEqual(['not_visited']);
  });
  it('proves with a picture or a signature that it was delivered, and nothing else', () => {
    const proof = { kind: 'photo', reference: 'pics/1' } as const;
    const scene = brought({ 'web-1': at(31.24) });
    expect(scene.hear(doing('ship', { proof })).refusals).toMatchObject([{ code: 'proof_not_taken' }]);
    scene.when(doing('ship'), doing('deliver', { proof }));
    expect(orderView(scene.order).tasks).toMatchObject([{ state: 'DELIVERED', proof }]);
  });
});
