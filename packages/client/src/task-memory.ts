import type { StoreTask, TaskPush, TasksPage } from './task.js';

/** What one message changed. */
export interface TasksChange {
  readonly changed: readonly StoreTask[];
  /** With their last state. */
  readonly closed: readonly StoreTask[];
}

const CLOSED_KEPT = 1000;

/** The open tasks of a store. A version never goes back, over reconnects too, and a closed task stays closed. */
export class TaskMemory {
  private readonly held = new Map<string, StoreTask>();
  private readonly closedAt = new Map<string, number>();
  /** What was named since the connection began; undefined once the snapshot is whole. */
  private seen: Set<string> | undefined = new Set();
  private knownEpoch: string | undefined;

  /** True once every open task is known; after a loss, what was known is shown until the new snapshot is whole. */
  get isComplete(): boolean {
    return this.seen === undefined;
  }
  get tasks(): readonly StoreTask[] {
    return [...this.held.values()];
  }
  get(taskId: string): StoreTask | undefined {
    return this.held.get(taskId);
  }

  beginSnapshot(): void {
    this.seen = new Set();
  }

  learnPage({ epoch, tasks, last }: TasksPage): TasksChange {
    const closed = this.enter(epoch);
    const changed = tasks.filter((task) => this.learn(task));
    const { seen } = this;
    if (last && seen) {
      this.seen = undefined;
      for (const task of this.held.values()) {
        if (seen.has(task.taskId)) continue;
        this.held.delete(task.taskId);
        closed.push(task);
      }
    }
    return { changed, closed };
  }

  learnPush({ task, closed, version }: TaskPush): TasksChange {
    if (!closed) return { changed: this.learn(task) ? [task] : [], closed: [] };
    const held = this.held.get(task.taskId);
    if (held && held.version > version) return { changed: [], closed: [] };
    this.held.delete(task.taskId);
    this.remember(task.taskId, version);
    return { changed: [], closed: held ? [task] : [] };
  }

  /** Another epoch means that the data was begun anew: nothing known before can be compared with it. */
  private enter(epoch: string): StoreTask[] {
    const before = this.knownEpoch;
    this.knownEpoch = epoch;
    if (before === undefined || before === epoch) return [];
    const gone = [...this.held.values()];
    this.held.clear();
    this.closedAt.clear();
    return gone;
  }

  /** True when it is news. */
  private learn(task: StoreTask): boolean {
    this.seen?.add(task.taskId);
    const known = this.held.get(task.taskId)?.version ?? this.closedAt.get(task.taskId) ?? -1;
    if (task.version <= known) return false;
    this.closedAt.delete(task.taskId);
    this.held.set(task.taskId, task);
    return true;
  }

  private remember(taskId: string, version: number): void {
    this.closedAt.set(taskId, Math.max(version, this.closedAt.get(taskId) ?? 0));
    if (this.closedAt.size <= CLOSED_KEPT) return;
    for (const oldest of this.closedAt.keys()) {
      this.closedAt.delete(oldest);
      return;
    }
  }
}
