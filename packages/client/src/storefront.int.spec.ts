import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Server, type Socket } from 'socket.io';
import { connectStorefront, type StockView, type StorefrontConnection } from './storefront.js';
import { view } from './testing/scripted-server.js';

let http: HttpServer;
let io: Server;
let url: string;
let tokens: unknown[];
let sinces: unknown[];
let connection: StorefrontConnection | undefined;

async function listen(port = 0): Promise<void> {
  http = createServer();
  io = new Server(http, { transports: ['websocket'] });
  const namespace = io.of('/storefront');
  namespace.use((socket, next) => {
    const { token } = socket.handshake.auth as { token: unknown };
    tokens.push(token);
    if (token === 'bad')
      next(Object.assign(new Error('no'), { data: { type: 'urn:x', title: 'No', status: 401, detail: 'No.' } }));
    else next();
  });
  namespace.on('connection', (socket) => {
    socket.on('subscribe', ({ skus, since }: { skus: string[]; since?: object }, ack: (answer: object) => void) => {
      sinces.push(since);
      ack({ ok: true, epoch: 'e', stock: since ? [] : skus.map((sku) => view(sku, 1)) });
      socket.emit('stock', [view(skus[0]!, 10 + sinces.length)], { seq: 1 });
    });
  });
  await new Promise<void>((resolve) => {
    http.listen(port, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  tokens = [];
  sinces = [];
  await listen();
});
afterEach(async () => {
  connection?.close();
  await io.close();
});

/** Resolves when this version is shown. */
function until(shown: StockView[], version: number, made: StorefrontConnection): Promise<void> {
  return new Promise((resolve) => {
    made.subscribe(['A'], (changes) => {
      shown.push(...changes);
      if (changes.some((change) => change.version === version)) resolve();
    });
  });
}

describe('over a real socket', () => {
  it('shows snapshot and changes, and comes back after the server was gone', async () => {
    connection = connectStorefront({ url, token: () => Promise.resolve('good') });
    const shown: StockView[] = [];
    await until(shown, 11, connection);
    expect(shown.map(({ version }) => version)).toEqual([1, 11]);
    const { port } = http.address() as AddressInfo;
    await io.close();
    await listen(port);
    const again: StockView[] = [];
    await until(again, 12, connection);
    expect(sinces).toEqual([undefined, { A: 11 }]);
    expect(tokens).toEqual(['good', 'good']);
  });

  it('renews a token that expired', async () => {
    let count = 0;
    connection = connectStorefront({ url, token: () => `t${++count}` });
    const shown: StockView[] = [];
    await until(shown, 11, connection);
    const [socket] = (await io.of('/storefront').fetchSockets()) as unknown as Socket[];
    socket!.emit('expired', {});
    socket!.disconnect(true);
    await until(shown, 12, connection);
    expect(tokens).toEqual(['t1', 't2']);
  });

  it('says that a token is refused', async () => {
    connection = connectStorefront({ url, token: 'bad' });
    const made = connection;
    const problem = await new Promise<{ status: number }>((resolve) => made.onProblem(resolve));
    expect([problem.status, made.state]).toEqual([401, 'refused']);
  });
});
