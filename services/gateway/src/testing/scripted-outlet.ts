import type { TaskPush, TasksSnapshot } from '@shelfline/contracts/store-protocol';
import type { ScreenOutlet } from '../store/screen-outlet.js';

/** A screen that acknowledges exactly what a test says. */
export class ScriptedOutlet implements ScreenOutlet {
  readonly pushes: { readonly push: TaskPush; readonly ack: (body?: unknown) => void }[] = [];
  readonly pages: { readonly page: TasksSnapshot; readonly ack: () => void }[] = [];
  untaken = 0;
  private seen = 0;

  bufferedBytes(): number {
    return this.untaken;
  }
  sendTask(push: TaskPush, onAck: (body: unknown) => void): void {
    this.pushes.push({ push, ack: (body = { version: push.version }) => onAck(body) });
  }
  sendPage(page: TasksSnapshot, onAck: () => void): void {
    this.pages.push({ page, ack: onAck });
  }

  /** Pushes since the last look. */
  newPushes(): string[] {
    const from = this.seen;
    this.seen = this.pushes.length;
    return this.pushes
      .slice(from)
      .map(({ push: { task, version, closed } }) => `${task.taskId}@${version}${closed ? ' closed' : ''}`);
  }
}
