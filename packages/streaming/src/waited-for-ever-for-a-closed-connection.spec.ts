import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DriverConnection } from './mongo-connections.js';

interface Writing extends DriverConnection {
  command(namespace: { readonly db: string }, command: object, options: object): Promise<unknown>;
}

describe('a connection of the MongoDB driver', () => {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends) end();
  });

  it('fails a command that was being written when the server went: it once waited for ever', async () => {
    let taken: Socket | undefined;
    const server = createServer((socket) => {
      taken = socket.pause();
    });
    ends.push(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    ends.push(() => socket.destroy());
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    const connection = new DriverConnection(socket, {
      id: 1,
      generation: 1,
      hostAddress: { toString: () => 'server' },
      monitorCommands: false,
      loadBalanced: false,
    }) as Writing;
    const isWriting = new Promise<void>((resolve) => {
      socket.on('newListener', (name) => {
        if (name === 'drain') resolve();
      });
    });
    // More than the system buffers, and the server reads none of it.
    const answer = connection.command({ db: 'd' }, { ping: 1, padding: 'x'.repeat(12 * 1024 * 1024) }, {});
    const outcome = answer.then(
      () => 'answered',
      (error: Error) => error.message,
    );
    await isWriting;
    taken?.destroy();
    socket.destroy();
    expect(await outcome).toContain('closed');
  });
});
