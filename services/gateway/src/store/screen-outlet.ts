import type { TaskPush, TasksSnapshot } from '@shelfline/contracts/store-protocol';

/** One screen's way out. */
export interface ScreenOutlet {
  /** Bytes handed over that the network has not taken yet. */
  bufferedBytes(): number;
  /** `onAck` is called with what the screen answers, at most once for each sending. */
  sendTask(push: TaskPush, onAck: (body: unknown) => void): void;
  sendPage(page: TasksSnapshot, onAck: () => void): void;
}
