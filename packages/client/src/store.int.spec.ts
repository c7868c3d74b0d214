import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Server, type Socket } from 'socket.io';
import { connectStore, type StoreConnection, type StoreTask } from './store.js';
import { task } from './testing/scripted-store.js';

let http: HttpServer;
let io: Server;
let url: string;
let auths: unknown[];
let sockets: Socket[];
let open: StoreTask[];
let pageAcks: unknown[];
let connection: StoreConnection | undefined;

async function listen(port = 0): Promise<void> {
  http = createServer();
  io = new Server(http, { transports: ['websocket'] });
  io.of('/store').on('connection', (socket) => {
    auths.push(socket.handshake.auth);
    sockets.push(socket);
    socket.emit('tasks', { epoch: 'e', store: 'A', page: 1, last: true, tasks: open }, (ack: unknown) =>
      pageAcks.push(ack),
    );
    socket.on('task:accept', ({ taskId, id }: { taskId: string; id: string }, ack: (answer: object) => void) =>
      ack({ ok: true, id, taskId, state: 'ACCEPTED', version: 9 }),
    );
  });
  await new Promise<void>((resolve) => {
    http.listen(port, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  auths = [];
  sockets = [];
  pageAcks = [];
  open = [task('a', 1)];
  await listen();
});
afterEach(async () => {
  connection?.close();
  await io.close();
});

/** Resolves with the open tasks once this is true of them. */
const until = (made: StoreConnection, isTrue: (tasks: readonly StoreTask[]) => boolean) =>
  new Promise<readonly StoreTask[]>((resolve) => {
    made.subscribe((tasks) => {
      if (isTrue(tasks)) resolve(tasks);
    });
  });

describe('a store’s screen over a real socket', () => {
  it('shows the snapshot and acknowledges it and every push, with the version', async () => {
    connection = connectStore({ url, token: () => 't1', store: 'A' });
    await until(connection, (tasks) => tasks.length === 1);
    const shown = until(connection, (tasks) => tasks.length === 2);
    const ack: unknown = await sockets[0]!
      .timeout(5000)
      .emitWithAck('task', { task: task('b', 7), closed: false, version: 7 });
    expect([ack, (await shown).map(({ taskId }) => taskId)]).toEqual([{ version: 7 }, ['a', 'b']]);
    expect([auths, pageAcks]).toEqual([[{ token: 't1', store: 'A' }], [{ page: 1 }]]);
  });

  it('does what it is told and brings the answer', async () => {
    connection = connectStore({ url, token: 't' });
    await until(connection, (tasks) => tasks.length === 1);
    const answer = await connection.accept('a');
    expect(answer).toEqual({
      ok: true,
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      taskId: 'a',
      state: 'ACCEPTED',
      version: 9,
    });
  });

  it('comes back after the server was gone and finds what became of its tasks', async () => {
    const states: string[] = [];
    const heard: number[] = [];
    connection = connectStore({ url, token: 't', onTasks: (tasks) => heard.push(tasks.length) });
    connection.onState((state) => states.push(state));
    await until(connection, (tasks) => tasks.length === 1);
    const { port } = new URL(url);
    await io.close();
    open = [task('b', 2), task('c', 3)];
    await listen(Number(port));
    const after = await until(connection, (tasks) => tasks.length === 2);
    expect(after.map(({ taskId }) => taskId)).toEqual(['b', 'c']);
    expect([states[0], states.includes('waiting'), states.at(-1), heard.at(-1)]).toEqual(['live', true, 'live', 2]);
  });
});
