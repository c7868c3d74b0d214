import { STATE_HEADER, WORKING_DAY_HEADER } from '@shelfline/contracts/record-headers';
import type { Table } from '@shelfline/streaming/table';
import type { Order, Task } from '../domain/order.js';
import { taskIdOf } from '../domain/task-id.js';
import type { TaskRow } from '../open-tasks.js';

/** `2026-06-01 store-1`: sorts by day. */
export const placeDay = (day: string, location: string): string => `${day} ${location}`;

/** What a place no longer has to do; everything else was work of its day, also once it is done. */
const GIVEN_BACK: ReadonlySet<string> = new Set(['REJECTED', 'TIMED_OUT', 'CANCELLED']);
const isCounted = ({ state }: Pick<Task, 'state'>): boolean => !GIVEN_BACK.has(state);

interface Counted {
  readonly placeDay: string;
  /** When it was decided here, as long as its record has not been read. */
  readonly unconfirmedSinceMs?: number;
}

/** A decision whose record does not come was never committed: another process has taken over. */
const CONFIRMED_WITHIN_MS = 120_000;
const KEPT_MS = 3 * 24 * 60 * 60 * 1000;

/**
 * How many tasks count against each day of each place: one count a task, whatever becomes of it but its being given back.
 * What this process decides counts at once, before the next order is planned, so two orders of one process never take the
 * same last task of a day; what another process decides counts when its record on `orders.tasks` is read. Records of
 * closed tasks keep their day in a header, so the count is the same after a restart.
 */
export class DayLoad {
  private readonly byTask = new Map<string, Counted>();
  private readonly taken = new Map<string, number>();
  private sweptMs = 0;

  constructor(
    tasks: Pick<Table<TaskRow>, 'onChange'>,
    private readonly now: () => number,
  ) {
    tasks.onChange((changes) => {
      for (const { key, value, record } of changes) {
        const day = value ? value.day && placeDay(value.day, value.store) : record.headers[WORKING_DAY_HEADER];
        const isGivenBack = !value && GIVEN_BACK.has(record.headers[STATE_HEADER] ?? '');
        if (day && !isGivenBack) this.count(key, { placeDay: day });
        else if (isGivenBack) this.forget(key);
      }
    });
  }

  at(location: string, day: string): number {
    return this.taken.get(placeDay(day, location)) ?? 0;
  }

  /** As a decision has made the order, before it is committed. */
  heed({ orderId, tasks }: Pick<Order, 'orderId' | 'tasks'>): void {
    for (const task of tasks) {
      if (task.day === undefined) continue;
      const taskId = taskIdOf(orderId, task.number);
      if (!isCounted(task)) this.forget(taskId);
      else if (!this.byTask.has(taskId))
        this.count(taskId, { placeDay: placeDay(task.day, task.location), unconfirmedSinceMs: this.now() });
    }
    this.sweep(this.now());
  }

  private count(taskId: string, counted: Counted): void {
    this.forget(taskId);
    this.byTask.set(taskId, counted);
    this.taken.set(counted.placeDay, (this.taken.get(counted.placeDay) ?? 0) + 1);
  }

  private forget(taskId: string): void {
    const counted = this.byTask.get(taskId);
    if (!counted) return;
    this.byTask.delete(taskId);
    const left = this.taken.get(counted.placeDay)! - 1;
    if (left === 0) this.taken.delete(counted.placeDay);
    else this.taken.set(counted.placeDay, left);
  }

  private sweep(nowMs: number): void {
    if (nowMs - this.sweptMs < CONFIRMED_WITHIN_MS) return;
    this.sweptMs = nowMs;
    const oldest = new Date(nowMs - KEPT_MS).toISOString().slice(0, 10);
    for (const [taskId, { placeDay: day, unconfirmedSinceMs = nowMs }] of this.byTask)
      if (day < oldest || nowMs - unconfirmedSinceMs > CONFIRMED_WITHIN_MS) this.forget(taskId);
  }
}
