import type { Timer } from '../sockets/timer.js';
import { redeliveryDelayMs } from './redelivery.js';
import type { ScreenOutlet } from './screen-outlet.js';
import type { TaskChange } from './task-board.js';

export interface PushCounts {
  pushed: number;
  redelivered: number;
}
export interface TaskPushesOptions {
  readonly outlet: ScreenOutlet;
  readonly timer: Timer;
  readonly redeliverAfterMs: number;
  /** With more bytes not taken than this, nothing more is handed over. */
  readonly behindAtBytes: number;
  readonly counts: PushCounts;
  /** ms from the append of a state to its acknowledgement. */
  readonly onAcknowledged: (delayMs: number) => void;
}
interface Unacknowledged {
  newest: TaskChange;
  /** Undefined while it waits for its turn. */
  sentVersion: number | undefined;
  sends: number;
  dueAtMs: number;
}

/** More would only queue in front of a screen that answers slowly. */
const MOST_ON_THE_WIRE = 100;

/**
 * What one screen has not acknowledged. Of each task only the newest state is kept and only one push is under way, so
 * a screen that does not answer costs an entry for each of its store's tasks and no more.
 */
export class TaskPushes {
  private readonly unacknowledged = new Map<string, Unacknowledged>();
  private readonly onTheWire = new Set<string>();
  private readonly waiting = new Set<string>();
  private callOff: (() => void) | undefined;
  private armedForMs = 0;

  constructor(private readonly options: TaskPushesOptions) {}

  get size(): number {
    return this.unacknowledged.size;
  }

  take(change: TaskChange): void {
    const { taskId } = change.task;
    const known = this.unacknowledged.get(taskId);
    if (known) {
      known.newest = change;
      return;
    }
    this.unacknowledged.set(taskId, { newest: change, sentVersion: undefined, sends: 0, dueAtMs: 0 });
    this.waiting.add(taskId);
    this.sendWaiting();
  }

  stop(): void {
    this.callOff?.();
    this.callOff = undefined;
    this.unacknowledged.clear();
    this.onTheWire.clear();
    this.waiting.clear();
  }

  private sendWaiting(): void {
    for (const taskId of this.waiting) {
      if (this.onTheWire.size >= MOST_ON_THE_WIRE || this.isBehind()) break;
      this.waiting.delete(taskId);
      this.onTheWire.add(taskId);
      this.send(taskId, this.unacknowledged.get(taskId)!);
    }
    this.arm();
  }

  private send(taskId: string, entry: Unacknowledged): void {
    const { outlet, timer, redeliverAfterMs, counts } = this.options;
    const { task, closed } = entry.newest;
    const { version } = task;
    if (entry.sends === 0) counts.pushed++;
    else counts.redelivered++;
    entry.sends++;
    entry.sentVersion = version;
    entry.dueAtMs = timer.nowMs() + redeliveryDelayMs(entry.sends, redeliverAfterMs);
    outlet.sendTask({ task, closed, version }, (body) => this.acknowledged(taskId, entry, body));
  }

  private acknowledged(taskId: string, entry: Unacknowledged, body: unknown): void {
    // A late acknowledgement may be of an entry that was settled before.
    if (this.unacknowledged.get(taskId) !== entry) return;
    const shown = (body as { version?: unknown } | null | undefined)?.version;
    if (!Number.isSafeInteger(shown)) return;
    const { newest, sentVersion } = entry;
    if ((shown as number) >= newest.task.version) {
      this.unacknowledged.delete(taskId);
      this.onTheWire.delete(taskId);
      this.waiting.delete(taskId);
      this.options.onAcknowledged(Math.max(0, this.options.timer.nowMs() - newest.appendedAtMs));
    } else if (sentVersion !== undefined && (shown as number) >= sentVersion) {
      entry.sentVersion = undefined;
      entry.sends = 0;
      this.onTheWire.delete(taskId);
      this.waiting.add(taskId);
    } else return;
    this.sendWaiting();
  }

  private isBehind(): boolean {
    return this.options.outlet.bufferedBytes() > this.options.behindAtBytes;
  }

  private arm(): void {
    const { timer, redeliverAfterMs } = this.options;
    if (this.unacknowledged.size === 0) {
      this.callOff?.();
      this.callOff = undefined;
      return;
    }
    let dueAtMs = this.waiting.size > 0 ? timer.nowMs() + redeliverAfterMs : Number.POSITIVE_INFINITY;
    for (const taskId of this.onTheWire) dueAtMs = Math.min(dueAtMs, this.unacknowledged.get(taskId)!.dueAtMs);
    if (this.callOff && this.armedForMs <= dueAtMs) return;
    this.callOff?.();
    this.armedForMs = dueAtMs;
    this.callOff = timer.after(dueAtMs - timer.nowMs(), () => this.due());
  }

  private due(): void {
    this.callOff = undefined;
    const { timer, redeliverAfterMs } = this.options;
    const nowMs = timer.nowMs();
    for (const taskId of this.onTheWire) {
      const entry = this.unacknowledged.get(taskId)!;
      if (entry.dueAtMs > nowMs) continue;
      // The one before has not even left: another would only stand behind it.
      if (this.isBehind()) entry.dueAtMs = nowMs + redeliverAfterMs;
      else this.send(taskId, entry);
    }
    this.sendWaiting();
  }
}
