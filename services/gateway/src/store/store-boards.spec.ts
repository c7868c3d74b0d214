import { describe, expect, it } from '@jest/globals';
import { ManualTimer } from '../testing/manual-timer.js';
import { ScriptedOutlet } from '../testing/scripted-outlet.js';
import { heldTask, tombstoneOf, valueOf } from '../testing/store-tasks.js';
import { Screen } from './screen.js';
import { ScreensByStore } from './screens-by-store.js';
import { storeBoards } from './store-boards.js';
import { TaskBoard } from './task-board.js';

describe('where work waits', () => {
  it('is each place with its open tasks, those that nobody accepted, and its screens', () => {
    const board = new TaskBoard();
    const screens = new ScreensByStore(2);
    const screen = new Screen({
      store: 'C',
      epoch: 'e',
      outlet: new ScriptedOutlet(),
      open: () => board.openOf('C'),
      timer: new ManualTimer(),
      redeliverAfterMs: 1000,
      behindAtBytes: 1000,
      counts: { pushed: 0, redelivered: 0 },
      onAcknowledged: () => {},
    });
    screens.join(screen);
    board.apply(valueOf(heldTask('o2/1', 1, { store: 'B' })));
    board.apply(valueOf(heldTask('o1/1', 1)));
    board.apply(valueOf(heldTask('o1/2', 1, { state: 'PICKING' })));
    expect(storeBoards(board, screens)).toEqual([
      { store: 'A', openTasks: 2, newTasks: 1, screens: 0 },
      { store: 'B', openTasks: 1, newTasks: 1, screens: 0 },
      { store: 'C', openTasks: 0, newTasks: 0, screens: 1 },
    ]);
    screens.leave(screen);
    board.apply(tombstoneOf('o2/1', 2));
    expect(storeBoards(board, screens).map(({ store }) => store)).toEqual(['A']);
  });
});
