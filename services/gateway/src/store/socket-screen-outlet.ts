import type { TaskPush, TasksSnapshot } from '@shelfline/contracts/store-protocol';
import type { Socket } from 'socket.io';
import { SocketOutlet } from '../storefront/socket-outlet.js';
import type { ScreenOutlet } from './screen-outlet.js';

/** socket.io keeps what is called on an acknowledgement until it comes: one that comes later than this is not heard. */
const ACKNOWLEDGED_WITHIN_MS = 30_000;

export class SocketScreenOutlet implements ScreenOutlet {
  private readonly connection: SocketOutlet;

  constructor(private readonly socket: Socket) {
    this.connection = new SocketOutlet(socket);
  }

  bufferedBytes(): number {
    return this.connection.bufferedBytes();
  }
  sendTask(push: TaskPush, onAck: (body: unknown) => void): void {
    this.send('task', push, onAck);
  }
  sendPage(page: TasksSnapshot, onAck: () => void): void {
    this.send('tasks', page, onAck);
  }

  private send(event: string, body: object, onAck: (body: unknown) => void): void {
    this.socket.timeout(ACKNOWLEDGED_WITHIN_MS).emit(event, body, (missing: Error | null, answer: unknown) => {
      if (!missing) onAck(answer);
    });
  }
}
