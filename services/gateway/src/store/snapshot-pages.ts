import type { StoreTask } from '@shelfline/contracts/order-view';
import type { Timer } from '../sockets/timer.js';
import { redeliveryDelayMs } from './redelivery.js';
import type { ScreenOutlet } from './screen-outlet.js';
import type { HeldTask } from './store-task.js';

export interface SnapshotPagesOptions {
  readonly outlet: ScreenOutlet;
  readonly timer: Timer;
  readonly redeliverAfterMs: number;
  readonly store: string;
  readonly epoch: string;
  readonly open: () => ReadonlyMap<string, HeldTask>;
}

const PAGE_TASKS = 500;
/** A page is ended by the task that takes it over this size. */
const PAGE_BYTES = 256 * 1024;

/**
 * The open tasks as one screen gets them on connect: the next page follows the acknowledgement of the one before, with
 * the states of the moment it leaves. What changes before its page left needs no push.
 */
export class SnapshotPages {
  private readonly unsent: Set<string>;
  private page: string[] = [];
  private number = 0;
  private sends = 0;
  private isAcknowledged = false;
  private callOff: () => void = () => {};

  constructor(private readonly options: SnapshotPagesOptions) {
    const tasks = [...options.open().values()].map(({ task }) => task);
    this.unsent = new Set(tasks.toSorted(byAssignment).map(({ taskId }) => taskId));
  }

  /** In a page still to come: what closes before that is in none. */
  isToCome(taskId: string): boolean {
    return this.unsent.has(taskId);
  }

  sendNext(): void {
    const open = this.options.open();
    this.page = [];
    this.number++;
    this.sends = 0;
    this.isAcknowledged = false;
    let bytes = 0;
    for (const taskId of this.unsent) {
      if (this.page.length >= PAGE_TASKS || bytes >= PAGE_BYTES) break;
      this.unsent.delete(taskId);
      this.page.push(taskId);
      bytes += open.get(taskId)?.bytes ?? 0;
    }
    this.send();
  }

  stop(): void {
    this.callOff();
  }

  private send(): void {
    const { outlet, timer, redeliverAfterMs, store, epoch } = this.options;
    const { number } = this;
    const open = this.options.open();
    const tasks: StoreTask[] = this.page.flatMap((taskId) => open.get(taskId)?.task ?? []);
    this.sends++;
    this.callOff = timer.after(redeliveryDelayMs(this.sends, redeliverAfterMs), () => this.sendAgain());
    outlet.sendPage({ epoch, store, page: number, last: this.unsent.size === 0, tasks }, () =>
      this.acknowledged(number),
    );
  }

  private sendAgain(): void {
    const { outlet, timer, redeliverAfterMs } = this.options;
    // The one before has not left whole: another would only stand behind it.
    if (outlet.bufferedBytes() > 0) this.callOff = timer.after(redeliverAfterMs, () => this.sendAgain());
    else this.send();
  }

  private acknowledged(number: number): void {
    if (number !== this.number || this.isAcknowledged) return;
    this.isAcknowledged = true;
    this.callOff();
    if (this.unsent.size > 0) this.sendNext();
  }
}

const byAssignment = (a: StoreTask, b: StoreTask): number =>
  a.assignedAt < b.assignedAt ? -1 : a.assignedAt > b.assignedAt ? 1 : 0;
