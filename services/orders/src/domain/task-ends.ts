import type { TaskState } from '@shelfline/contracts/order';

interface InState {
  readonly state: TaskState;
}
const CLOSED_TASKS: ReadonlySet<TaskState> = new Set([
  'HANDED_OVER',
  'DELIVERED',
  'RETURNED',
  'REJECTED',
  'TIMED_OUT',
  'CANCELLED',
]);
export const isClosed = ({ state }: InState): boolean => CLOSED_TASKS.has(state);
const GONE_OUT: ReadonlySet<TaskState> = new Set(['SHIPPED', 'HANDED_OVER', 'DELIVERED', 'RETURNED']);
export const hasGoneOut = ({ state }: InState): boolean => GONE_OUT.has(state);
export const WORKED_ON: ReadonlySet<TaskState> = new Set([
  ...GONE_OUT,
  'ACCEPTED',
  'PICKING',
  'PACKED',
  'READY_FOR_PICKUP',
]);
