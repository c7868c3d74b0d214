import { describe, expect, it } from '@jest/globals';
import { ManualTimer } from '../testing/manual-timer.js';
import { ScriptedOutlet } from '../testing/scripted-outlet.js';
import { heldTask, tombstoneOf, valueOf } from '../testing/store-tasks.js';
import { Screen } from './screen.js';
import { ScreensByStore } from './screens-by-store.js';
import type { HeldTask } from './store-task.js';
import { TaskBoard } from './task-board.js';

const REDELIVER_AFTER_MS = 1000;

function storeOfScreens(...open: HeldTask[]) {
  const timer = new ManualTimer();
  const board = new TaskBoard();
  const screens = new ScreensByStore(2);
  const counts = { pushed: 0, redelivered: 0 };
  const delays: number[] = [];
  for (const held of open) board.apply(valueOf(held));
  const connect = (store = 'A') => {
    const outlet = new ScriptedOutlet();
    const screen = new Screen({
      store,
      epoch: 'e',
      outlet,
      open: () => board.openOf(store),
      timer,
      redeliverAfterMs: REDELIVER_AFTER_MS,
      behindAtBytes: 1000,
      counts,
      onAcknowledged: (delayMs) => delays.push(delayMs),
    });
    screens.join(screen);
    screen.begin();
    return { outlet, screen };
  };
  const put = (taskId: string, version: number, fields: Partial<HeldTask['task']> = {}) =>
    screens.take(
      board.apply(valueOf({ ...heldTask(taskId, version, fields), appendedAtMs: timer.nowMs(), bytes: 400 })),
    );
  const remove = (taskId: string, version: number) => screens.take(board.apply(tombstoneOf(taskId, version)));
  return { timer, board, screens, counts, delays, connect, put, remove };
}

describe('pushes to a screen', () => {
  it('leave at once to every screen of the store, and to no other store', () => {
    const { connect, put } = storeOfScreens();
    const [first, second, other] = [connect(), connect(), connect('B')];
    put('o1/1', 1);
    expect(first.outlet.newPushes()).toEqual(['o1/1@1']);
    expect(second.outlet.newPushes()).toEqual(['o1/1@1']);
    expect(other.outlet.newPushes()).toEqual([]);
  });

  it('come again until they are acknowledged, ever more seldom, and for each screen on its own', () => {
    const { connect, put, timer, counts, screens } = storeOfScreens();
    const [silent, prompt] = [connect(), connect()];
    for (const { outlet } of [silent, prompt]) outlet.pages[0]!.ack();
    put('o1/1', 1);
    prompt.outlet.pushes[0]!.ack();
    timer.advance(REDELIVER_AFTER_MS - 1);
    expect(silent.outlet.newPushes()).toEqual(['o1/1@1']);
    timer.advance(1);
    expect(silent.outlet.newPushes()).toEqual(['o1/1@1']);
    timer.advance(2 * REDELIVER_AFTER_MS - 1);
    expect(silent.outlet.newPushes()).toEqual([]);
    timer.advance(1);
    expect(silent.outlet.newPushes()).toEqual(['o1/1@1']);
    silent.outlet.pushes.at(-1)!.ack();
    timer.advance(100 * REDELIVER_AFTER_MS);
    expect([silent.outlet.newPushes(), prompt.outlet.pushes.length]).toEqual([[], 1]);
    expect([counts, screens.unacknowledged()]).toEqual([{ pushed: 2, redelivered: 2 }, 0]);
  });

  it('come again at least every 30 s', () => {
    const { connect, put, timer } = storeOfScreens();
    const { outlet } = connect();
    put('o1/1', 1);
    timer.advance(300_000);
    const before = outlet.pushes.length;
    timer.advance(300_000);
    expect(outlet.pushes.length - before).toBe(10);
  });

  it('are one at a time for a task: what changed meanwhile follows as the newest state only', () => {
    const { connect, put, counts } = storeOfScreens();
    const { outlet } = connect();
    put('o1/1', 1);
    put('o1/1', 2, { state: 'ACCEPTED' });
    put('o1/1', 3, { state: 'PICKING' });
    expect(outlet.newPushes()).toEqual(['o1/1@1']);
    outlet.pushes[0]!.ack();
    expect(outlet.newPushes()).toEqual(['o1/1@3']);
    outlet.pushes[1]!.ack();
    expect([outlet.newPushes(), counts]).toEqual([[], { pushed: 2, redelivered: 0 }]);
  });

  it('bring the newest state when they come again, and an acknowledgement of the older one does not settle it', () => {
    const { connect, put, timer, screens } = storeOfScreens();
    const { outlet } = connect();
    put('o1/1', 1);
    put('o1/1', 2);
    timer.advance(REDELIVER_AFTER_MS);
    expect(outlet.newPushes()).toEqual(['o1/1@1', 'o1/1@2']);
    outlet.pushes[0]!.ack();
    expect([outlet.newPushes(), screens.unacknowledged()]).toEqual([[], 1]);
    outlet.pushes[1]!.ack();
    expect(screens.unacknowledged()).toBe(0);
  });

  it.each([[undefined], [{}], [null], [{ version: 'x' }], [{ version: 0 }]])('are not acknowledged by %j', (body) => {
    const { connect, put, screens } = storeOfScreens();
    const { outlet } = connect();
    put('o1/1', 1);
    outlet.pushes[0]!.ack(body === undefined ? 7 : body);
    expect(screens.unacknowledged()).toBe(1);
  });

  it('tell once that a task is closed, and forget it when that is acknowledged', () => {
    const { connect, put, remove, screens, timer } = storeOfScreens();
    const { outlet } = connect();
    put('o1/1', 1);
    outlet.pushes[0]!.ack();
    put('o1/1', 2, { state: 'CANCELLED' });
    remove('o1/1', 3);
    expect(outlet.newPushes()).toEqual(['o1/1@1', 'o1/1@2 closed']);
    outlet.pushes[1]!.ack();
    timer.advance(100_000);
    expect([outlet.newPushes(), screens.unacknowledged()]).toEqual([[], 0]);
  });

  it('hold back what a screen has no room for, and go on when it acknowledges', () => {
    const { connect, put, screens } = storeOfScreens();
    const { outlet } = connect();
    for (let i = 0; i < 130; i++) put(`o${i}/1`, 1);
    expect(outlet.newPushes()).toHaveLength(100);
    put('o129/1', 2);
    for (let i = 0; i < 100; i++) outlet.pushes[i]!.ack();
    expect(outlet.newPushes().slice(-1)).toEqual(['o129/1@2']);
    for (const { ack } of outlet.pushes.slice(100)) ack();
    expect([outlet.pushes.length, screens.unacknowledged()]).toEqual([130, 0]);
  });

  it('put nothing behind bytes that the network does not take', () => {
    const { connect, put, timer } = storeOfScreens();
    const { outlet } = connect();
    put('o1/1', 1);
    outlet.untaken = 5000;
    put('o2/1', 1);
    timer.advance(20 * REDELIVER_AFTER_MS);
    expect(outlet.newPushes()).toEqual(['o1/1@1']);
    outlet.untaken = 0;
    timer.advance(REDELIVER_AFTER_MS);
    expect(outlet.newPushes()).toEqual(['o1/1@1', 'o2/1@1']);
  });

  it('end with the socket', () => {
    const { connect, put, timer, screens } = storeOfScreens();
    const { outlet, screen } = connect();
    put('o1/1', 1);
    screens.leave(screen);
    screens.leave(screen);
    put('o1/1', 2);
    timer.advance(100_000);
    outlet.pushes[0]!.ack();
    expect([outlet.newPushes(), outlet.pages.length, screens.size]).toEqual([['o1/1@1'], 1, 0]);
  });

  it('are measured from the append of the state to its acknowledgement', () => {
    const { connect, put, timer, delays } = storeOfScreens();
    const { outlet } = connect();
    put('o1/1', 1);
    timer.advance(40);
    outlet.pushes[0]!.ack();
    expect(delays).toEqual([40]);
  });
});

describe('the snapshot of a screen', () => {
  const many = (count: number, bytes = 400) =>
    Array.from({ length: count }, (_, i) => ({ ...heldTask(`o${String(i).padStart(4, '0')}/1`, 1), bytes }));
  const sizes = (outlet: ScriptedOutlet) => outlet.pages.map(({ page }) => page.tasks.length);

  it('says that nothing is open', () => {
    const { outlet } = storeOfScreens().connect();
    expect(outlet.pages.map(({ page }) => page)).toEqual([{ epoch: 'e', store: 'A', page: 1, last: true, tasks: [] }]);
  });

  it('comes in pages of 500, the next after the acknowledgement of the one before', () => {
    const { outlet } = storeOfScreens(...many(1001)).connect();
    expect(sizes(outlet)).toEqual([500]);
    outlet.pages[0]!.ack();
    outlet.pages[0]!.ack();
    expect(sizes(outlet)).toEqual([500, 500]);
    outlet.pages[1]!.ack();
    expect(outlet.pages.map(({ page }) => [page.page, page.last])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    outlet.pages[2]!.ack();
    expect(outlet.pages).toHaveLength(3);
  });

  it('comes in smaller pages where tasks are large', () => {
    expect(sizes(storeOfScreens(...many(30, 100_000)).connect().outlet)).toEqual([3]);
  });

  it('sends the oldest first', () => {
    const { outlet } = storeOfScreens(
      heldTask('late/1', 1, { assignedAt: '2026-03-02T00:00:00.000Z' }),
      heldTask('early/1', 1, { assignedAt: '2026-03-01T00:00:00.000Z' }),
    ).connect();
    expect(outlet.pages[0]!.page.tasks.map(({ taskId }) => taskId)).toEqual(['early/1', 'late/1']);
  });

  it('comes again with the newest states until it is acknowledged', () => {
    const { connect, put, timer } = storeOfScreens(heldTask('o1/1', 1));
    const { outlet } = connect();
    put('o1/1', 2);
    timer.advance(REDELIVER_AFTER_MS);
    expect(outlet.pages.map(({ page }) => [page.page, page.tasks[0]!.version])).toEqual([
      [1, 1],
      [1, 2],
    ]);
    outlet.pages[1]!.ack();
    timer.advance(100_000);
    expect(outlet.pages).toHaveLength(2);
  });

  it('brings what changed before its page left in that page, and what is new by a push', () => {
    const { connect, put, remove } = storeOfScreens(...many(501));
    const { outlet } = connect();
    put('o0500/1', 2);
    put('o0000/1', 3);
    put('new/1', 4);
    expect(outlet.newPushes()).toEqual(['o0000/1@3', 'new/1@4']);
    outlet.pages[0]!.ack();
    expect(outlet.pages[1]!.page.tasks.map(({ taskId, version }) => [taskId, version])).toEqual([['o0500/1', 2]]);
    remove('o0500/1', 5);
    expect(outlet.newPushes()).toEqual(['o0500/1@5 closed']);
  });

  it('says that it is over although all that was to come closed meanwhile', () => {
    const { connect, remove } = storeOfScreens(...many(501));
    const { outlet } = connect();
    remove('o0500/1', 5);
    expect(outlet.newPushes()).toEqual([]);
    outlet.pages[0]!.ack();
    expect(outlet.pages.map(({ page }) => [page.tasks.length, page.last])).toEqual([
      [500, false],
      [0, true],
    ]);
  });
});

describe('the screens of a store', () => {
  it('are bounded', () => {
    const { connect, screens } = storeOfScreens();
    const { screen } = connect();
    expect(screens.isFull('A')).toBe(false);
    connect();
    expect([screens.isFull('A'), screens.isFull('B')]).toEqual([true, false]);
    screens.leave(screen);
    expect(screens.isFull('A')).toBe(false);
  });
});
