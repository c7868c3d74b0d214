import { connect, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnreliableProxy } from './unreliable-proxy.ts';

/** Sends one request over a connection of its own; answers all that came back until it was closed. */
function ask(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(text));
    socket.on('data', (data) => {
      heard += data.toString();
      if (heard === text.toUpperCase()) socket.end();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(heard));
  });
}

describe('the unreliable proxy', () => {
  let server: Server;
  let proxy: UnreliableProxy;
  let port: number;
  let received: string[];

  beforeEach(async () => {
    received = [];
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        received.push(data.toString());
        socket.write(data.toString().toUpperCase());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = new UnreliableProxy({ host: '127.0.0.1', port: (server.address() as { port: number }).port });
    port = await proxy.listen();
  });
  afterEach(async () => {
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('passes everything on as long as nothing is armed', async () => {
    expect(await ask(port, 'commit')).toBe('COMMIT');
  });

  it('drops the reply after the server has acted, and then serves the next connection', async () => {
    proxy.arm('drop-reply');
    expect(await ask(port, 'commit')).toBe('');
    expect(received).toEqual(['commit']);
    expect(await ask(port, 'again')).toBe('AGAIN');
    expect(proxy.done).toEqual(new Map([['drop-reply', 1]]));
  });

  it('lets half of a request, or half of a reply, through', async () => {
    proxy.arm('cut-request');
    expect(await ask(port, 'commit')).not.toBe('COMMIT');
    expect(received.join('')).not.toContain('commit');
    proxy.arm('cut-reply');
    expect(await ask(port, 'commit')).toBe('COM');
  });

  it('delays without losing anything', async () => {
    proxy.arm('delay', 30);
    const startedMs = performance.now();
    expect(await ask(port, 'commit')).toBe('COMMIT');
    expect(performance.now() - startedMs).toBeGreaterThan(28);
  });
});
