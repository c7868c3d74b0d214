import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openDatabase } from './mongo-database.js';

// Longer than a test may take: only what openDatabase sets ends the wait.
const HANGS_FOR_MS = 20_000;

let server: Server;
let uri: string;
let isFrozen = false;
const sockets: Socket[] = [];

beforeEach(async () => {
  const real = new URL(process.env['MONGODB_URI']!);
  server = createServer((client) => {
    const upstream = connect(Number(real.port || 27017), real.hostname);
    sockets.push(client, upstream);
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.on('data', (bytes) => void (isFrozen || upstream.write(bytes)));
    upstream.on('data', (bytes) => void (isFrozen || client.write(bytes)));
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  uri = `mongodb://127.0.0.1:${port}/?directConnection=true`;
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

// A database server that is stopped, or a network that is cut without a word, sends nothing and closes nothing.
it(
  'what waits for a frozen database is told so',
  async () => {
    const connection = await openDatabase({ uri, database: 'frozen', appName: 'spec', silentForMs: 500 });
    try {
      await connection.db!.command({ ping: 1 });
      isFrozen = true;
      await expect(connection.db!.command({ ping: 1 })).rejects.toThrow(/timed out/);
    } finally {
      await connection.close(true);
    }
  },
  HANGS_FOR_MS,
);
