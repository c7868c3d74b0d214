import type { StoreTask } from '@shelfline/contracts/order-view';
import type { TaskPush } from '@shelfline/contracts/store-protocol';
import { RawWebSocket } from '../push/raw-websocket.ts';

const EVENT = /^42\/store,(\d+)(\[.*)$/s;

/** A socket for each store, which acknowledges whatever it is told, as the store's own screen does. */
export class StoreSockets {
  private readonly seen = new Set<string>();
  private readonly onTask: (task: StoreTask, atMs: number) => void;

  private constructor(onTask: (task: StoreTask, atMs: number) => void) {
    this.onTask = onTask;
  }

  /** Resolves once every store has its snapshot. `onTask` hears of each task once, when its store first has it. */
  static async open(
    address: string,
    token: string,
    stores: readonly string[],
    onTask: (task: StoreTask, atMs: number) => void,
  ): Promise<StoreSockets> {
    const sockets = new StoreSockets(onTask);
    const port = Number(new URL(address).port);
    await Promise.all(stores.map((store) => sockets.openOne(port, token, store)));
    return sockets;
  }

  private openOne(port: number, token: string, store: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = new RawWebSocket(port, '/socket.io/?EIO=4&transport=websocket', {
        open: () => {},
        close: () => {},
        text: (payload) => {
          const atMs = performance.now();
          const text = payload.toString();
          if (text === '2') socket.send('3');
          else if (text.startsWith('0')) socket.send(`40/store,${JSON.stringify({ token, store })}`);
          else if (text.startsWith('44')) reject(new Error(`${store} is not let in: ${text}`));
          const [, ack, body] = EVENT.exec(text) ?? [];
          if (body === undefined) return;
          const [event, told] = JSON.parse(body) as ['tasks', { last: boolean }] | ['task', TaskPush];
          if (event === 'tasks') {
            socket.send(`43/store,${ack}[]`);
            if (told.last) resolve();
            return;
          }
          socket.send(`43/store,${ack}[{"version":${told.version}}]`);
          const { task } = told;
          if (task.store !== store) throw new Error(`${store} was told of ${task.taskId}, which is ${task.store}'s`);
          if (this.seen.has(task.taskId)) return;
          this.seen.add(task.taskId);
          this.onTask(task, atMs);
        },
      });
    });
  }
}
