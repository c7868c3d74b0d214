import type { ScreensByStore } from './screens-by-store.js';
import type { TaskBoard } from './task-board.js';

export interface StoreBoard {
  readonly store: string;
  readonly openTasks: number;
  readonly newTasks: number;
  readonly screens: number;
}
export type StoreBoards = () => StoreBoard[];
export const STORE_BOARDS = Symbol('store boards');

/** Places where something waits or somebody looks, by their codes. */
export function storeBoards(board: Pick<TaskBoard, 'stores' | 'openOf'>, screens: ScreensByStore): StoreBoard[] {
  const codes = new Set([...board.stores(), ...screens.stores()]);
  return [...codes].sort().map((store) => {
    const open = [...board.openOf(store).values()];
    return {
      store,
      openTasks: open.length,
      newTasks: open.filter(({ task }) => task.state === 'ASSIGNED').length,
      screens: screens.countOf(store),
    };
  });
}
