import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DriverConnection } from './mongo-connections.js';

interface Writing extends DriverConnection {
  readonly description: { compressor?: string };
  command(namespace: { readonly db: string }, command: object, options: object): Promise<unknown>;
}

describe('a connection of the MongoDB driver', () => {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends) end();
  });

  async function connected() {
    const server = createServer();
    const taken = new Promise<Socket>((resolve) => server.once('connection', (socket) => resolve(socket.pause())));
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
    return { connection, socket, taken };
  }

  it('fails a command that was being written when the server went: it once waited for ever', async () => {
    const { connection, socket, taken } = await connected();
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
    (await taken).destroy();
    socket.destroy();
    expect(await outcome).toContain('closed');
  });

  // The address of the database may ask for compression, which lets other work in between.
  it('fails a command that was being compressed when the server went: it once waited for ever', async () => {
    const { connection, socket, taken } = await connected();
    connection.description.compressor = 'zlib';
    const answer = connection.command({ db: 'd' }, { ping: 1, padding: 'x'.repeat(1024 * 1024) }, {});
    const outcome = answer.then(
      () => 'answered',
      (error: Error) => error.message,
    );
    connection.cleanup(new Error('the server went'));
    (await taken).destroy();
    expect(socket.destroyed).toBe(true);
    expect(await outcome).toBe('the server went');
  });
});
