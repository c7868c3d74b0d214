import type { FulfilmentMethod, TaskAction, TaskState } from '@shelfline/contracts/order';

type Steps = Partial<Record<TaskState, Partial<Record<TaskAction, TaskState>>>>;

const SHARED: Steps = {
  ASSIGNED: { accept: 'ACCEPTED', reject: 'REJECTED' },
  ACCEPTED: { pick: 'PICKING', reject: 'REJECTED' },
  PICKING: { pack: 'PACKED', reject: 'REJECTED' },
};
const SENT: Steps = {
  ...SHARED,
  PACKED: { ship: 'SHIPPED', reject: 'REJECTED' },
  SHIPPED: { deliver: 'DELIVERED' },
};
/** What may be done in which state, and what comes of it. Whatever is not named is refused. */
export const TASK_STEPS: Readonly<Record<FulfilmentMethod, Steps>> = {
  courier: SENT,
  same_city: SENT,
  guide_visit: SENT,
  pickup: {
    ...SHARED,
    PACKED: { ready: 'READY_FOR_PICKUP', reject: 'REJECTED' },
    READY_FOR_PICKUP: { hand_over: 'HANDED_OVER', reject: 'REJECTED' },
  },
  carry_out: {
    ...SHARED,
    ACCEPTED: { pick: 'PICKING', hand_over: 'HANDED_OVER', reject: 'REJECTED' },
    PACKED: { hand_over: 'HANDED_OVER', reject: 'REJECTED' },
  },
};

export const allowedActions = (method: FulfilmentMethod, state: TaskState): TaskAction[] =>
  Object.keys(TASK_STEPS[method][state] ?? {}) as TaskAction[];

/** Undefined = not in this state. */
export const stateAfter = (method: FulfilmentMethod, state: TaskState, action: TaskAction): TaskState | undefined =>
  TASK_STEPS[method][state]?.[action];
