import type { StoreTask } from '@shelfline/client/store';

export const isNew = ({ state }: StoreTask): boolean => state === 'ASSIGNED';

const byTime = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What has to be accepted first, by when; then what was begun, the oldest order first. */
export const inOrder = (tasks: readonly StoreTask[]): StoreTask[] =>
  tasks.toSorted(
    (a, b) =>
      Number(isNew(b)) - Number(isNew(a)) ||
      (isNew(a) ? byTime(a.acceptBy ?? a.assignedAt, b.acceptBy ?? b.assignedAt) : 0) ||
      byTime(a.placedAt, b.placedAt) ||
      byTime(a.taskId, b.taskId),
  );
