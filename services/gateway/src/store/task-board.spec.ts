import { describe, expect, it } from '@jest/globals';
import { heldTask, taskOf, tombstoneOf, valueOf } from '../testing/store-tasks.js';
import { isClosed } from './store-task.js';
import { TaskBoard } from './task-board.js';

const told = (changes: ReturnType<TaskBoard['apply']>) =>
  changes.map(({ store, task, closed }) => `${store} ${task.taskId}@${task.version}${closed ? ' closed' : ''}`);

describe('the board of tasks', () => {
  it('tells the store of each newer version and holds it open', () => {
    const board = new TaskBoard();
    expect(told(board.apply(valueOf(heldTask('o1/1', 5))))).toEqual(['A o1/1@5']);
    expect(told(board.apply(valueOf(heldTask('o1/1', 7, { state: 'ACCEPTED' }))))).toEqual(['A o1/1@7']);
    board.apply(valueOf(heldTask('o2/1', 6, { store: 'B' })));
    expect([...board.openOf('A').values()].map(({ task }) => task.state)).toEqual(['ACCEPTED']);
    expect([...board.openOf('B').keys()]).toEqual(['o2/1']);
    expect([board.size, board.openOf('C').size]).toEqual([2, 0]);
  });

  it('tells nothing of what a new owner says again or a zombie says late', () => {
    const board = new TaskBoard();
    board.apply(valueOf(heldTask('o1/1', 5)));
    expect(board.apply(valueOf(heldTask('o1/1', 5)))).toEqual([]);
    expect(board.apply(valueOf(heldTask('o1/1', 4, { state: 'ACCEPTED' })))).toEqual([]);
    expect(board.find('A', 'o1/1')?.version).toBe(5);
  });

  it('closes on a tombstone with the last state, once, and no late record opens it again', () => {
    const board = new TaskBoard();
    board.apply(valueOf(heldTask('o1/1', 5)));
    expect(told(board.apply(tombstoneOf('o1/1', 9)))).toEqual(['A o1/1@9 closed']);
    expect(board.apply(tombstoneOf('o1/1', 9))).toEqual([]);
    expect(board.apply(valueOf(heldTask('o1/1', 8)))).toEqual([]);
    expect([board.size, board.openOf('A').size, board.findVersion('o1/1')]).toEqual([0, 0, 9]);
    expect(told(board.apply(valueOf(heldTask('o1/1', 10))))).toEqual(['A o1/1@10']);
  });

  it('shows the state that a tombstone names, and nothing to do any more', () => {
    const board = new TaskBoard();
    for (const taskId of ['o1/1', 'o2/1']) board.apply(valueOf(heldTask(taskId, 5)));
    const shown = [tombstoneOf('o1/1', 9, 'TIMED_OUT'), tombstoneOf('o2/1', 9, 'UNHEARD_OF')].flatMap((tombstone) =>
      board.apply(tombstone).map(({ task }) => [task.state, task.actions]),
    );
    expect(shown).toEqual([
      ['TIMED_OUT', []],
      ['ASSIGNED', []],
    ]);
  });

  it('closes on a last state, and the tombstone after it is no news', () => {
    const board = new TaskBoard();
    board.apply(valueOf(heldTask('o1/1', 5)));
    expect(told(board.apply(valueOf(heldTask('o1/1', 6, { state: 'CANCELLED' }))))).toEqual(['A o1/1@6 closed']);
    expect(board.apply(tombstoneOf('o1/1', 7))).toEqual([]);
    expect(board.openOf('A').size).toBe(0);
  });

  it('knows a task that it first hears of when it is closed, and tells nobody', () => {
    const board = new TaskBoard();
    expect(board.apply(valueOf(heldTask('o1/1', 6, { state: 'DELIVERED' })))).toEqual([]);
    expect(board.apply(valueOf(heldTask('o1/1', 5)))).toEqual([]);
    expect([board.size, board.find('A', 'o1/1')?.state]).toEqual([0, 'DELIVERED']);
  });

  it('closes a task at the store it leaves and opens it at the other', () => {
    const board = new TaskBoard();
    board.apply(valueOf(heldTask('o1/1', 5)));
    expect(told(board.apply(valueOf(heldTask('o1/1', 6, { store: 'B' }))))).toEqual(['A o1/1@6 closed', 'B o1/1@6']);
    expect([board.openOf('A').size, board.openOf('B').size]).toEqual([0, 1]);
    expect(told(board.apply(valueOf(heldTask('o1/1', 7, { store: 'A', state: 'REJECTED' }))))).toEqual([
      'B o1/1@7 closed',
    ]);
  });

  it('finds a task for its own store alone, also when it was closed not long ago', () => {
    const board = new TaskBoard(1);
    board.apply(valueOf(heldTask('o1/1', 5)));
    expect([board.find('A', 'o1/1')?.orderId, board.find('B', 'o1/1')]).toEqual(['o1', undefined]);
    board.apply(tombstoneOf('o1/1', 6));
    expect([board.find('A', 'o1/1')?.orderId, board.find('B', 'o1/1')]).toEqual(['o1', undefined]);
    board.apply(valueOf(heldTask('o2/1', 5)));
    board.apply(tombstoneOf('o2/1', 6));
    expect([board.find('A', 'o1/1'), board.find('A', 'o2/1')?.orderId]).toEqual([undefined, 'o2']);
  });

  it.each([
    ['SHIPPED', ['deliver'], false],
    ['SHIPPED', [], true],
    ['HANDED_OVER', [], true],
    ['DELIVERED', ['deliver'], true],
    ['TIMED_OUT', [], true],
    ['PACKED', [], false],
  ] as const)('takes a task that is %s with %j as closed: %s', (state, actions, closed) => {
    expect(isClosed(taskOf('o1/1', 1, { state, actions: [...actions] }))).toBe(closed);
  });
});
