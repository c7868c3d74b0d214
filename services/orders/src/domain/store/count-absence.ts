import type { OrderContext, OrderDraft } from '../decision.js';
import type { Task } from '../order.js';
import { afterOpenMs, openMsBetween, type PlaceHours } from './open-time.js';

/**
 * A store cannot answer what it was not shown: the time it has does not run while orders are down. What was left of it
 * when they went down is left when they are back.
 */
export function countAbsences(draft: OrderDraft, number: number, context: OrderContext): void {
  for (const { fromMs, untilMs } of context.absences ?? []) {
    const task = draft.order.tasks.find((one) => one.number === number)!;
    if (!WAITED_FOR.has(task.state)) return;
    const startMs = Math.max(fromMs, task.countedFromMs ?? beginOf(task));
    if (startMs >= untilMs) continue;
    const place = context.findLocation(task.location) ?? {};
    const moved = (dueMs: number) => later(place, dueMs, startMs, untilMs);
    draft.add({
      type: 'task_times_moved',
      number,
      countedFromMs: untilMs,
      ...(task.acceptByMs === undefined ? {} : { acceptByMs: moved(task.acceptByMs) }),
      ...(task.levels ? { levels: task.levels.map((one) => ({ ...one, atMs: moved(one.atMs) })) } : {}),
    });
  }
}

const WAITED_FOR: ReadonlySet<Task['state']> = new Set(['ASSIGNED', 'ACCEPTED', 'PICKING']);

const beginOf = ({ state, assignedAtMs, steps = [] }: Task): number =>
  state === 'ASSIGNED' ? assignedAtMs : (steps.find((step) => step.state === 'ACCEPTED')?.atMs ?? assignedAtMs);

const later = (place: PlaceHours, dueMs: number, startMs: number, untilMs: number): number =>
  dueMs <= startMs ? dueMs : afterOpenMs(place, untilMs, openMsBetween(place, startMs, dueMs));
