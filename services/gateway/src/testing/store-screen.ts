import type { StoreTask } from '@shelfline/contracts/order-view';
import type { TaskAnswer, TaskPush, TasksSnapshot } from '@shelfline/contracts/store-protocol';
import type { Socket } from 'socket.io-client';
import type { Screens } from './screens.js';

const ANSWER_WITHIN_MS = 5000;

/** A store's screen without the SDK: what it was told, and whether it acknowledges. */
export class StoreScreen {
  readonly snapshot: StoreTask[] = [];
  readonly pushes: TaskPush[] = [];
  acknowledges = true;
  private readonly waiting = new Set<() => void>();

  private constructor(readonly socket: Socket) {}

  /** Rejects when it is not let in; resolves with the last page of the snapshot. */
  static async connect(screens: Screens, auth: object): Promise<StoreScreen> {
    const socket = screens.socket('/store', { auth });
    const screen = new StoreScreen(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect_error', reject);
      socket.on('tasks', ({ tasks, last }: TasksSnapshot, ack: () => void) => {
        screen.snapshot.push(...tasks);
        ack();
        if (last) resolve();
      });
      socket.on('task', (push: TaskPush, ack: (body: object) => void) => {
        screen.pushes.push(push);
        if (screen.acknowledges) ack({ version: push.version });
        for (const check of screen.waiting) check();
      });
    });
    return screen;
  }

  /** Resolves once a push made this true. */
  until(isTrue: (screen: StoreScreen) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!isTrue(this)) return;
        this.waiting.delete(check);
        resolve();
      };
      this.waiting.add(check);
      check();
    });
  }
  sees(taskId: string, state: string): Promise<void> {
    return this.until(({ pushes }) => pushes.some(({ task }) => task.taskId === taskId && task.state === state));
  }
  do(action: string, body: object): Promise<TaskAnswer> {
    return this.socket.timeout(ANSWER_WITHIN_MS).emitWithAck(`task:${action}`, body) as Promise<TaskAnswer>;
  }
}

export async function refusalOf(screens: Screens, auth: object): Promise<unknown> {
  try {
    await StoreScreen.connect(screens, auth);
  } catch (error) {
    return (error as { data?: unknown }).data;
  }
  throw new Error('it was let in');
}
