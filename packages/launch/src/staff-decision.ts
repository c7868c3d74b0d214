import type { TaskAction, TaskState } from '@shelfline/contracts/order';
import type { OrderView } from '@shelfline/contracts/order-view';
import { isDerivedPlace, spread } from './derived-network.js';

/**
 * The sample's stores have nobody in them. Their staff is DERIVED: it does each step some seconds after the one before,
 * rejects 6 of a hundred tasks as not found on the shelf, and overlooks 3, so that reminders and the way to the next
 * store are seen too. Which ones is a hash of the task.
 */
export interface StaffStep {
  readonly taskId: string;
  readonly store: string;
  readonly action: TaskAction;
  readonly reason?: string;
  readonly tracking?: string;
  /** Its customer is there and shows his code. */
  readonly asksForCode: boolean;
}
const REJECTED_PERCENT = 6;
const OVERLOOKED_PERCENT = 3;
const BY_STATE: Partial<
  Record<TaskState, { action: TaskAction; pickup?: TaskAction; leastMs: number; mostMs: number }>
> = {
  ASSIGNED: { action: 'accept', leastMs: 4000, mostMs: 12_000 },
  ACCEPTED: { action: 'pick', leastMs: 4000, mostMs: 10_000 },
  PICKING: { action: 'pack', leastMs: 6000, mostMs: 20_000 },
  PACKED: { action: 'ship', pickup: 'ready', leastMs: 4000, mostMs: 15_000 },
  READY_FOR_PICKUP: { action: 'hand_over', leastMs: 20_000, mostMs: 60_000 },
  SHIPPED: { action: 'deliver', leastMs: 15_000, mostMs: 45_000 },
};

/** What the staff of places that nobody looks at does now, for one order. */
export function staffSteps(
  order: Pick<OrderView, 'method' | 'tasks'>,
  isWatched: (store: string) => boolean,
  nowMs: number,
): StaffStep[] {
  return order.tasks.flatMap((task): StaffStep[] => {
    const { taskId, store, state } = task;
    const next = BY_STATE[state];
    if (!next || !isDerivedPlace(store) || isWatched(store)) return [];
    const hash = spread(`${taskId}/${state}`);
    const dueMs = Date.parse(task.changedAt) + next.leastMs + (hash % (next.mostMs - next.leastMs));
    if (nowMs < dueMs) return [];
    const said = { taskId, store, asksForCode: state === 'READY_FOR_PICKUP' };
    if (state === 'ASSIGNED' && store.startsWith('store-')) {
      const lot = spread(taskId) % 100;
      if (lot < REJECTED_PERCENT) return [{ ...said, action: 'reject', reason: 'Not found on the shelf' }];
      if (lot < REJECTED_PERCENT + OVERLOOKED_PERCENT) return [];
    }
    const isCollected = order.method === 'pickup' || order.method === 'carry_out';
    const action = (isCollected ? next.pickup : undefined) ?? next.action;
    return [{ ...said, action, ...(action === 'ship' ? { tracking: `SAMPLE-${hash % 1_000_000}` } : {}) }];
  });
}
