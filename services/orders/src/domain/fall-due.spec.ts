import { describe, expect, it } from '@jest/globals';
import { cancelling, doing, NOW_MS, placing, TIMES } from '../testing/order-cases.js';
import { orderFaults } from '../testing/order-faults.js';
import { given, OrderScene } from '../testing/order-scene.js';
import { evolve } from './evolve-order.js';
import { fallDue } from './fall-due.js';
import { dueAtMs } from './order-due.js';

const UNITS = { A: { 'shop-1': 1, 'shop-2': 1 } };
const dueOf = ({ order }: OrderScene) => dueAtMs(order, TIMES.askAgainAfterMs);

describe('a store that does not accept in time', () => {
  it('is passed over at that moment, and not before', () => {
    const scene = given(UNITS, placing());
    expect(dueOf(scene)).toBe(NOW_MS + TIMES.acceptWithinMs);
    expect(scene.after(TIMES.acceptWithinMs - 1).order.tasks).toMatchObject([{ state: 'ASSIGNED' }]);
    expect(scene.after(1).order.tasks).toMatchObject([
      { location: 'shop-1', state: 'TIMED_OUT', reason: 'not_accepted_in_time' },
      { location: 'shop-2', state: 'ASSIGNED', acceptByMs: NOW_MS + 2 * TIMES.acceptWithinMs },
    ]);
    expect([scene.order.refusedBy, orderFaults(scene)]).toEqual([['shop-1'], []]);
  });
  it('keeps what it has accepted, however long it takes', () => {
    const scene = given(UNITS, placing(), doing('accept'));
    expect(dueOf(scene)).toBeUndefined();
    expect(fallDue(scene.order, scene.after(86_400_000).context())).toEqual({ kind: 'unchanged' });
  });
  it('loses nothing where it is a warehouse', () => {
    const scene = given({ A: { dc: 1 } }, placing()).after(86_400_000);
    expect(scene.order.tasks).toMatchObject([{ location: 'dc', state: 'ASSIGNED' }]);
  });
  it('is one of several that are passed over at once', () => {
    const scene = given({ A: { 'shop-1': 1 }, B: { 'shop-2': 1 } }, placing({ A: 1, B: 1 })).after(
      TIMES.acceptWithinMs,
    );
    expect(scene.order.tasks).toMatchObject([{ state: 'TIMED_OUT' }, { state: 'TIMED_OUT' }]);
    expect([scene.order.state, scene.ledger.live()]).toEqual(['WAITING', []]);
  });
});

describe('a question without an answer', () => {
  it('is asked again, word for word, later each time, up to every five minutes', () => {
    const scene = new OrderScene(UNITS).hear(placing());
    const [first] = scene.commands.splice(0);
    for (const times of [1, 2, 4, 8, 16, 32, 60]) {
      const waitMs = times * TIMES.askAgainAfterMs;
      expect(dueOf(scene)).toBe(scene.nowMs + waitMs);
      scene.pass(waitMs - 1);
      expect(scene.commands).toEqual([]);
      scene.pass(1);
      expect(scene.commands.splice(0)).toEqual([first]);
    }
  });
  it('that the ledger had answered is answered as it was, and nothing is held twice', () => {
    const scene = new OrderScene(UNITS).hear(placing());
    scene.deliverCommand();
    scene.answers.splice(0);
    expect(scene.after(TIMES.askAgainAfterMs).order.state).toBe('ROUTED');
    expect([scene.ledger.reservedOf('A', 'shop-1'), scene.ledger.reservedOf('A', 'shop-2')]).toEqual([1, 0]);
  });
  it('that comes too late for its own end is planned anew', () => {
    const scene = new OrderScene(UNITS).hear(placing());
    scene.commands.splice(0);
    scene.after(TIMES.holdForMs);
    expect(scene.order).toMatchObject({ holdsAsked: 2, holds: [{ state: 'held' }] });
  });
});

describe('an order that nobody waits for any more', () => {
  it('is due once more, a week later, when its customer can follow it no longer', () => {
    for (const scene of [
      given(UNITS, placing(), cancelling()),
      given(
        UNITS,
        placing(),
        ...(['accept', 'pick', 'pack', 'ship', 'deliver'] as const).map((action) => doing(action)),
      ),
    ]) {
      expect(dueOf(scene)).toBe(scene.order.changedAtMs + 7 * 24 * 60 * 60 * 1000);
      const ended = evolve(scene.order, { type: 'tracking_ended' }, { atMs: NOW_MS, version: 99 });
      expect(dueAtMs(ended, TIMES.askAgainAfterMs)).toBeUndefined();
    }
  });
});
