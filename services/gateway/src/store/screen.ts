import { SnapshotPages, type SnapshotPagesOptions } from './snapshot-pages.js';
import type { TaskChange } from './task-board.js';
import { TaskPushes, type TaskPushesOptions } from './task-pushes.js';

export type ScreenOptions = SnapshotPagesOptions & TaskPushesOptions;

/** One socket's view of its store: the snapshot, then every change until it was acknowledged. */
export class Screen {
  readonly store: string;
  private readonly pages: SnapshotPages;
  private readonly pushes: TaskPushes;

  constructor(options: ScreenOptions) {
    this.store = options.store;
    this.pages = new SnapshotPages(options);
    this.pushes = new TaskPushes(options);
  }

  get unacknowledged(): number {
    return this.pushes.size;
  }
  /** To be called in the step that joins: a change is either in the snapshot or comes after it. */
  begin(): void {
    this.pages.sendNext();
  }
  take(change: TaskChange): void {
    if (!this.pages.isToCome(change.task.taskId)) this.pushes.take(change);
  }
  stop(): void {
    this.pages.stop();
    this.pushes.stop();
  }
}
