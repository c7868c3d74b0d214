import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

/**
 * mongodb 7.8.0 waits for ever where a connection is closed while a large command is being written: it waits for the
 * socket's `drain`, which a closed one never tells, and nothing else ends that wait. A partition whose look-up or commit
 * it was stood still until the process was started anew. Told that it has drained, the driver looks whether the
 * connection is still there and fails the command as it does any other.
 *
 * Import it wherever a connection is made. The version is pinned exactly.
 */
export interface DriverConnection {
  readonly socket: Socket;
  readonly closed: boolean;
  cleanup(error: Error | null): void;
}

const require = createRequire(import.meta.url);
/** The one that mongoose uses. */
export const { Connection: DriverConnection } = createRequire(require.resolve('mongoose'))(
  'mongodb/lib/cmap/connection.js',
) as { Connection: { new (socket: Socket, options: object): DriverConnection; prototype: DriverConnection } };

const cleanUp = DriverConnection.prototype.cleanup;
DriverConnection.prototype.cleanup = function (this: DriverConnection, error) {
  const { closed, socket } = this;
  cleanUp.call(this, error);
  if (closed) return;
  socket.emit('drain');
  // A command that was being compressed is written only now.
  socket.on('newListener', (name) => {
    if (name === 'drain') process.nextTick(() => socket.emit('drain'));
  });
};
