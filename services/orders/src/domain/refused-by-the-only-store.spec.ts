import { describe, expect, it } from '@jest/globals';
import { toldEvents } from '../order-outputs.js';
import { orderView } from '../order-views.js';
import { cancelling, doing, NOW_MS, placing, TIMES } from '../testing/order-cases.js';
import { orderFaults } from '../testing/order-faults.js';
import { OrderScene, type Units } from '../testing/order-scene.js';
import { collecting, PickupScene, STORE } from '../testing/pickup-scene.js';
import { stockArrived } from './fall-due.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const taskOf = ({ order }: OrderScene) => order.tasks.map(({ location, state }) => `${location} ${state}`);
/** Of a pickup order of one or two pieces of A, at the only place that has any. */
const refused = (units: Units = { A: { [STORE]: 2 } }) =>
  new OrderScene(units).when(collecting({ A: 2 }), doing('reject', { reason: 'not found' }));
/** As the batch decides when more of it can be promised than before. */
const stockArrives = (scene: OrderScene) => stockArrived(scene.order, scene.context()).kind;

describe('an order that only one store can serve, and that the store refused', () => {
  it('waits, and says that it is the store that did not take it', () => {
    const { order } = refused();
    expect(order).toMatchObject({ state: 'WAITING', reason: 'store_refused', refusedBy: [STORE] });
  });

  it('does not go back for what its own refusal set free', () => {
    const scene = refused();
    expect(scene.ledger.availableOf('A', STORE)).toBe(2);
    expect(stockArrives(scene)).toBe('unchanged');
    for (let tries = 0; tries < 5; tries++) scene.after(scene.order.retryAtMs! - scene.nowMs);
    expect(taskOf(scene)).toEqual([`${STORE} REJECTED`]);
  });

  it('waited for ever although goods had come to the store', () => {
    const scene = refused();
    scene.ledger.receive('A', STORE, 1);
    expect(stockArrives(scene)).toBe('applied');
    scene.after(TIMES.retryAfterMs);
    expect([taskOf(scene), scene.order.state]).toEqual([[`${STORE} REJECTED`, `${STORE} ASSIGNED`], 'ROUTED']);
    for (const action of ['accept', 'pick', 'pack', 'ready'] as const) scene.when(doing(action, { number: 2 }));
    scene.when(doing('hand_over', { number: 2, code: TIMES.store.handoverCode('web-1/2', 1) }));
    expect([scene.order.state, orderFaults(scene)]).toEqual(['COMPLETED', []]);
  });

  it('is asked for again once the store has counted, more or not', () => {
    const scene = refused();
    scene.countedAtMs.set(`A@${STORE}`, NOW_MS - 1);
    scene.after(TIMES.retryAfterMs);
    expect(taskOf(scene)).toHaveLength(1);
    scene.countedAtMs.set(`A@${STORE}`, scene.nowMs + 1);
    scene.after(scene.order.retryAtMs! - scene.nowMs);
    expect(taskOf(scene)).toEqual([`${STORE} REJECTED`, `${STORE} ASSIGNED`]);
  });

  it('is asked for again where less than it had has come, after the rest was sold', () => {
    const scene = refused({ A: { [STORE]: 8 } });
    scene.sell('A', STORE, 8).after(TIMES.retryAfterMs);
    scene.ledger.receive('A', STORE, 2);
    scene.after(scene.order.retryAtMs! - scene.nowMs);
    expect(taskOf(scene)).toEqual([`${STORE} REJECTED`, `${STORE} ASSIGNED`]);
  });

  it('is refused anew, and then waits for something newer', () => {
    const scene = refused();
    scene.ledger.receive('A', STORE, 1);
    scene.after(TIMES.retryAfterMs).when(doing('reject', { number: 2, reason: 'not found' }));
    for (let tries = 0; tries < 5; tries++) scene.after(scene.order.retryAtMs! - scene.nowMs);
    expect(taskOf(scene)).toEqual([`${STORE} REJECTED`, `${STORE} REJECTED`]);
  });

  it('goes to another place first, where one has it', () => {
    const scene = new OrderScene({ A: { 'shop-1': 1 } }).when(placing({ A: 1 }), doing('reject', {}));
    scene.ledger.receive('A', 'shop-1', 1);
    scene.ledger.receive('A', 'shop-2', 1);
    scene.after(TIMES.retryAfterMs);
    expect([taskOf(scene), scene.order.refusedBy]).toEqual([['shop-1 REJECTED', 'shop-2 ASSIGNED'], ['shop-1']]);
  });

  it('of two articles is asked for again for the one that has come alone', () => {
    const scene = new OrderScene({ A: { [STORE]: 1 }, B: { [STORE]: 1 } }).when(
      collecting({ A: 1, B: 1 }),
      doing('reject', {}),
    );
    scene.ledger.receive('B', STORE, 1);
    scene.after(TIMES.retryAfterMs);
    expect(scene.order.tasks.at(-1)).toMatchObject({ state: 'ASSIGNED', lines: [{ sku: 'B', quantity: 1 }] });
    expect([scene.order.lacking, scene.order.refusedBy]).toEqual([[{ location: STORE, sku: 'A' }], []]);
    expect(orderFaults(scene)).toEqual([]);
  });

  it('of single lines that a store rejected, too', () => {
    const scene = new OrderScene({ A: { [STORE]: 1 }, B: { [STORE]: 1 } }).when(
      collecting({ A: 1, B: 1 }),
      doing('reject', { lines: [{ lineId: 'line-A' }] }),
    );
    scene.ledger.receive('A', STORE, 1);
    scene.after(TIMES.retryAfterMs);
    expect(scene.order.tasks.at(-1)).toMatchObject({ state: 'ASSIGNED', lines: [{ sku: 'A', quantity: 1 }] });
  });
});

describe('a store that does not answer', () => {
  it('is asked again, less and less often, where no other place can serve the order', () => {
    const scene = new OrderScene({ A: { [STORE]: 1 } }).when(collecting({ A: 1 }));
    scene.after(TIMES.acceptWithinMs);
    expect(scene.order).toMatchObject({ state: 'WAITING', reason: 'store_silent' });
    const askedAtMs: number[] = [];
    while (scene.nowMs < NOW_MS + 7 * DAY_MS) {
      const { tasks, retryAtMs } = scene.order;
      if (tasks.length - 1 > askedAtMs.length) askedAtMs.push(tasks.at(-1)!.assignedAtMs - NOW_MS);
      scene.after((retryAtMs ?? tasks.at(-1)!.acceptByMs!) - scene.nowMs);
    }
    expect(askedAtMs.length).toBeGreaterThan(5);
    expect(askedAtMs.length).toBeLessThan(12);
    expect(askedAtMs.every((ms, i) => i === 0 || ms >= 2 * askedAtMs[i - 1]!)).toBe(true);
    expect(orderFaults(scene)).toEqual([]);
  });
});

describe('what is refused by the store where it is collected, and stands elsewhere', () => {
  it('is brought to it', () => {
    const scene = new PickupScene({ A: { [STORE]: 1, dc: 1 } }).when(collecting({ A: 1 }), doing('reject', {}));
    expect(scene.orders.order).toMatchObject({ state: 'ARRIVING', transfers: [{ from: 'dc' }] });
    scene.does('ship').does('receive', { lines: [{ lineId: 'line-A', quantity: 1 }] });
    expect(taskOf(scene.orders)).toEqual([`${STORE} REJECTED`, `${STORE} ASSIGNED`]);
    expect(scene.faults()).toEqual([]);
  });

  it('is not brought once more where the store refuses that too', () => {
    const scene = new PickupScene({ A: { [STORE]: 1, dc: 2 } }).when(collecting({ A: 1 }), doing('reject', {}));
    scene.does('ship').does('receive', { lines: [{ lineId: 'line-A', quantity: 1 }] });
    scene.when(doing('reject', { number: 2 }));
    expect([scene.orders.order.state, scene.transfers.size, scene.faults()]).toEqual(['WAITING', 1, []]);
  });

  it('is not brought to a store that does not answer', () => {
    const scene = new PickupScene({ A: { [STORE]: 1, dc: 1 } }).when(collecting({ A: 1 }));
    scene.passTime(TIMES.acceptWithinMs).settle();
    expect([scene.orders.order.state, scene.transfers.size]).toEqual(['WAITING', 0]);
  });
});

describe('an order that nobody can serve for too long', () => {
  const waiting = (days: number, over: object = {}) => {
    const scene = new OrderScene({ A: { [STORE]: 1 } });
    scene.waitRules = [{ methods: ['pickup'], days }];
    return scene.when(collecting({ A: 2, B: 1 }, over));
  };
  const untilNow = (scene: OrderScene, untilMs: number) => {
    while (scene.nowMs < untilMs) {
      const dueMs = scene.order.retryAtMs ?? untilMs;
      scene.after(Math.min(dueMs, untilMs) - scene.nowMs);
    }
    return scene;
  };

  it('is cancelled to the moment, and whoever took the money hears what to pay back', () => {
    const scene = waiting(7, { wish: 'wait_for_all' });
    const endsAtMs = NOW_MS + 7 * DAY_MS;
    expect(orderView(scene.order)).toMatchObject({
      state: 'WAITING',
      waitsUntil: new Date(endsAtMs).toISOString(),
    });
    untilNow(scene, endsAtMs - 1);
    expect(scene.order.state).toBe('WAITING');
    scene.after(1);
    expect(scene.order).toMatchObject({ state: 'CANCELLED', reason: 'waited_too_long' });
    expect(scene.order).not.toHaveProperty('giveUpAtMs');
    expect(toldEvents(scene.order, scene.events, true)).toMatchObject([
      { type: 'cancelled', lineId: 'line-A', units: 2, reason: 'waited_too_long' },
      { type: 'cancelled', lineId: 'line-B', units: 1 },
      { type: 'amount_changed', amountMinor: -300, totalMinor: 0 },
    ]);
    expect([scene.ledger.live(), orderFaults(scene)]).toEqual([[], []]);
  });

  it('keeps what the store has; only the rest is cancelled', () => {
    const scene = waiting(7);
    for (const action of ['accept', 'pick', 'pack', 'ready', 'hand_over'] as const) scene.when(doing(action));
    expect(scene.order.state).toBe('WAITING');
    untilNow(scene, NOW_MS + 7 * DAY_MS);
    expect(scene.order).toMatchObject({
      state: 'PARTIALLY_COMPLETED',
      lines: [{ cancelledUnits: 1 }, { cancelledUnits: 1 }],
    });
  });

  it('is not put off by tries in between that the ledger refused', () => {
    const scene = waiting(7);
    const { giveUpAtMs } = scene.order;
    scene.seen = () => 3;
    scene.after(TIMES.retryAfterMs);
    expect(scene.order.giveUpAtMs).toBe(giveUpAtMs);
  });

  it('that was served meanwhile and loses it later has all of its time again', () => {
    const scene = new OrderScene();
    scene.waitRules = [{ days: 7 }];
    scene.when(placing({ A: 1 }));
    scene.ledger.receive('A', 'shop-1', 1);
    scene.after(TIMES.retryAfterMs);
    expect(scene.order).not.toHaveProperty('giveUpAtMs');
    scene.after(1).when(doing('reject', {}));
    expect(scene.order.giveUpAtMs).toBe(scene.nowMs + 7 * DAY_MS);
  });

  it('waits for ever where no rule names it', () => {
    const scene = new OrderScene();
    scene.waitRules = [
      { methods: ['pickup'], days: 7 },
      { channels: ['app'], days: 1 },
    ];
    scene.when(placing({ A: 1 }));
    expect(untilNow(scene, NOW_MS + 8 * DAY_MS).order).toMatchObject({ state: 'WAITING' });
    expect(scene.order).not.toHaveProperty('giveUpAtMs');
    expect(scene.when(cancelling()).order.state).toBe('CANCELLED');
  });
});
