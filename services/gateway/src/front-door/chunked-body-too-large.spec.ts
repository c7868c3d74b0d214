import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bootstrap, type RunningService } from '@shelfline/service-kit/http';
import { serviceConfig } from '@shelfline/service-kit/testing/service-config';
import { until } from '@shelfline/streaming/testing/until';
import { openFrontDoor } from './front-door.js';

const MIB = 1024 * 1024;
const LIMIT_BYTES = 5 * MIB;

describe('a chunked body at the front door', () => {
  let upstream: Server;
  let service: RunningService;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  beforeAll(async () => {
    upstream = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const { port } = upstream.address() as { port: number };
    const url = `http://127.0.0.1:${port}`;
    const { config } = await serviceConfig();
    service = await bootstrap({
      name: 'gateway',
      description: 'test',
      config,
      handleSignals: false,
      build: async ({ log }) => ({
        controllers: [],
        providers: [],
        prepare: (app) =>
          openFrontDoor(app, {
            upstreams: { catalog: url, inventory: url, connect: url, orders: url },
            rateLimitPerMinute: 100_000,
            upstreamTimeoutMs: 5000,
            uploadTimeoutMs: 5000,
            log,
          }),
      }),
    });
  });
  afterAll(async () => {
    await service.lifecycle.stop();
    upstream.closeAllConnections();
    upstream.close();
  });

  const post = async (path: string, bytes: number) => {
    const chunks = Array.from({ length: Math.ceil(bytes / 65_536) }, () => Buffer.alloc(65_536, ' '));
    const response = await fetch(service.address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Readable.from(chunks) as unknown as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const wholeBody = (request: IncomingMessage, response: ServerResponse): void => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => response.end(JSON.stringify({ bytes })));
  };

  it('over the limit is 413 with the limit, every time, and never looks like a service that is down', async () => {
    answer = wholeBody;
    for (let i = 0; i < 15; i++)
      expect(await post('/api/inventory/deltas', LIMIT_BYTES + MIB)).toMatchObject({
        status: 413,
        json: { type: 'urn:shelfline:problem:too-large', limitBytes: LIMIT_BYTES },
      });
  });

  it('up to the limit passes whole', async () => {
    answer = wholeBody;
    expect(await post('/api/inventory/deltas', LIMIT_BYTES)).toEqual({ status: 200, json: { bytes: LIMIT_BYTES } });
  });

  it.each(['GET', 'POST'])(
    'an-unread-body-ended-the-process: a %s that ends half-way ends nothing else',
    async (method) => {
      let asked = 0;
      answer = (request, response) => {
        asked++;
        setTimeout(() => response.end('{}'), 200);
        request.resume();
      };
      const { hostname, port } = new URL(service.address);
      for (const path of ['/api/connect/imports?kind=pos-lines', '/api/catalog/products/import']) {
        const before = asked;
        const socket = connect(Number(port), hostname);
        await once(socket, 'connect');
        const type = 'content-type: text/csv\r\ntransfer-encoding: chunked';
        socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\n${type}\r\n\r\n5\r\nabcde\r\n`);
        await until(() => asked > before, 'the service was asked');
        socket.destroy();
        await once(socket, 'close');
      }
      answer = wholeBody;
      expect(await post('/api/inventory/deltas', 1000)).toMatchObject({ status: 200 });
      expect((await fetch(`${service.address}/health/live`)).status).toBe(200);
    },
  );

  it('refused by a service before it was read: the sender gets that answer', async () => {
    answer = (request, response) => {
      request.resume();
      response.writeHead(401, { 'content-type': 'application/problem+json' }).end('{"status":401}');
    };
    for (let i = 0; i < 15; i++)
      expect(await post('/api/connect/imports?kind=counts', 8 * MIB)).toEqual({ status: 401, json: { status: 401 } });
  });
});
