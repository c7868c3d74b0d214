import type { TaskState } from '@shelfline/contracts/order';
import type { EscalationLevel } from './escalation-rule.js';
import type { StoreEvent } from './store-events.js';

/** Of a task that waits to be collected. The code is not here: it is derived from the task and the round. */
export interface Handover {
  /** From 1; a new code is a new round. */
  readonly round: number;
  readonly wrongCodes: number;
  /** Absent once the customer was reminded. */
  readonly remindAtMs?: number;
  readonly collectByMs?: number;
}
export interface TaskOfStore {
  readonly handover?: Handover;
  /** Still to come while it is to be accepted, then while it is to be picked. */
  readonly levels?: readonly EscalationLevel[];
  /** The last level that was reached of those. */
  readonly escalated?: EscalationLevel;
  /** Not accepted by then it moves on to another place; absent where nobody has to accept. */
  readonly acceptByMs?: number;
  /** Up to here times in which orders were down are counted in its times. */
  readonly countedFromMs?: number;
}

/** A code of six digits is found by chance once in 200,000 times. */
export const MOST_WRONG_CODES = 5;
/** What waited to be collected before there were codes has the code of the first round. */
const FIRST: Handover = { round: 1, wrongCodes: 0 };

export const handoverOf = ({ handover }: TaskOfStore): Handover => handover ?? FIRST;
export const isLocked = (task: TaskOfStore): boolean => handoverOf(task).wrongCodes >= MOST_WRONG_CODES;

/** The moments at which time alone changes a task. */
export function taskDuesMs({
  state,
  acceptByMs,
  handover,
  levels,
}: TaskOfStore & { readonly state: TaskState }): number[] {
  const next = levels?.[0]?.atMs;
  const dues: Partial<Record<TaskState, (number | undefined)[]>> = {
    ASSIGNED: [acceptByMs, next],
    ACCEPTED: [next],
    PICKING: [next],
    READY_FOR_PICKUP: [handover?.remindAtMs, handover?.collectByMs],
  };
  return (dues[state] ?? []).filter((due) => due !== undefined);
}

/** What an event of a store makes of its task. */
export function evolveStoreTask<T extends TaskOfStore>(task: T, event: StoreEvent): T {
  const handover = handoverOf(task);
  switch (event.type) {
    case 'handover_opened': {
      const { remindAtMs, collectByMs } = event;
      return { ...task, handover: { ...handover, remindAtMs, collectByMs } };
    }
    case 'handover_refused':
      return { ...task, handover: { ...handover, wrongCodes: handover.wrongCodes + 1 } };
    case 'handover_code_renewed':
      return { ...task, handover: { ...handover, round: handover.round + 1, wrongCodes: 0 } };
    case 'handover_without_code':
      return task;
    case 'watch_started': {
      const { escalated: _, ...fresh } = task;
      return { ...fresh, levels: event.levels } as T;
    }
    case 'task_times_moved': {
      const { countedFromMs, acceptByMs, levels } = event;
      return {
        ...task,
        countedFromMs,
        ...(acceptByMs === undefined ? {} : { acceptByMs }),
        ...(levels === undefined ? {} : { levels }),
      };
    }
    case 'task_escalated': {
      const { level, dueMs } = event;
      return { ...task, levels: task.levels?.slice(1) ?? [], escalated: { level, atMs: dueMs } };
    }
    case 'pickup_reminded': {
      const { remindAtMs: _, ...reminded } = handover;
      return { ...task, handover: reminded };
    }
  }
}
