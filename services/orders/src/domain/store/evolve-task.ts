import type { OrderAppointment } from '@shelfline/contracts/appointment';
import type { TaskState } from '@shelfline/contracts/order';
import type { TaskLine } from '@shelfline/contracts/order-view';
import type { TaskVisit } from '@shelfline/contracts/visit';
import { appointmentsAfter } from '../appointments/appointments-of-order.js';
import { type ParcelOfTask, parcelAfter } from '../parcels/task-parcel.js';
import { isClosed } from '../task-ends.js';
import type { AtStoreEvent } from './at-store-events.js';
import { linesWithout } from './task-lines.js';

interface Changeable {
  readonly number: number;
  readonly lines: readonly TaskLine[];
  readonly parcel?: ParcelOfTask;
  readonly isParcelWanted?: true;
  readonly visit?: TaskVisit;
  readonly tracking?: string;
  readonly changedAtMs: number;
  readonly version: number;
}
type TaskEvent = Exclude<AtStoreEvent, { type: 'appointment_noted' }>;

/** Of an order's tasks, the one that an event is of. Screens hear of it by its version. */
const evolveTask = <T extends Changeable>(
  tasks: readonly T[],
  event: TaskEvent,
  { atMs, version }: { readonly atMs: number; readonly version: number },
): T[] =>
  tasks.map((task) =>
    task.number === event.number ? { ...task, ...changeOf(task, event), changedAtMs: atMs, version } : task,
  );

function changeOf(task: Changeable, event: TaskEvent): Partial<Changeable> {
  switch (event.type) {
    case 'parcel_wanted':
      return { isParcelWanted: true };
    case 'parcel_changed': {
      const { tracking } = event;
      return { parcel: parcelAfter(task.parcel, event), ...(tracking === undefined ? {} : { tracking }) };
    }
    case 'visit_planned':
      return { visit: event.visit };
    case 'task_lines_rejected':
      return { lines: linesWithout(task.lines, event.lines) };
  }
}

interface Released {
  readonly state: string;
  readonly task?: number;
}
/** What was released belongs to no task any more. */
const detached = <H extends Released>(holds: readonly H[], number: number): H[] =>
  holds.map((hold) => {
    if (hold.task !== number || hold.state !== 'released') return hold;
    const { task: _, ...free } = hold;
    return free as H;
  });

const taskEvolved = <T extends Changeable, H extends Released>(
  { tasks, holds }: { readonly tasks: readonly T[]; readonly holds: readonly H[] },
  event: TaskEvent,
  applied: { readonly atMs: number; readonly version: number },
) => ({
  tasks: evolveTask(tasks, event, applied),
  holds: event.type === 'task_lines_rejected' ? detached(holds, event.number) : holds,
});

interface Awaiting {
  readonly appointment?: OrderAppointment;
  readonly otherAppointments?: readonly OrderAppointment[];
  readonly tasks: readonly (Changeable & { readonly state: TaskState })[];
}
const withAppointment = <O extends Awaiting>(
  { appointment: _, otherAppointments: __, ...order }: O,
  appointments: readonly OrderAppointment[],
  { atMs, version }: { readonly atMs: number; readonly version: number },
): O => {
  const [appointment, ...otherAppointments] = appointments;
  return {
    ...order,
    ...(appointment ? { appointment } : {}),
    ...(otherAppointments.length > 0 ? { otherAppointments } : {}),
    tasks: order.tasks.map((task) => (isClosed(task) ? task : { ...task, changedAtMs: atMs, version })),
  } as unknown as O;
};

export const evolveAtStore = <O extends Awaiting & { readonly holds: readonly Released[] }>(
  order: O,
  event: AtStoreEvent,
  applied: { readonly atMs: number; readonly version: number },
): O =>
  event.type === 'appointment_noted'
    ? withAppointment(order, appointmentsAfter(order, event), applied)
    : { ...order, ...taskEvolved(order, event, applied) };
