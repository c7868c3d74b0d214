import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from './auth-decorators.js';
import { bootstrap } from './http.js';
import { serviceConfig } from './testing/service-config.js';

async function serviceWithSlowAnswer() {
  const { config } = await serviceConfig();
  let answer: () => void = () => {};
  let asked: () => void = () => {};
  const wasAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });

  @Public()
  @Controller('api')
  class SlowController {
    /** As one that passes on what another server said, its `connection` too. */
    @Get('slow')
    async slow(@Res() reply: FastifyReply): Promise<void> {
      asked();
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      void reply.header('connection', 'keep-alive').send(Readable.from(['done']));
    }
  }
  const service = await bootstrap({
    name: 'slow',
    description: 'Slow',
    config,
    handleSignals: false,
    build: async () => ({ controllers: [SlowController], providers: [] }),
  });
  return { service, wasAsked, answer: () => answer() };
}

describe('a request that was begun before the stop and is answered after', () => {
  it('is told that its connection ends, whatever the answer itself says of it', async () => {
    const { service, wasAsked, answer } = await serviceWithSlowAnswer();
    const client = connect(Number(new URL(service.address).port), '127.0.0.1');
    client.write('GET /api/slow HTTP/1.1\r\nhost: x\r\n\r\n');
    await wasAsked;
    const stopped = service.lifecycle.stop();
    let said = '';
    client.on('data', (data) => {
      said += data.toString();
    });
    const closed = once(client, 'close');
    answer();
    await closed;
    await stopped;
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
    expect(said.toLowerCase()).toContain('\r\nconnection: close\r\n');
    expect(said).toContain('done');
  });
});
