import { describe, expect, it } from '@jest/globals';
import type { StoreTask, TaskState } from '@shelfline/client/store';
import { inOrder } from './task-order.js';

const task = (taskId: string, state: TaskState, placedAt: string, acceptBy?: string): StoreTask =>
  ({ taskId, state, placedAt, assignedAt: placedAt, acceptBy }) as StoreTask;

describe('the order of open tasks', () => {
  it('is what must be accepted soonest, then the oldest order', () => {
    const tasks = [
      task('begun-late', 'PACKED', '2026-01-01T10:00:00Z'),
      task('new-calm', 'ASSIGNED', '2026-01-01T08:00:00Z', '2026-01-01T12:30:00Z'),
      task('begun-early', 'ACCEPTED', '2026-01-01T09:00:00Z'),
      task('new-urgent', 'ASSIGNED', '2026-01-01T11:00:00Z', '2026-01-01T12:10:00Z'),
    ];
    expect(inOrder(tasks).map(({ taskId }) => taskId)).toEqual(['new-urgent', 'new-calm', 'begun-early', 'begun-late']);
    expect(inOrder(tasks.toReversed())).toEqual(inOrder(tasks));
  });
});
