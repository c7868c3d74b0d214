import type { StoreTask } from '@shelfline/contracts/order-view';
import type { TableChange } from '@shelfline/streaming/table';
import { closedBy, type HeldTask, isClosed } from './store-task.js';

/** News for the screens of one store. */
export interface TaskChange {
  readonly store: string;
  /** Where it closed: with its last state and the version under which it did. */
  readonly task: StoreTask;
  readonly closed: boolean;
  readonly appendedAtMs: number;
}
/** Of closed tasks the newest are remembered: some minutes of a large brand, some 10 MB at most. */
const CLOSED_KEPT = 10_000;

const NONE: ReadonlyMap<string, HeldTask> = new Map();

/** The open tasks by store. A version never goes back: a late record does not revive a task that was closed. */
export class TaskBoard {
  private readonly byId = new Map<string, HeldTask>();
  private readonly byStore = new Map<string, Map<string, HeldTask>>();
  /** A repeat of the request that closed a task still finds whose it was. */
  private readonly closed = new Map<string, StoreTask>();

  constructor(private readonly closedKept = CLOSED_KEPT) {}

  get size(): number {
    return this.byId.size;
  }
  /** Those with something open. */
  stores(): Iterable<string> {
    return this.byStore.keys();
  }
  openOf(store: string): ReadonlyMap<string, HeldTask> {
    return this.byStore.get(store) ?? NONE;
  }
  /** A task of this store, open or closed not long ago. */
  find(store: string, taskId: string): StoreTask | undefined {
    const task = this.byId.get(taskId)?.task ?? this.closed.get(taskId);
    return task?.store === store ? task : undefined;
  }

  /** The newest version known of a task, open or closed not long ago. */
  findVersion(taskId: string): number | undefined {
    return this.byId.get(taskId)?.task.version ?? this.closed.get(taskId)?.version;
  }

  /** What the screens are told of a change of the table. */
  apply({ key, value, record }: TableChange<HeldTask>): TaskChange[] {
    const held = this.byId.get(key);
    if (value === undefined) return held ? [this.close(closedBy(record, held.task), record.timestampMs)] : [];
    const { task, appendedAtMs } = value;
    if (task.version <= (this.findVersion(key) ?? -1)) return [];
    const isElsewhere = held !== undefined && held.task.store !== task.store;
    const changes = isElsewhere ? [this.close({ ...held.task, actions: [], version: task.version }, appendedAtMs)] : [];
    if (!isClosed(task)) {
      this.hold(value);
      changes.push({ store: task.store, task, closed: false, appendedAtMs });
    } else if (held && !isElsewhere) changes.push(this.close(task, appendedAtMs));
    else this.remember(task);
    return changes;
  }

  private close(last: StoreTask, appendedAtMs: number): TaskChange {
    this.drop(last);
    this.remember(last);
    return { store: last.store, task: last, closed: true, appendedAtMs };
  }

  private hold(value: HeldTask): void {
    const { taskId, store } = value.task;
    this.byId.set(taskId, value);
    const open = this.byStore.get(store);
    if (open) open.set(taskId, value);
    else this.byStore.set(store, new Map([[taskId, value]]));
  }

  private drop(task: StoreTask): void {
    this.byId.delete(task.taskId);
    const open = this.byStore.get(task.store);
    open?.delete(task.taskId);
    if (open?.size === 0) this.byStore.delete(task.store);
  }

  private remember(task: StoreTask): void {
    this.closed.delete(task.taskId);
    this.closed.set(task.taskId, task);
    if (this.closed.size <= this.closedKept) return;
    for (const oldest of this.closed.keys()) {
      this.closed.delete(oldest);
      return;
    }
  }
}
