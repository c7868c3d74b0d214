import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Post } from '@nestjs/common';
import { Public } from './auth-decorators.js';
import { bootstrap, type RunningService } from './http.js';
import { problem } from './problem.js';
import { serviceConfig } from './testing/service-config.js';
import { bodyApart } from './unread-body.js';

const LIMIT_BYTES = 1000;

@Public()
@Controller('api')
class IntakeController {
  @Post('items')
  items(@Body() items: unknown): unknown {
    return { items };
  }
  /** As an upload does it: a pipeline that fails over the body. */
  @Post('files')
  async files(@Body() body: Readable): Promise<void> {
    await pipeline(bodyApart(body), async (chunks: AsyncIterable<Buffer>) => {
      let bytes = 0;
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > LIMIT_BYTES) throw problem(413, 'too-large', 'The file is too large', 'Divide it.');
      }
    });
  }
}

const chunk = Buffer.concat([Buffer.from(`${(4096).toString(16)}\r\n`), Buffer.alloc(4096, 'x'), Buffer.from('\r\n')]);
const head = (path: string, type: string) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`;

describe('a chunked body over the limit, found out before it has arrived', () => {
  let service: RunningService;
  beforeAll(async () => {
    const { config } = await serviceConfig();
    service = await bootstrap({
      name: 'intake',
      description: 'Intake',
      config,
      bodyLimitBytes: LIMIT_BYTES,
      handleSignals: false,
      build: async () => ({
        controllers: [IntakeController],
        providers: [],
        prepare: (app) => {
          const fastify = app.getHttpAdapter().getInstance();
          fastify.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
        },
      }),
    });
  });
  afterAll(() => service.lifecycle.stop());

  const open = async (): Promise<{ socket: Socket; next: (pattern: RegExp) => Promise<string> }> => {
    const socket = connect(Number(new URL(service.address).port), '127.0.0.1');
    await once(socket, 'connect');
    let text = '';
    socket.on('data', (data: Buffer) => {
      text += data.toString();
      socket.emit('more');
    });
    const next = async (pattern: RegExp): Promise<string> => {
      while (!pattern.test(text)) await once(socket, 'more');
      const found = text;
      text = '';
      return found;
    };
    return { socket, next };
  };

  it.each([
    ['JSON', '/api/items', 'application/json'],
    ['a file', '/api/files', 'text/csv'],
  ])(
    '%s: the sender is answered 413, may send on, and its connection is good for the next request',
    async (_, path, type) => {
      const { socket, next } = await open();
      socket.write(head(path, type));
      socket.write(chunk);
      expect(await next(/"status":413/)).toMatch(/^HTTP\/1\.1 413/);
      for (let i = 0; i < 1000; i++) if (!socket.write(chunk)) await once(socket, 'drain');
      socket.write('0\r\n\r\n');
      socket.write(
        'POST /api/items HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 3\r\n\r\n[1]',
      );
      expect(await next(/\{"items":\[1\]\}/)).toMatch(/^HTTP\/1\.1 201/);
      socket.destroy();
    },
  );

  it('is heard by fetch every time', async () => {
    for (let i = 0; i < 30; i++) {
      const body = Readable.from(Array.from({ length: 500 }, () => Buffer.alloc(4096, 'x')));
      const answer = await fetch(`${service.address}/api/items`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: body as unknown as ReadableStream,
        duplex: 'half',
      } as RequestInit);
      expect([answer.status, ((await answer.json()) as { status: number }).status]).toEqual([413, 413]);
    }
  });
});

describe('a body apart', () => {
  it('an-unread-body-ended-the-process: fails with its sender, though nobody reads it', async () => {
    const body = new PassThrough();
    const apart = bodyApart(body);
    // Without a listener of its own the error would be nobody's, which ends a process.
    expect(apart.listenerCount('error')).toBeGreaterThan(0);
    const closed = new Promise((resolve) => apart.once('close', resolve));
    body.destroy(new Error('the sender is gone'));
    await closed;
    expect(apart.errored?.message).toBe('the sender is gone');
  });
});
