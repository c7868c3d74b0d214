import { describe, expect, it } from '@jest/globals';
import type { PlaceView } from '../catalogue.js';
import { groupStores } from './store-boards.js';

const place = (code: string) => ({ code, name: code }) as PlaceView;

describe('the stores to choose from', () => {
  it('are first those where orders wait, most first', () => {
    const board = (store: string, openTasks: number) => ({ store, openTasks, newTasks: 0 });
    const { waiting, others } = groupStores(
      [place('a'), place('b'), place('c'), place('d')],
      [board('b', 1), board('d', 4), board('c', 0), board('gone', 9)],
    );
    expect(waiting.map(({ place: { code }, openTasks }) => [code, openTasks])).toEqual([
      ['d', 4],
      ['b', 1],
    ]);
    expect(others.map(({ code }) => code)).toEqual(['a', 'c']);
  });
});
