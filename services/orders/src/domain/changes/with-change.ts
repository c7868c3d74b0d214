import type { TaskState } from '@shelfline/contracts/order';
import type { TaskLine } from '@shelfline/contracts/order-view';
import type { OrderEvent } from '../order-events.js';
import type { Placed } from '../placed.js';

type Change = Extract<OrderEvent, { type: 'task_lines_changed' | 'task_withdrawn' | 'units_added' | 'changed' }>;
interface When {
  readonly atMs: number;
  readonly version: number;
}
/** Of an order, what a change touches. */
interface Changed {
  readonly placed: Placed;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  readonly holds: readonly { readonly state: string; readonly task?: number }[];
  readonly tasks: readonly ChangedTask[];
  readonly attempts: number;
}
interface ChangedTask {
  readonly number: number;
  readonly state: TaskState;
  readonly lines: readonly TaskLine[];
  readonly changedAtMs: number;
  readonly version: number;
  readonly reason?: string;
  readonly steps?: readonly { readonly state: TaskState; readonly atMs: number }[];
}

/** What a change makes of an order. */
export const withChange = <O extends Changed>(order: O, event: Change, when: When): O =>
  ({ ...order, ...partsAfter(order, event, when) }) as O;

function partsAfter(order: Changed, event: Change, { atMs, version }: When): Partial<Changed> {
  const touched = { changedAtMs: atMs, version };
  switch (event.type) {
    case 'task_lines_changed':
      return { tasks: tasksWith(order, event.number, (task) => ({ ...task, ...touched, lines: event.lines })) };
    case 'task_withdrawn': {
      const state = 'CANCELLED' as const;
      const { number, reason } = event;
      return {
        tasks: tasksWith(order, number, (task) => {
          const steps = [...(task.steps ?? []), { state, atMs }];
          return { ...task, ...touched, state, reason, steps };
        }),
        holds: order.holds.map((hold) => {
          if (hold.task !== number || hold.state !== 'held') return hold;
          const { task: _, ...free } = hold;
          return free;
        }),
      };
    }
    case 'units_added':
      return {
        lines: order.lines.map((line) =>
          line.lineId === event.lineId ? { ...line, quantity: line.quantity + event.units } : line,
        ),
      };
    case 'changed': {
      if (!event.placed) return { attempts: 0 };
      // Where it goes stands on every screen that has it.
      const tasks = order.tasks.map((task) => (isOpen(task) ? { ...task, ...touched } : task));
      return { attempts: 0, placed: event.placed, tasks };
    }
  }
}

const isOpen = ({ state }: ChangedTask): boolean => state === 'ASSIGNED' || state === 'ACCEPTED';
const tasksWith = (order: Changed, number: number, change: (task: ChangedTask) => ChangedTask): ChangedTask[] =>
  order.tasks.map((task) => (task.number === number ? change(task) : task));
